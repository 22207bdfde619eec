/**
 * Whether a policy is provably the same or narrower, held against the plainest evaluation there is.
 * Does not prove what IAM decides: conditions are compared, never evaluated, and the property's requests know no wildcards.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { covers, findBroadening, findOpenDoors } from "./broadening";

const policy = (...statements: object[]): object => ({ Version: "2012-10-17", Statement: statements });
const allow = (Action: unknown, Resource: unknown = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = "*", more: object = {}): object => ({
  Effect: "Deny",
  Action,
  Resource,
  ...more,
});

describe("a policy", () => {
  const narrower: readonly [name: string, before: unknown, after: unknown][] = [
    ["the same in other words", policy(allow("s3:Get*")), { Statement: [allow(["S3:get*"], ["*"], { Sid: "Read" })] }],
    ["the same as text", policy(allow("s3:Get*")), JSON.stringify(policy(allow("s3:Get*")))],
    ["an action less", policy(allow(["s3:Get*", "s3:Put*"])), policy(allow("s3:GetObject"))],
    [
      "a narrower resource",
      policy(allow("s3:Get*", "arn:aws:s3:::a/*")),
      policy(allow("s3:Get*", "arn:aws:s3:::a/raw/*")),
    ],
    ["one statement in two", policy(allow(["a:B", "a:C"])), policy(allow("a:B"), allow("a:C"))],
    ["two statements in one", policy(allow("a:B", "r"), allow("a:C", "r")), policy(allow(["a:B", "a:C"], "r"))],
    ["a condition more", policy(allow("a:B")), policy(allow("a:B", "*", { Condition: { StringEquals: { k: "v" } } }))],
    [
      "a value less",
      policy(allow("a:B", "*", { Condition: { StringEquals: { k: ["v", "w"] } } })),
      policy(allow("a:B", "*", { Condition: { StringEquals: { K: "v" } } })),
    ],
    ["a denial more", policy(allow("a:B")), policy(allow("a:B"), deny("a:C"))],
    ["a wider denial", policy(deny("a:B")), policy(deny("a:*"))],
    ["no permission any more", policy(allow("a:B")), policy()],
    [
      "one principal of two",
      policy(allow("a:B", "*", { Principal: { AWS: ["1", "2"] } })),
      policy(allow("a:B", "*", { Principal: { AWS: "1" } })),
    ],
    [
      "an account by number or root",
      policy(allow("a:B", "*", { Principal: { AWS: "123456789012" } })),
      policy(allow("a:B", "*", { Principal: { AWS: "arn:aws:iam::123456789012:root" } })),
    ],
    [
      "an exception that stays",
      policy({ Effect: "Allow", NotAction: "a:B", Resource: "*" }),
      policy({ Sid: "x", Effect: "Allow", NotAction: "a:B", Resource: "*" }),
    ],
  ];
  for (const [name, before, after] of narrower) {
    it(`is not broader by ${name}`, () => {
      assert.deepEqual(findBroadening(before, after), []);
    });
  }

  const broader: readonly [name: string, before: unknown, after: unknown, what: RegExp][] = [
    ["an action more", policy(allow("a:B")), policy(allow(["a:B", "a:C"])), /newly allowed: a:c/],
    ["a wider action", policy(allow("a:Get*")), policy(allow("a:*")), /a:\*/],
    ["another resource", policy(allow("a:B", "x")), policy(allow("a:B", ["x", "y"])), /a:b on y/],
    ["a first permission", undefined, policy(allow("a:B")), /a:b/],
    [
      "another principal",
      policy(allow("a:B", "*", { Principal: { AWS: "1" } })),
      policy(allow("a:B", "*", { Principal: "*" })),
      /for everyone/,
    ],
    [
      "a condition less",
      policy(allow("a:B", "*", { Condition: { Bool: { k: "true" } } })),
      policy(allow("a:B")),
      /a:b/,
    ],
    [
      "a value more",
      policy(allow("a:B", "*", { Condition: { StringLike: { k: "v" } } })),
      policy(allow("a:B", "*", { Condition: { StringLike: { k: ["v", "w"] } } })),
      /a:b/,
    ],
    [
      "a value less of a condition that excludes",
      policy(allow("a:B", "*", { Condition: { StringNotEquals: { k: ["v", "w"] } } })),
      policy(allow("a:B", "*", { Condition: { StringNotEquals: { k: "v" } } })),
      /a:b/,
    ],
    ["a denial less", policy(allow("a:B"), deny("a:C")), policy(allow("a:B")), /no longer denied: a:c/],
    ["a narrower denial", policy(deny("a:*")), policy(deny("a:B")), /no longer denied: a:\*/],
    [
      "a condition on a denial",
      policy(deny("a:B")),
      policy(deny("a:B", "*", { Condition: { Bool: { k: "true" } } })),
      /no longer denied/,
    ],
    [
      "another exception",
      policy({ Effect: "Allow", NotAction: "a:B", Resource: "*" }),
      policy({ Effect: "Allow", NotAction: "a:C", Resource: "*" }),
      /an exception/,
    ],
    ["text that is cut off", policy(allow("a:B")), '{"Statement":[{"Effect":"All', /cannot read/],
    ["something else", policy(allow("a:B")), policy({ Effect: "Permit" }), /cannot read/],
    ["more than can be compared", policy(...many(200)), policy(allow(names(200), names(200))), /too large to compare/],
  ];
  for (const [name, before, after, what] of broader) {
    it(`is broader by ${name}`, () => {
      assert.match(findBroadening(before, after).join("; "), what);
    });
  }

  it("that is new is refused only where it lets everyone in, or lets one identity do everything", () => {
    assert.deepEqual(findOpenDoors(policy(allow("s3:GetObject"))), []);
    assert.equal(findOpenDoors(policy(allow("s3:GetObject", "*", { Principal: "*" }))).length, 1);
    assert.equal(findOpenDoors(policy(allow("s3:GetObject", "*", { Principal: { AWS: "*" } }))).length, 1);
    assert.equal(findOpenDoors(policy(allow("*"))).length, 1);
    const conditional = allow("a:B", "*", { Principal: "*", Condition: { StringEquals: { k: "v" } } });
    assert.deepEqual(findOpenDoors(policy(conditional, deny("*", "*", { Principal: "*" }))), []);
  });
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `a:B${n}`);
}

function many(count: number): object[] {
  return names(count).map((name) => allow(name));
}

describe("a pattern", () => {
  const pattern = fc.stringMatching(/^[ab*?]{0,6}$/);
  const text = fc.stringMatching(/^[ab]{0,6}$/);

  function matches(glob: string, value: string): boolean {
    return new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);
  }

  it("covers another only if it matches all that the other matches", () => {
    const property = fc.property(pattern, pattern, text, (wider, narrower, value) => {
      if (covers(wider, narrower) && matches(narrower, value)) assert.ok(matches(wider, value));
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it("covers itself, and every text it matches", () => {
    const property = fc.property(pattern, text, (glob, value) => {
      assert.ok(covers(glob, glob));
      assert.equal(covers(glob, value), matches(glob, value));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe("what is called not broader", () => {
  const actions = ["a:b", "a:c", "b:b"];
  const resources = ["x", "y", "xy"];
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    Action: fc.subarray(["a:b", "a:c", "a:*", "*", "b:b"], { minLength: 1 }),
    Resource: fc.subarray(["x", "y", "x*", "*"], { minLength: 1 }),
  });
  const document = fc.array(statement, { maxLength: 4 });
  type Statement = { Effect: string; Action: readonly string[]; Resource: readonly string[] };

  const fits = (globs: readonly string[], value: string): boolean =>
    globs.some((glob) => new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(value));

  function isAllowed(statements: readonly Statement[], action: string, resource: string): boolean {
    const hits = statements.filter(({ Action, Resource }) => fits(Action, action) && fits(Resource, resource));
    return hits.some(({ Effect }) => Effect === "Allow") && !hits.some(({ Effect }) => Effect === "Deny");
  }

  it("allows no request that was not allowed before", () => {
    let narrower = 0;
    const property = fc.property(document, document, (before, after) => {
      if (findBroadening(policy(...before), policy(...after)).length > 0) return;
      narrower += 1;
      for (const action of actions) {
        for (const resource of resources) {
          assert.ok(!isAllowed(after, action, resource) || isAllowed(before, action, resource));
        }
      }
    });
    fc.assert(property, { numRuns: 5_000 });
    assert.ok(narrower > 100, `${narrower} pairs`);
  });

  it("includes every document against itself, in any order", () => {
    const property = fc.property(document, (statements) => {
      assert.deepEqual(findBroadening(policy(...statements), policy(...[...statements].reverse())), []);
    });
    fc.assert(property);
  });
});
