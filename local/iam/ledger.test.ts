/**
 * The ledger: grants, use, denials, merging and the report. Does not prove that a run exercised everything; unused
 * means unused in the runs that were merged.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { AuthorizationRequest } from "./decision";
import { parseDocument } from "./document";
import { evaluate } from "./evaluate";
import { Ledger } from "./ledger";
import { roleSession } from "./principal";
import { compileDocument, type SourcedDocument } from "./statement";

const STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks";
const principal = roleSession("arn:aws:iam::123456789012:role/writer", "run");
const ROLE = "urn:writer";

function documentOf(source = "writer / inline"): SourcedDocument {
  const statements = [
    { Sid: "Put", Effect: "Allow", Action: ["kinesis:PutRecord", "kinesis:PutRecords"], Resource: STREAM },
    { Effect: "Allow", Action: "s3:*", Resource: ["arn:aws:s3:::b/*", "arn:aws:s3:::a/*"] },
    { Sid: "Stop", Effect: "Deny", Action: "s3:DeleteObject", Resource: "*" },
    { Sid: "Rest", Effect: "Allow", NotAction: ["s3:*", "kinesis:*"], Resource: "*" },
  ];
  return compileDocument(source, parseDocument({ Version: "2012-10-17", Statement: statements }, "identity"));
}

function call(ledger: Ledger, document: SourcedDocument, action: string, resource: string): void {
  const request: AuthorizationRequest = { principal, action, resource };
  const decision = evaluate(request, { identity: [document] });
  if (decision.allowed) ledger.use(decision);
  else ledger.deny(ROLE, request, decision);
}

function record(...calls: readonly (readonly [action: string, resource: string])[]): Ledger {
  const ledger = new Ledger();
  const document = documentOf();
  ledger.grant("roles", ROLE, document, new Map([["Put", "puts collected events"]]));
  for (const [action, resource] of calls) call(ledger, document, action, resource);
  return ledger;
}

const put = { resource: STREAM, statement: "writer / inline: Put", reason: "puts collected events" };
const grants = {
  rest: { action: "NotAction: s3:*, kinesis:*", resource: "*", statement: "writer / inline: Rest" },
  putRecord: { action: "kinesis:PutRecord", ...put },
  putRecords: { action: "kinesis:PutRecords", ...put },
  a: { action: "s3:*", resource: "arn:aws:s3:::a/*", statement: "writer / inline: #1" },
  b: { action: "s3:*", resource: "arn:aws:s3:::b/*", statement: "writer / inline: #1" },
};

describe("the ledger", () => {
  it("starts with everything granted and nothing used", () => {
    const all = [grants.rest, grants.putRecord, grants.putRecords, grants.a, grants.b];
    assert.deepEqual(record().report(), {
      roles: [{ role: ROLE, granted: all, used: [], unused: all, denied: [] }],
      resources: [],
    });
  });

  it("marks what a call used and counts what was refused", () => {
    const ledger = record(
      ["kinesis:PutRecord", STREAM],
      ["s3:GetObject", "arn:aws:s3:::a/1"],
      ["s3:PutObject", "arn:aws:s3:::a/2"],
      ["s3:DeleteObject", "arn:aws:s3:::a/2"],
      ["kinesis:GetRecords", STREAM],
      ["kinesis:GetRecords", STREAM],
    );
    const who = `User: ${principal.arn} is not authorized to perform:`;
    const [role] = ledger.report().roles;
    assert.deepEqual(role?.used, [grants.putRecord, grants.a]);
    assert.deepEqual(role.unused, [grants.rest, grants.putRecords, grants.b]);
    assert.deepEqual(role.denied, [
      {
        action: "kinesis:GetRecords",
        resource: STREAM,
        message: `${who} kinesis:GetRecords on resource: ${STREAM} because no identity-based policy allows the kinesis:GetRecords action`,
        count: 2,
      },
      {
        action: "s3:DeleteObject",
        resource: "arn:aws:s3:::a/2",
        message: `${who} s3:DeleteObject on resource: arn:aws:s3:::a/2 with an explicit deny in an identity-based policy`,
        count: 1,
      },
    ]);
  });

  it("keeps equal grants of two statements apart", () => {
    const ledger = new Ledger();
    const [first, second] = [documentOf("first"), documentOf("second")];
    ledger.grant("roles", ROLE, first);
    ledger.grant("roles", ROLE, second);
    call(ledger, first, "kinesis:PutRecord", STREAM);
    const [role] = ledger.report().roles;
    assert.equal(role?.granted.length, 10);
    assert.deepEqual(
      role.used.map(({ statement }) => statement),
      ["first: Put"],
    );
  });

  it("does not mark what was never granted", () => {
    const ledger = new Ledger();
    call(ledger, documentOf(), "kinesis:PutRecord", STREAM);
    assert.deepEqual(ledger.report(), { roles: [], resources: [] });
  });

  it("reads back what it wrote", () => {
    const ledger = record(["kinesis:PutRecord", STREAM], ["kinesis:GetRecords", STREAM]);
    const read = Ledger.parse(JSON.stringify(ledger));
    assert.deepEqual(read.report(), ledger.report());
    assert.deepEqual(read.toJSON(), ledger.toJSON());
  });

  it("merges to the same whatever the order and grouping of the runs", () => {
    const calls = fc.array(
      fc.constantFrom(
        ["kinesis:PutRecord", STREAM] as const,
        ["kinesis:GetRecords", STREAM] as const,
        ["s3:GetObject", "arn:aws:s3:::a/1"] as const,
        ["s3:DeleteObject", "arn:aws:s3:::b/1"] as const,
        ["sns:Publish", "*"] as const,
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(calls, calls, (left, right) => {
        const together = record(...left, ...right);
        const merged = record(...left);
        merged.merge(record(...right));
        const other = Ledger.parse(JSON.stringify(record(...right)));
        other.merge(record(...left));
        assert.deepEqual(merged.toJSON(), together.toJSON());
        assert.deepEqual(other.toJSON(), together.toJSON());
      }),
    );
  });

  it("goes on marking its own grants after a merge", () => {
    const ledger = new Ledger();
    const document = documentOf();
    ledger.grant("roles", ROLE, document);
    ledger.merge(record(["s3:GetObject", "arn:aws:s3:::a/1"]));
    call(ledger, document, "kinesis:PutRecords", STREAM);
    assert.deepEqual(
      ledger.report().roles[0]?.used.map(({ action }) => action),
      ["kinesis:PutRecords", "s3:*"],
    );
  });

  it("does not grow without end under hostile traffic", () => {
    const ledger = new Ledger();
    const document = documentOf();
    for (let number = 0; number < 3_000; number++) call(ledger, document, "kinesis:GetRecords", `${STREAM}-${number}`);
    const denied = ledger.report().roles[0]?.denied ?? [];
    assert.equal(denied.length, 1_001);
    assert.equal(
      denied.reduce((sum, { count }) => sum + count, 0),
      3_000,
    );
    assert.deepEqual(denied[0], {
      action: "*",
      resource: "*",
      message: "refused calls beyond the first 1000 kinds",
      count: 2_000,
    });
  });
});

describe("a ledger file is refused", () => {
  const whole = JSON.stringify(record(["kinesis:GetRecords", STREAM]));
  const cases: readonly [name: string, text: string, message: RegExp][] = [
    ["when it is no JSON", "", /^ledger: not JSON/],
    [
      "when another release wrote it",
      whole.replace('"version":1', '"version":2'),
      /^ledger: version: got 2, allowed 1: this ledger was written by another release/,
    ],
    [
      "when an element is unknown",
      whole.replace('"roles"', '"people"'),
      /^ledger: got "people", allowed the elements version, roles, resources$/,
    ],
    [
      "when a part is missing",
      whole.replace(/"denied":\[.*?\]/, '"denied":null'),
      /^ledger: roles\[0\]\.denied: got null, allowed a list$/,
    ],
    [
      "when a mark is no boolean",
      whole.replace('"used":false', '"used":0'),
      /^ledger: roles\[0\]\.granted\[0\]\.used: got 0, allowed true or false$/,
    ],
    [
      "when a count is no count",
      whole.replace('"count":1', '"count":-1'),
      /^ledger: roles\[0\]\.denied\[0\]\.count: got -1, allowed a whole number from 1$/,
    ],
    [
      "when a policy type is unknown",
      whole.replace('"policy":"identity"', '"policy":"scp"'),
      /^ledger: roles\[0\]\.denied\[0\]\.policy: got "scp", allowed identity, boundary/,
    ],
    [
      "when a key stands twice",
      whole.replace('"used":false', '"used":false,"used":true'),
      /^ledger: roles\[0\]\.granted\[0\]: got "used", allowed each key once$/,
    ],
  ];
  for (const [name, text, message] of cases) it(name, () => assert.throws(() => Ledger.parse(text), { message }));
});
