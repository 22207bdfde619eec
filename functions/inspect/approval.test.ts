/**
 * Approvals clear what they name of the very change they were given for, until they expire, and nothing else.
 * Does not prove who wrote an approval: an artefact carries a name, and whoever keeps it must vouch for that name.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Approval } from "./approval";
import { added, inspectSet, removed } from "./corpus/factories";
import { DEFAULT_POLICY } from "./guard-policy";
import { judge, type Verdict } from "./judge";

const NOW = Date.parse("2026-05-04T12:00:00Z");
const change = inspectSet([
  removed("Table", "AWS::DynamoDB::Table"),
  removed("Queue", "AWS::SQS::Queue"),
  added("Topic", "AWS::SNS::Topic"),
]);
const ALL = judge(change).findings.map(({ id }) => id);

const approval: Approval = {
  version: 1,
  digest: change.digest,
  findings: ALL,
  reason: "both moved to the other account",
  approver: "ana",
  expires: "2026-05-05T12:00:00+02:00",
};

const submit = (artefact: unknown, now = NOW): Verdict => judge(change, DEFAULT_POLICY, { artefact, now });

describe("an approval", () => {
  it("that names every finding of this change makes it safe, and says by whom", () => {
    const verdict = submit(approval);
    assert.equal(verdict.verdict, "safe");
    assert.deepEqual(verdict.findings, []);
    assert.deepEqual(
      verdict.approved.map(({ id }) => id),
      ALL,
    );
    assert.equal(verdict.approval?.state, "accepted");
  });

  const void_: readonly [name: string, artefact: unknown, reason: RegExp][] = [
    ["is for another change", { ...approval, digest: `sha256:${"0".repeat(64)}` }, /look at the change again/],
    ["has expired", { ...approval, expires: "2026-05-04T12:00:00Z" }, /expired at 2026-05-04T12:00:00Z/],
    [
      "names a finding that is none",
      { ...approval, findings: [...ALL, "delete:Bucket"] },
      /does not have: "delete:Bucket"/,
    ],
    ["has no findings", { ...approval, findings: [] }, /^findings: /],
    ["has no reason", { ...approval, reason: " " }, /^reason: must not be blank/],
    ["has no approver", { ...approval, approver: undefined }, /^approver: /],
    ["has no end", { ...approval, expires: undefined }, /^expires: /],
    ["ends on a day without a zone", { ...approval, expires: "2026-05-05T12:00:00" }, /^expires: /],
    ["has a digest of another form", { ...approval, digest: "latest" }, /^digest: /],
    ["is of another version", { ...approval, version: 2 }, /^version: /],
    ["carries more than an approval", { ...approval, force: true }, /force/],
    ["is text", "yes", /the approval: /],
    ["is nothing", null, /the approval: /],
  ];
  for (const [name, artefact, reason] of void_) {
    it(`is void when it ${name}`, () => {
      const verdict = submit(artefact);
      assert.equal(verdict.verdict, "refused");
      assert.deepEqual(
        verdict.findings.map(({ id }) => id),
        ALL,
      );
      assert.ok(verdict.approval?.state === "void");
      assert.match(verdict.approval.reason, reason);
    });
  }

  it("cannot accept what is unknown", () => {
    const unclear = inspectSet([{ ...removed("Table", "AWS::DynamoDB::Table"), Action: "Dynamic" }]);
    const { findings, digest } = judge(unclear);
    const artefact = { ...approval, digest, findings: findings.map(({ id }) => id) };
    const verdict = judge(unclear, DEFAULT_POLICY, { artefact, now: NOW });
    assert.equal(verdict.verdict, "refused");
    assert.ok(verdict.approval?.state === "void");
    assert.match(verdict.approval.reason, /accepts what is unknown/);
  });

  it("clears exactly the findings it names", () => {
    const property = fc.property(fc.subarray(ALL, { minLength: 1 }), (findings) => {
      const verdict = submit({ ...approval, findings });
      assert.deepEqual(verdict.approved.map(({ id }) => id).sort(), [...findings].sort());
      assert.equal(verdict.verdict, findings.length === ALL.length ? "safe" : "refused");
      assert.equal(verdict.findings.length + verdict.approved.length, ALL.length);
    });
    fc.assert(property);
  });

  it("holds before its end, and not from then on", () => {
    const end = Date.parse(approval.expires);
    const property = fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (offset) => {
      assert.equal(submit(approval, end + offset).verdict, offset < 0 ? "safe" : "refused");
    });
    fc.assert(property);
  });

  it("of any other shape is void, and never an error", () => {
    const property = fc.property(fc.jsonValue(), (artefact) => {
      assert.equal(submit(artefact).verdict, "refused");
    });
    fc.assert(property);
  });
});
