/**
 * Laws of evaluation on random policies and requests over a small alphabet: agreement with a second, naive evaluator;
 * a Deny never opens, an Allow never closes.
 * Does not prove either evaluator right where both misread AWS's documentation; `evaluate.test.ts` holds its cases.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Decision } from "./decision";
import { type DocumentKind, parseDocument } from "./document";
import { evaluate } from "./evaluate";
import { CALLERS, HERE, naiveOutcome, type RawStatement, type Scene, THERE } from "./naive-evaluation";
import { compileDocument, type SourcedDocument } from "./statement";

const some = <T>(...items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.array(fc.constantFrom(...items), { minLength: 1, maxLength: 2 });
const maybe = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(item, { nil: undefined, freq: 2 });

const CALLS: Record<string, string> = {
  "sq:Put": `arn:aws:sq:e:${HERE}:a`,
  "sq:get": `arn:aws:sq:e:${HERE}:a:b`,
  "sq:Get": `arn:aws:sq:e:${HERE}:x`,
  "st:Get": "arn:aws:st:::b/x",
  "kms:Get": `arn:aws:kms:e:${HERE}:key/k`,
  "sq:List": "*",
  "sts:AssumeRole": `arn:aws:iam::${HERE}:role/t`,
};

const condition = fc.dictionary(
  fc.constantFrom(
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "StringEqualsIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringEquals",
    "ForAnyValue:StringNotEquals",
    "ForAnyValue:StringEqualsIfExists",
    "ForAllValues:StringNotEquals",
  ),
  fc.dictionary(
    fc.constantFrom("k:a", "K:B", "aws:PrincipalTag/T", "aws:username"),
    some("x", "y", "u", "*", "", "${aws:username}"),
    { minKeys: 1, maxKeys: 2 },
  ),
  { minKeys: 1, maxKeys: 2 },
);
const nullCondition = some("true", "false").map((values): RawStatement["Condition"] & {} => ({
  Null: { "k:a": values },
}));

const actions = some("*", "sq:*", "SQ:?et", "sq:Put", "st:*", "kms:*", "sts:AssumeRole");
const resources = some(
  "*",
  `arn:aws:sq:e:${HERE}:a`,
  `arn:aws:sq:*:*:b`,
  `arn:aws:sq:e:${HERE}:*`,
  "arn:aws:sq:*",
  "arn:*:st:::b/*",
  "arn:aws:st:::b/${aws:PrincipalTag/t}",
  `arn:aws:sq:?:*:\${aws:PrincipalTag/t}`,
  `arn:aws:kms:e:${HERE}:key/?`,
);
const names = fc.record(
  {
    AWS: some(
      "*",
      HERE,
      `arn:aws:iam::${HERE}:root`,
      THERE,
      ...["role/r", "user/u", "user/operator"].map((name) => `arn:aws:iam::${HERE}:${name}`),
      `arn:aws:iam::${THERE}:role/r`,
      `arn:aws:sts::${HERE}:assumed-role/r/ss`,
      `arn:aws:sts::${THERE}:assumed-role/r/ss`,
    ),
    Service: some("sns.amazonaws.com", "lambda.amazonaws.com"),
  },
  { requiredKeys: ["AWS"] },
);

const spared = fc
  .subarray(
    [HERE, `arn:aws:iam::${HERE}:role/r`, `arn:aws:sts::${HERE}:assumed-role/r/ss`, `arn:aws:iam::${HERE}:user/u`],
    { minLength: 1 },
  )
  .map((AWS) => ({ AWS, Service: ["sns.amazonaws.com"] }));

function statementOf(kind: DocumentKind, trust: boolean): fc.Arbitrary<RawStatement> {
  const what = fc.tuple(
    fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Allow", "Deny"),
    trust ? fc.constant<string[]>(["sts:*"]) : actions,
    resources,
    maybe(fc.oneof({ arbitrary: condition, weight: 3 }, { arbitrary: nullCondition, weight: 1 })),
    fc.integer({ min: 0, max: 9 }),
    fc.oneof(fc.constant<"*">("*"), names, names, names),
    spared,
  );
  return what.map(([Effect, action, resource, Condition, shape, Principal, NotPrincipal]) => ({
    Effect,
    ...(shape === 0 && !trust ? { NotAction: action } : { Action: action }),
    ...(trust || (kind === "resource" && shape === 1)
      ? {}
      : shape === 2
        ? { NotResource: resource }
        : { Resource: resource }),
    ...(Condition === undefined ? {} : { Condition }),
    ...(kind === "identity" ? {} : Effect === "Deny" && shape > 6 ? { NotPrincipal } : { Principal }),
  }));
}

const scenes: fc.Arbitrary<Scene> = fc.constantFrom(...Object.keys(CALLS)).chain((action) => {
  const identity = fc.array(statementOf("identity", false), { minLength: 1, maxLength: 3 });
  const wide = fc.constant<RawStatement[]>([{ Effect: "Allow", Action: ["*"], Resource: ["*"] }]);
  return fc.record({
    caller: fc.constantFrom(...Object.keys(CALLERS)),
    action: fc.constant(action),
    resource: fc.constant(CALLS[action] ?? ""),
    context: fc.dictionary(
      fc.constantFrom("k:A", "k:b"),
      fc.oneof(fc.constantFrom("x", "y", "u", ""), fc.array(fc.constantFrom("x", "y", ""), { maxLength: 2 })),
    ),
    identity: fc.array(fc.oneof(identity, wide), { maxLength: 2 }),
    boundary: maybe(fc.oneof(identity, wide)),
    session: maybe(fc.oneof(identity, wide)),
    resourcePolicy: maybe(
      fc.array(statementOf("resource", action === "sts:AssumeRole"), { minLength: 1, maxLength: 3 }),
    ),
  });
});

function compile(kind: DocumentKind, Statement: readonly RawStatement[]): SourcedDocument {
  return compileDocument(kind, parseDocument({ Version: "2012-10-17", Statement }, kind));
}

function decide(scene: Scene): Decision {
  const { caller, action, resource, context, identity, boundary, session, resourcePolicy } = scene;
  const principal = CALLERS[caller]?.principal;
  if (principal === undefined) throw new Error("no such caller");
  return evaluate(
    { principal, action, resource, context, resourceAccount: HERE },
    {
      identity: identity.map((statements) => compile("identity", statements)),
      boundary: boundary && compile("identity", boundary),
      session: session && [compile("identity", session)],
      resource: resourcePolicy && [compile(action === "sts:AssumeRole" ? "trust" : "resource", resourcePolicy)],
    },
  );
}

function outcomeOf(scene: Scene): string {
  const decision = decide(scene);
  return decision.allowed ? "allowed" : `${decision.outcome} ${decision.policy}`;
}

/** Adds a statement to a document of each kind that the scene has, one at a time. */
function withStatement(scene: Scene, statement: RawStatement, granted: RawStatement): readonly Scene[] {
  return [
    { ...scene, identity: [...scene.identity, [statement]] },
    ...(scene.boundary === undefined ? [] : [{ ...scene, boundary: [...scene.boundary, statement] }]),
    ...(scene.session === undefined ? [] : [{ ...scene, session: [...scene.session, statement] }]),
    { ...scene, resourcePolicy: [...(scene.resourcePolicy ?? []), granted] },
  ];
}

const trustful = ({ action }: Scene): boolean => action === "sts:AssumeRole";

describe("evaluation", () => {
  it("agrees with a naive evaluator", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(scenes, (scene) => {
        const outcome = outcomeOf(scene);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        assert.equal(outcome, naiveOutcome(scene));
      }),
      { numRuns: 20_000 },
    );
    const outcomes = ["identity", "boundary", "session", "resource", "trust"].flatMap((policy) => [
      `explicit ${policy}`,
      `implicit ${policy}`,
    ]);
    // The agreement means something only when every outcome was met, and often.
    for (const outcome of ["allowed", ...outcomes]) {
      assert.ok((seen.get(outcome) ?? 0) >= 50, `${outcome}: ${seen.get(outcome) ?? 0}`);
    }
  });

  const additions = scenes.chain((scene) =>
    fc.tuple(fc.constant(scene), statementOf("identity", false), statementOf("resource", trustful(scene))),
  );

  it("never allows more after a Deny was added", () => {
    fc.assert(
      fc.property(additions, ([scene, statement, granted]) => {
        if (decide(scene).allowed) return;
        const plain = { ...granted, NotPrincipal: undefined };
        const added = withStatement(
          scene,
          { ...statement, Effect: "Deny" },
          { Principal: "*", ...plain, Effect: "Deny" },
        );
        for (const next of added) assert.equal(decide(next).allowed, false);
      }),
      { numRuns: 5_000 },
    );
  });

  it("never allows less after an Allow was added", () => {
    fc.assert(
      fc.property(additions, ([scene, statement, granted]) => {
        if (!decide(scene).allowed) return;
        const plain = { ...granted, NotPrincipal: undefined };
        const added = withStatement(
          scene,
          { ...statement, Effect: "Allow" },
          { Principal: "*", ...plain, Effect: "Allow" },
        );
        for (const next of added) assert.equal(decide(next).allowed, true);
      }),
      { numRuns: 5_000 },
    );
  });

  it("that asked no context decides the same in every context", () => {
    fc.assert(
      fc.property(
        scenes,
        fc.dictionary(fc.constantFrom("k:a", "k:b", "aws:username"), fc.constantFrom("x", "y", "u")),
        (scene, context) => {
          if (decide(scene).conditional) return;
          assert.equal(outcomeOf({ ...scene, context }), outcomeOf(scene));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
