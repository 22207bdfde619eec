/**
 * Event patterns against events, after the examples of the EventBridge user guide.
 * Does not prove: that EventBridge reads every pattern alike.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePattern } from "./pattern";

const EVENT = {
  source: "clickstream.release",
  "detail-type": "Release Finished",
  resources: ["arn:a", "arn:b"],
  detail: {
    state: "succeeded",
    attempts: 3,
    dry: false,
    stage: { name: "prod" },
    approver: null,
    steps: [{ name: "inspect" }, { name: "execute" }],
  },
};

const CASES: readonly (readonly [pattern: object, matches: boolean])[] = [
  [{ source: ["clickstream.release"] }, true],
  [{ source: ["other", "clickstream.release"] }, true],
  [{ source: ["other"] }, false],
  [{ source: ["clickstream.release"], "detail-type": ["Release Begun"] }, false],
  [{ resources: ["arn:b"] }, true],
  [{ resources: ["arn:c"] }, false],
  [{ detail: { stage: { name: ["prod"] } } }, true],
  [{ detail: { stage: { name: ["dev"] } } }, false],
  [{ detail: { steps: { name: ["execute"] } } }, true],
  [{ detail: { attempts: [3] } }, true],
  [{ detail: { attempts: ["3"] } }, false],
  [{ detail: { dry: [false] } }, true],
  [{ detail: { approver: [null] } }, true],
  [{ source: [{ prefix: "clickstream." }] }, true],
  [{ source: [{ prefix: "aws." }] }, false],
  [{ detail: { state: [{ "anything-but": "failed" }] } }, true],
  [{ detail: { state: [{ "anything-but": ["failed", "succeeded"] }] } }, false],
  [{ detail: { state: [{ "anything-but": { prefix: "succ" } }] } }, false],
  [{ detail: { absent: [{ "anything-but": "failed" }] } }, false],
  [{ detail: { attempts: [{ numeric: [">", 0, "<=", 3] }] } }, true],
  [{ detail: { attempts: [{ numeric: ["=", 4] }] } }, false],
  [{ detail: { state: [{ numeric: [">", 0] }] } }, false],
  [{ detail: { state: [{ exists: true }] } }, true],
  [{ detail: { absent: [{ exists: false }] } }, true],
  [{ detail: { state: [{ exists: false }] } }, false],
  [{ detail: { constructor: [{ exists: true }] } }, false],
  [{ detail: { absent: { deeper: [{ exists: false }] } } }, true],
  [{ detail: { state: ["failed", { prefix: "succ" }] } }, true],
];

describe("An event pattern", () => {
  for (const [pattern, matches] of CASES) {
    it(`${JSON.stringify(pattern)} ${matches ? "matches" : "does not match"} the event`, () =>
      assert.equal(parsePattern(JSON.stringify(pattern))(EVENT), matches));
  }

  for (const text of [
    "not JSON",
    "[]",
    '{"source": "text"}',
    '{"source": []}',
    '{"source": [{"suffix": ".png"}]}',
    '{"source": [{"prefix": 1}]}',
    '{"source": [{"exists": "yes"}]}',
    '{"source": [{"numeric": [">"]}]}',
    '{"source": [{"numeric": []}]}',
    '{"source": [{"anything-but": []}]}',
    '{"source": [{"anything-but": {"suffix": "x"}}]}',
    '{"source": [["a"]]}',
    '{"source": [{"prefix": "a", "exists": true}]}',
    '{"$or": [{"source": ["a"]}]}',
  ]) {
    it(`${text} is refused`, () =>
      assert.throws(() => parsePattern(text), { name: "StageError", message: /allowed: / }));
  }

  it("matches an event whose every leaf it names", () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.string().filter((each) => !each.startsWith("$") && each !== "__proto__");
    const { event } = fc.letrec((tie) => ({
      event: fc.dictionary(name, fc.oneof(leaf, tie("event")), { minKeys: 1, noNullPrototype: true }),
    }));
    const patternOf = (value: unknown): unknown =>
      typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, patternOf(each)]))
        : [value];
    fc.assert(fc.property(event, (given) => assert.ok(parsePattern(JSON.stringify(patternOf(given)))(given))));
  });
});
