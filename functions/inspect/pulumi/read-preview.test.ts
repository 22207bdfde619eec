/**
 * Previews as documents and as streams.
 * Does not prove that a newer engine writes nothing else; what it writes beyond this is refused.
 */
import assert from "node:assert/strict";
import { eventsOf, type Fields, previewOf } from "../corpus/corpus";
import { findingsOf, inspectPreview, reasonOf, state, step } from "../corpus/factories";
import { judge } from "../judge";
import { readPreview } from "./read-preview";

const TABLE = "aws:dynamodb/table:Table";
const created = step("create", undefined, state(TABLE, "t"));

const refusal = (text: string): string => {
  try {
    readPreview(text);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return "accepted";
};

describe("a preview", () => {
  it("is read as a document, in one line or in many, and as a stream", () => {
    const preview = previewOf([created]);
    for (const text of [JSON.stringify(preview), JSON.stringify(preview, undefined, 4), eventsOf(preview)]) {
      const change = readPreview(text);
      assert.equal(change.subject, "clickstream/prod");
      assert.deepEqual(findingsOf(change), []);
    }
  });

  const refused: readonly [name: string, text: string, message: RegExp][] = [
    ["is empty", " \n", /got nothing, allowed a preview document/],
    ["is no JSON", "Previewing update (prod)", /no JSON .*record it again/],
    ["is another document", '{"resources":[]}', /an object with resources, allowed an object with steps/],
    ["is a list", "[]", /a list of 0/],
    ["has steps that are none", '{"steps":[{"op":1}],"changeSummary":{}}', /preview: steps\.0\.op: got 1/],
    [
      "names no resource",
      '{"steps":[{"op":"same","urn":"table"}],"changeSummary":{}}',
      /urn: got "table", allowed urn:pulumi:/,
    ],
    [
      "is of two stacks",
      JSON.stringify(previewOf([{ op: "create", urn: "urn:pulumi:dev::clickstream::a:b:C::d" }])),
      /steps of clickstream\/prod, clickstream\/dev/,
    ],
    [
      "has a line that is cut off",
      `${eventsOf(previewOf([]))}\n{"sequence":99,"resourcePre`,
      /line \d+: got .*allowed one whole event per line/,
    ],
    [
      "has two summaries",
      '{"sequence":1,"summaryEvent":{}}\n{"sequence":2,"summaryEvent":{}}',
      /2 summaries, allowed one preview/,
    ],
    [
      "has two events of one number",
      '{"sequence":1,"cancelEvent":{}}\n{"sequence":1,"preludeEvent":{}}',
      /two events of number 1/,
    ],
  ];
  for (const [name, text, message] of refused) {
    it(`is refused when it ${name}`, () => {
      assert.match(refusal(text), message);
      assert.match(refusal(text), /^ChangeInputError: /);
    });
  }

  it("is refused when it nests deeper than any real one", () => {
    const deep = `${"[".repeat(5_000)}${"]".repeat(5_000)}`;
    const text = JSON.stringify(previewOf([created])).replace('"inputs":{}', `"inputs":{"a":${deep}}`);
    assert.match(refusal(text), /nested 200 levels deep/);
  });

  const doubted: readonly [name: string, document: Fields, reason: RegExp][] = [
    ["failed", { diagnostics: [{ severity: "error", message: "boom" }] }, /the preview failed: "boom"/],
    ["has a state that is perhaps corrupt", { maybeCorrupt: true }, /perhaps corrupt/],
    ["has no summary", { changeSummary: {} }, /did not come to its end/],
    ["hides deletions", { changeSummary: { create: 1, delete: 2 } }, /2 of 2 delete steps are not in the preview/],
    ["carries fields nobody knows", { dryRunOf: "x" }, /unknown fields: dryRunOf/],
  ];
  for (const [name, document, reason] of doubted) {
    it(`is unknown when it ${name}`, () => {
      assert.match(reasonOf(inspectPreview([created], document)).reason, reason);
    });
  }

  const events: readonly [name: string, event: Fields, reason: RegExp][] = [
    ["an error of the engine", { errorEvent: { error: "panic" } }, /the preview failed: "panic"/],
    [
      "a policy that must hold",
      { policyEvent: { policyName: "p", message: "m", enforcementLevel: "mandatory" } },
      /policy p: m/,
    ],
    ["an operation that failed", { resOpFailedEvent: { metadata: { urn: "u" } } }, /an operation on u failed/],
    ["an event nobody knows", { rollbackEvent: {} }, /unknown kind: rollbackEvent/],
    ["an event of two kinds", { cancelEvent: {}, preludeEvent: {} }, /2 kinds/],
  ];
  for (const [name, event, reason] of events) {
    it(`is unknown when its stream has ${name}`, () => {
      const text = `${eventsOf(previewOf([created]))}\n${JSON.stringify({ sequence: 1_000, ...event })}`;
      assert.match(reasonOf(readPreview(text)).reason, reason);
    });
  }

  it("is unknown when the stream is of an update that has run", () => {
    const text = eventsOf(previewOf([created])).replace('"isPreview":true', '"isPreview":false');
    assert.match(reasonOf(readPreview(text)).reason, /an update that has run/);
  });

  it("does not mind warnings, advice of policies, gaps in the numbers and the order of lines", () => {
    const more = [
      { sequence: 2_000, diagnosticEvent: { severity: "warning", message: "old" } },
      { sequence: 2_007, policyEvent: { policyName: "p", message: "m", enforcementLevel: "advisory" } },
      { sequence: 2_009, progressEvent: { type: "plugin-download" } },
    ];
    const lines = [...more.map((event) => JSON.stringify(event)), ...eventsOf(previewOf([created])).split("\n")];
    const change = readPreview(lines.join("\n"));
    assert.deepEqual(findingsOf(change), []);
    assert.equal(change.digest, readPreview([...lines].reverse().join("\n")).digest);
  });

  it("tells components, which hold nothing, from resources that merely leave out what is false", () => {
    const component = state("app:index:Group", "g", {}, { custom: false, id: undefined });
    assert.deepEqual(findingsOf(inspectPreview([step("delete", component, undefined)])), []);
    const stream = (fields: Fields): string[] =>
      judge(readPreview(eventsOf(previewOf([step("delete", { ...component, ...fields }, undefined)])))).findings.map(
        ({ change }) => change,
      );
    assert.deepEqual(stream({}), []);
    assert.deepEqual(stream({ id: "g-1" }), ["delete"]);
    assert.deepEqual(stream({ provider: "urn:pulumi:prod::clickstream::pulumi:providers:x::y::z" }), ["delete"]);
    const bare = { ...state(TABLE, "t"), custom: undefined, id: undefined };
    assert.deepEqual(findingsOf(inspectPreview([step("delete", bare, undefined)])), ["delete t"]);
    assert.deepEqual(findingsOf(readPreview(eventsOf(previewOf([step("delete", bare, undefined)])))), ["delete t"]);
  });
});
