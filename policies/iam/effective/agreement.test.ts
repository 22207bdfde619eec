/**
 * The engine's decision against two others on random policies and requests: the local stage's evaluator, which shares no
 * code with it, and a brute-force reference over every context of a small world. Does not prove any of them right where
 * all misread AWS's documentation.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { compileDocument, evaluate, parseDocument, roleSession } from "../../../local/iam";
import type { Context, Verdict } from "../condition/evaluate";
import { readDocument } from "../read/document";
import { Permissions, type Sourced } from "./permissions";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
const caller = roleSession(ROLE, "run");

const some = <T>(...items: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 2 });

const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "sqs:ReceiveMessage"] as const;
const RESOURCES = [
  "arn:aws:s3:::a",
  "arn:aws:s3:::a/x",
  "arn:aws:s3:::a/x:y",
  "arn:aws:s3:::b/x",
  `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`,
  `arn:aws:sqs:eu-west-1:${ACCOUNT}:x`,
] as const;

const actions = some("*", "s3:*", "S3:get*", "s3:PutObject", "sqs:SendMessage", "sqs:?e*Message", "s3:ListBucket");
const resources = some(
  "*",
  "arn:aws:s3:::*",
  "arn:aws:s3:::a/*",
  "arn:aws:s3:::?/x",
  "arn:aws:s3:::a",
  "arn:aws:sqs:*:*:*",
  "arn:aws:sqs:eu-west-1:*:q",
  "arn:aws:s3:::a/${k:name}",
  `arn:aws:*:::a/x`.replace("*", "s3"),
);
const tests = fc.dictionary(
  fc.constantFrom("s3:prefix", "k:name", "aws:RequestTag/team"),
  some("x", "q", "x*", "*", "${k:name}", ""),
  { minKeys: 1, maxKeys: 2 },
);
const numbers = fc.dictionary(fc.constant("s3:max-keys"), some("10", "20"), { minKeys: 1 });
const condition = fc.option(
  fc.oneof(
    fc.dictionary(
      fc.constantFrom(
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIfExists",
        "StringLikeIfExists",
        "StringEqualsIgnoreCase",
        "ForAllValues:StringLike",
        "ForAnyValue:StringEquals",
        "ForAnyValue:StringNotLike",
        "ForAllValues:StringNotEquals",
      ),
      tests,
      { minKeys: 1, maxKeys: 2 },
    ),
    fc.dictionary(
      fc.constantFrom("NumericLessThan", "NumericEquals", "NumericNotEqualsIfExists", "NumericGreaterThanEquals"),
      numbers,
      { minKeys: 1, maxKeys: 2 },
    ),
    fc.record({ Null: fc.dictionary(fc.constantFrom("s3:prefix", "k:name"), some("true", "false"), { minKeys: 1 }) }),
    fc.record({ IpAddress: fc.record({ "aws:SourceIp": some("10.0.0.0/8", "192.0.2.1", "2001:db8::/32") }) }),
    fc.record({ Bool: fc.record({ "aws:SecureTransport": some("true", "false") }) }),
    fc.record({ ArnLike: fc.record({ "aws:SourceArn": some("arn:aws:s3:::*", "arn:aws:sqs:*:*:q*") }) }),
    fc.record({ DateLessThan: fc.record({ "aws:CurrentTime": some("2026-06-01T00:00:00Z") }) }),
  ),
  { nil: undefined, freq: 1 },
);

const statement = fc
  .record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    actions,
    notAction: fc.nat(5),
    resources,
    notResource: fc.nat(5),
    Condition: condition,
  })
  .map(({ Effect, actions: named, notAction, resources: on, notResource, Condition }) => ({
    Effect,
    [notAction === 0 ? "NotAction" : "Action"]: named,
    [notResource === 0 ? "NotResource" : "Resource"]: on,
    ...(Condition === undefined ? {} : { Condition }),
  }));
const document = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement) => ({ Version: "2012-10-17", Statement }));
const subject = fc.record({
  identity: fc.array(document, { minLength: 1, maxLength: 2 }),
  boundary: fc.option(document, { nil: undefined }),
});
const request = fc.record({ action: fc.constantFrom(...ACTIONS), resource: fc.constantFrom(...RESOURCES) });
const context = fc.dictionary(
  fc.constantFrom("s3:prefix", "k:name", "aws:RequestTag/team"),
  fc.oneof(fc.constantFrom("x", "q", "X", "*", ""), fc.uniqueArray(fc.constantFrom("x", "q", ""), { maxLength: 2 })),
);
const fixed = fc.record(
  {
    "s3:max-keys": fc.constantFrom("10", "15", "many"),
    "aws:SourceIp": fc.constantFrom("10.1.2.3", "192.0.2.1", "2001:db8::1"),
    "aws:SecureTransport": fc.constantFrom("true", "false"),
    "aws:SourceArn": fc.constantFrom("arn:aws:s3:::lake", `arn:aws:sqs:eu-west-1:${ACCOUNT}:q1`),
    "aws:CurrentTime": fc.constantFrom("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"),
  },
  { requiredKeys: [] },
);

type Subject = typeof subject extends fc.Arbitrary<infer T> ? T : never;
type Given = Readonly<Record<string, string | readonly string[]>>;

function engine({ identity, boundary }: Subject): Permissions {
  const read = (input: unknown): readonly Sourced[] => {
    const { document: found, findings } = readDocument(input, { kind: "identity" });
    // The random world has keys of its own; the grammar must have nothing to say.
    const broken = findings.filter(({ rule }) => rule !== "variable-broken" && rule !== "value-repeated");
    assert.deepEqual(broken, []);
    return found === undefined ? [] : [{ document: found }];
  };
  return new Permissions(identity.flatMap(read), boundary && read(boundary)[0]);
}

function stage(
  { identity, boundary }: Subject,
  { action, resource }: { action: string; resource: string },
  given: Given,
): boolean {
  const compile = (input: unknown): ReturnType<typeof compileDocument> =>
    compileDocument("p", parseDocument(input, "identity"));
  return evaluate(
    { principal: caller, action, resource, context: given, resourceAccount: ACCOUNT },
    { identity: identity.map(compile), boundary: boundary && compile(boundary) },
  ).allowed;
}

function contextOf(given: Given): Context {
  return new Map([...caller.keys, ...Object.entries(given).map(([key, value]) => [key.toLowerCase(), value] as const)]);
}

describe("the engine's decision", () => {
  it("agrees with the local stage's on 10,000 random policies and requests", () => {
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(subject, request, context, fixed, (policies, call, drawn, more) => {
        const given: Given = { ...drawn, ...more };
        const expected = stage(policies, call, given);
        // What nobody can say is refused.
        const decided = engine(policies).decide({ ...call, context: contextOf(given) }) === true;
        seen[`${expected}`]++;
        assert.equal(decided, expected);
      }),
      { numRuns: 10_000 },
    );
    assert.ok(seen.true > 1000 && seen.false > 1000, JSON.stringify(seen));
  });

  it("without a context is what every context says, or open", () => {
    const values = [undefined, "x", "q", "X", ""];
    const worlds = values.flatMap((prefix) =>
      values.map((name): Given => ({
        ...(prefix === undefined ? {} : { "s3:prefix": prefix }),
        ...(name === undefined ? {} : { "k:name": name }),
      })),
    );
    const seen = new Map<Verdict, number>();
    fc.assert(
      fc.property(subject, request, (policies, call) => {
        const verdict = engine(policies).decide(call);
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        if (verdict === undefined) return;
        for (const world of worlds) assert.equal(stage(policies, call, world), verdict, JSON.stringify(world));
      }),
      { numRuns: 4000 },
    );
    for (const verdict of [true, false, undefined]) assert.ok((seen.get(verdict) ?? 0) > 50, JSON.stringify([...seen]));
  });
});
