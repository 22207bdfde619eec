/**
 * The labelled corpus: no destructive change passes, and at most one safe change in twenty is refused.
 * Does not prove anything about changes of other kinds; the shapes are those that the engines document, not recordings of
 * every engine version.
 */
import assert from "node:assert/strict";
import { judge, type Verdict } from "../judge";
import { readChangeSet } from "../cloudformation/read-change-set";
import { readPreview } from "../pulumi/read-preview";
import { changeSetCases, type CorpusCase, eventsOf, previewCases } from "./corpus";

interface Judged extends CorpusCase {
  readonly kind: string;
  readonly verdict: Verdict;
}

function judgeCorpus(): Judged[] {
  return [
    ...changeSetCases().map(({ pages, ...each }) => ({
      ...each,
      kind: "change set",
      verdict: judge(readChangeSet(pages)),
    })),
    ...previewCases().flatMap(({ preview, ...each }) => [
      { ...each, kind: "preview", verdict: judge(readPreview(JSON.stringify(preview))) },
      { ...each, kind: "event stream", verdict: judge(readPreview(eventsOf(preview))) },
    ]),
  ];
}

describe("the labelled corpus", () => {
  const judged = judgeCorpus();
  const safe = judged.filter(({ label }) => label === "safe");

  it("has at least 120 changes, and no two of one name", () => {
    const names = [...changeSetCases(), ...previewCases()].map(
      ({ name }, index) => `${name} ${index < 139 ? "cfn" : ""}`,
    );
    assert.ok(names.length >= 120, `${names.length} changes`);
    assert.equal(new Set(names).size, names.length);
  });

  for (const { kind, name, finding, verdict } of judged.filter(({ label }) => label === "destructive")) {
    it(`refuses the ${kind} in which ${name}`, () => {
      assert.equal(verdict.verdict, "refused");
      const found = verdict.findings.map(({ change }) => change);
      assert.ok(found.includes(finding as never), `expected ${finding}, found ${found.join(", ")}`);
    });
  }

  for (const { kind, name, finding, verdict } of safe) {
    it(`${finding === undefined ? "lets" : "wrongly refuses"} the ${kind} in which ${name}${finding === undefined ? " pass" : ""}`, () => {
      const found = verdict.findings.map(({ change }) => change);
      assert.deepEqual([...new Set(found)], finding === undefined ? [] : [finding], JSON.stringify(verdict.findings));
    });
  }

  it("refuses at most one safe change in twenty", () => {
    const refused = safe.filter(({ verdict }) => verdict.verdict === "refused");
    assert.ok(refused.length * 20 <= safe.length, `${refused.length} of ${safe.length}`);
  });
});
