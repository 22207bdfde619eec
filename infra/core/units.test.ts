/** Durations and sizes. Does not prove that a component uses the right one. */
import assert from "node:assert/strict";
import { bytes, days, hours, mebibytes, milliseconds, parseDuration, seconds } from "./units";

describe("A duration", () => {
  it("reads as people write it", () => {
    assert.equal(seconds("10 seconds"), 10);
    assert.equal(seconds("1 minute"), 60);
    assert.equal(milliseconds("1.5 hours"), 5_400_000);
    assert.equal(hours("7 days"), 168);
    assert.equal(days("48 hours"), 2);
    assert.equal(parseDuration("1 week"), undefined);
    assert.equal(parseDuration("-1 seconds"), undefined);
  });

  it("is refused where whole units are needed", () => {
    assert.throws(() => hours("90 minutes"), /"90 minutes" is not a whole number of hours/);
    assert.throws(
      () => seconds("ten seconds" as never),
      /a duration reads "10 seconds" or "7 days", got "ten seconds"/,
    );
  });
});

describe("A size", () => {
  it("reads as people write it", () => {
    assert.equal(bytes("2 KiB"), 2048);
    assert.equal(mebibytes("50 MiB"), 50);
    assert.throws(() => mebibytes("1 KiB"), /not a whole number of MiB/);
    assert.throws(() => bytes("5 MB" as never), /a size reads "50 MiB", got "5 MB"/);
  });
});
