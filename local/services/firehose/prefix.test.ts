/**
 * Prefixes of delivered objects and the date patterns in them.
 * Does not prove: patterns of Java that are text (names of months and days), which are refused.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { StageError } from "../../diagnostics";
import { compileDatePattern } from "./date-pattern";
import { compileErrorPrefix, compilePrefix, suffixOf } from "./prefix";

const oldest = Date.UTC(2026, 0, 5, 7, 8, 9, 45);
const delivery = { oldest, id: "a batch" };

function refuses(action: () => unknown, reason: RegExp): void {
  assert.throws(action, (error) => error instanceof StageError && reason.test(error.message));
}

describe("A date pattern", () => {
  it("writes what Java writes", () => {
    const written = (pattern: string) => compileDatePattern(pattern)(new Date(oldest));
    assert.equal(written("yyyy/MM/dd/HH"), "2026/01/05/07");
    assert.equal(written("yy-M-d H:m:s"), "26-1-5 7:8:9");
    assert.equal(written("uuuu-DDD"), "2026-005");
    assert.equal(written("y.D"), "2026.5");
    assert.equal(written("mm:ss.S SS SSS SSSSSS"), "08:09.0 04 045 045000");
    assert.equal(written("'year='yyyy''''"), "year=2026'");
    assert.equal(written("yyyy'T'''HH"), "2026T'07");
    assert.equal(compileDatePattern("DDD")(new Date(Date.UTC(2024, 11, 31))), "366");
  });

  it("agrees with the ISO form for any instant", () => {
    const write = compileDatePattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(Date.UTC(9999, 11, 31)), noInvalidDate: true }), (time) => {
        assert.equal(write(time), time.toISOString());
      }),
    );
  });

  it("is refused where it is text, or nothing Java knows", () => {
    for (const pattern of ["MMM", "EEE", "hh a", "YYYY", "'open", "[yyyy]", "yyyyy", "#"]) {
      refuses(() => compileDatePattern(pattern), /is not understood/);
    }
  });
});

describe("A prefix", () => {
  it("is evaluated for the oldest record of the batch", () => {
    const prefix = compilePrefix("a/year=!{timestamp:yyyy}/!{timestamp:MM-dd}/hour=!{timestamp:HH}/");
    assert.equal(prefix(delivery), "a/year=2026/01-05/hour=07/");
  });

  it("gets the default time where it says nothing of time", () => {
    assert.equal(compilePrefix("")(delivery), "2026/01/05/07/");
    assert.equal(compilePrefix("in/")(delivery), "in/2026/01/05/07/");
  });

  it("has random strings that differ in one name, and are the same for the same records", () => {
    const prefix = compilePrefix("!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}");
    const [first, second] = prefix(delivery).split("/");
    assert.match(`${first}${second}`, /^[0-9a-f]{22}$/);
    assert.notEqual(first, second);
    assert.equal(prefix(delivery), prefix({ ...delivery }));
    assert.notEqual(prefix(delivery), prefix({ ...delivery, id: "another" }));
  });

  it("of failures names why", () => {
    const failed = { ...delivery, errorType: "s3-failed" };
    assert.equal(
      compileErrorPrefix("e/!{firehose:error-output-type}/!{timestamp:HH}/", "x")(failed),
      "e/s3-failed/07/",
    );
    assert.equal(compileErrorPrefix(undefined, "in/")(failed), "in/s3-failed/2026/01/05/07/");
    assert.equal(compileErrorPrefix("e/", "in/")(failed), "e/2026/01/05/07/");
  });

  it("is refused where AWS would refuse it, or the stage does not follow", () => {
    refuses(() => compilePrefix("!{firehose:error-output-type}/"), /has no place in prefix/);
    refuses(() => compilePrefix("!{partitionKeyFromQuery:site}/"), /is not understood/);
    refuses(() => compilePrefix("!{timestamp:yyyy"), /does not end/);
    refuses(() => compileErrorPrefix(undefined, "!{timestamp:yyyy}/"), /errorOutputPrefix must be given/);
    refuses(() => compileErrorPrefix("e/!{timestamp:yyyy}/", ""), /must have !\{firehose:error-output-type\}/);
  });

  it("is followed by a suffix that is the same for the same records only", () => {
    const suffix = suffixOf("raw", delivery, ".gz");
    assert.match(
      suffix,
      /^raw-1-2026-01-05-07-08-09-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.gz$/,
    );
    assert.equal(suffixOf("raw", { ...delivery }, ".gz"), suffix);
    assert.notEqual(suffixOf("raw", { ...delivery, id: "another" }, ".gz"), suffix);
  });
});
