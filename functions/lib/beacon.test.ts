/** What a record of the input stream is taken for. Does not prove that the front door writes such records (local/ does). */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readBeacon } from "./beacon";

const beacon = (fields: object): string => JSON.stringify({ browseraction: "Click", site: "shop.example", ...fields });

describe("A record of the input stream", () => {
  it("is accepted with its action, site and identity", () => {
    assert.deepEqual(readBeacon(beacon({ id: "b1", time: 1 })), {
      kind: "accepted",
      value: { action: "Click", site: "shop.example", id: "b1" },
    });
    assert.deepEqual(readBeacon(beacon({ browseraction: "Impression" })), {
      kind: "accepted",
      value: { action: "Impression", site: "shop.example", id: undefined },
    });
  });

  it("is ignored when it only shows a schema", () => {
    assert.deepEqual(readBeacon(beacon({ browseraction: "DiscoveryKinesisTest" })), {
      kind: "ignored",
      code: "schema-discovery",
    });
  });

  const rejections = [
    ["not-json", "{"],
    ["not-json", ""],
    ["not-an-object", "[]"],
    ["not-an-object", "null"],
    ["not-an-object", '"Click"'],
    ["unknown-action", beacon({ browseraction: "click" })],
    ["unknown-action", beacon({ browseraction: undefined })],
    ["no-site", beacon({ site: "" })],
    ["no-site", beacon({ site: 7 })],
    ["no-site", beacon({ site: "x".repeat(257) })],
    ["bad-id", beacon({ id: "" })],
    ["bad-id", beacon({ id: 5 })],
  ] as const;
  for (const [code, data] of rejections) {
    it(`is rejected as ${code}: ${data.slice(0, 60)}`, () => {
      const outcome = readBeacon(data);
      assert.equal(outcome.kind === "rejected" && outcome.code, code);
    });
  }

  it("always ends in exactly one outcome, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (data) => {
        assert.ok(["accepted", "rejected", "ignored"].includes(readBeacon(data).kind));
      }),
    );
  });
});
