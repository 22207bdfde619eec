/**
 * Metrics in log lines, by the facts of the specification.
 * Does not prove: what CloudWatch does with lines that break the format in ways its specification leaves open.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { readEmbeddedMetrics } from "./embedded-metrics";

const NOW = Date.UTC(2026, 0, 5, 10);

const line = (directive: object, members: object, time = NOW): string =>
  JSON.stringify({ _aws: { Timestamp: time, CloudWatchMetrics: [directive] }, ...members });

const rate = { Namespace: "Shop", Dimensions: [["Site"]], Metrics: [{ Name: "Rate", Unit: "Percent" }] };

describe("Embedded metrics", () => {
  it("yield one measurement per metric, set of dimensions and value", () => {
    const directive = {
      Namespace: "Shop",
      Dimensions: [["Site"], ["Site", "Page"], []],
      Metrics: [{ Name: "Rate" }, { Name: "Delay", Unit: "Milliseconds", StorageResolution: 1 }],
    };
    const text = line(directive, { Site: "a", Page: "/", Rate: 3, Delay: [1, 2] }, NOW - 5);
    const { measurements, fault } = readEmbeddedMetrics(text, NOW);
    assert.equal(fault, undefined);
    const expected = [{ Site: "a" }, { Site: "a", Page: "/" }, {}].flatMap((dimensions) =>
      [
        { name: "Rate", value: 3 },
        { name: "Delay", value: 1 },
        { name: "Delay", value: 2 },
      ].map((each) => ({ namespace: "Shop", dimensions, time: NOW - 5, ...each })),
    );
    assert.deepEqual(measurements, expected);
  });

  it("take the empty set of dimensions where a directive names none", () => {
    const { measurements } = readEmbeddedMetrics(line({ ...rate, Dimensions: [] }, { Rate: 1 }), NOW);
    assert.deepEqual(
      measurements.map(({ dimensions }) => dimensions),
      [{}],
    );
  });

  for (const [what, text] of [
    ["plain text", "hello"],
    ["JSON without metadata", JSON.stringify({ Rate: 1 })],
    ["metadata without directives", JSON.stringify({ _aws: { Timestamp: NOW } })],
  ] as const) {
    it(`are none in ${what}, which is no fault`, () =>
      assert.deepEqual(readEmbeddedMetrics(text, NOW), { measurements: [] }));
  }

  for (const [what, text, fault] of [
    ["cut short", line(rate, { Site: "a", Rate: 1 }).slice(0, -1), "EMFParsingErrors"],
    ["without a namespace", line({ ...rate, Namespace: undefined }, { Site: "a", Rate: 1 }), "EMFParsingErrors"],
    ["with a timestamp in text", line(rate, { Site: "a", Rate: 1 }).replace(String(NOW), '"now"'), "EMFParsingErrors"],
    ["without the metric's member", line(rate, { Site: "a" }), "EMFValidationErrors"],
    ["with a metric that is text", line(rate, { Site: "a", Rate: "1" }), "EMFValidationErrors"],
    ["without the dimension's member", line(rate, { Rate: 1 }), "EMFValidationErrors"],
    ["three weeks old", line(rate, { Site: "a", Rate: 1 }, NOW - 21 * 86_400_000), "EMFValidationErrors"],
    ["three hours ahead", line(rate, { Site: "a", Rate: 1 }, NOW + 3 * 3_600_000), "EMFValidationErrors"],
    ["with 101 values", line(rate, { Site: "a", Rate: Array<number>(101).fill(1) }), "EMFValidationErrors"],
  ] as const) {
    it(`are none in a line ${what}, which counts as ${fault}`, () =>
      assert.deepEqual(readEmbeddedMetrics(text, NOW), { measurements: [], fault }));
  }

  it("are read from any line without an error", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (directive, value) => {
        const text = JSON.stringify({ _aws: { Timestamp: NOW, CloudWatchMetrics: [directive] }, Rate: value });
        assert.ok(Array.isArray(readEmbeddedMetrics(text, NOW).measurements));
      }),
    );
  });
});
