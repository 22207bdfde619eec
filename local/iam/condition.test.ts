/**
 * Conditions: each operator, absent and multivalued keys, set operators, and what happens where nobody can say.
 * Does not prove which keys a service puts into a request; that is for the services to prove.
 */
import assert from "node:assert/strict";
import { compileConditions } from "./condition";
import { type ContextValue, RequestContext } from "./context";

type Context = Readonly<Record<string, ContextValue>>;

function holds(
  operator: string,
  values: readonly string[],
  value: ContextValue | undefined,
  whenUnclear = false,
): boolean {
  const test = compileConditions([{ operator, key: "k:key", values }], {
    variables: true,
    whenUnclear,
    place: "Condition",
  });
  return test(contextOf(value === undefined ? {} : { "K:Key": value }));
}

function contextOf(given: Context): RequestContext {
  return new RequestContext(new Map([["aws:username", "ann"]]), undefined, given);
}

describe("a condition operator", () => {
  const cases: readonly [
    operator: string,
    policy: readonly string[],
    given: ContextValue | undefined,
    holds: boolean,
  ][] = [
    ["StringEquals", ["a", "b"], "b", true],
    ["StringEquals", ["a"], "A", false],
    ["StringEquals", ["a*"], "ab", false],
    ["StringEquals", ["a*"], "a*", true],
    ["StringEquals", ["${aws:username}"], "ann", true],
    ["StringEquals", ["x-${aws:username}-${*}"], "x-ann-*", true],
    ["StringNotEquals", ["a", "b"], "b", false],
    ["StringNotEquals", ["a", "b"], "c", true],
    ["StringEqualsIgnoreCase", ["ABC"], "abc", true],
    ["StringEqualsIgnoreCase", ["X-${aws:UserName}"], "x-ANN", true],
    ["StringNotEqualsIgnoreCase", ["ABC"], "abc", false],
    ["StringLike", ["home/${aws:username}/*"], "home/ann/x", true],
    ["StringLike", ["h?me*"], "home", true],
    ["StringLike", [""], "", true],
    ["StringNotLike", ["a*", "b*"], "bc", false],
    ["StringNotLike", ["a*"], "bc", true],
    ["NumericEquals", ["10"], "10.0", true],
    ["NumericNotEquals", ["10"], "11", true],
    ["NumericLessThan", ["10"], "9.5", true],
    ["NumericLessThan", ["10"], "10", false],
    ["NumericLessThanEquals", ["10"], "10", true],
    ["NumericGreaterThan", ["-1"], "0", true],
    ["NumericGreaterThanEquals", ["10"], "9", false],
    ["DateEquals", ["2026-01-31T12:00:00Z"], "2026-01-31T13:00:00+01:00", true],
    ["DateEquals", ["1769860800"], "2026-01-31T12:00:00Z", true],
    ["DateNotEquals", ["2026-01-31"], "2026-01-31T00:00:00.000Z", false],
    ["DateLessThan", ["2026-02"], "2026-01-31T23:59:59.999Z", true],
    ["DateLessThanEquals", ["2026-02-01"], "2026-02-01T00:00Z", true],
    ["DateGreaterThan", ["2020-01-01T00:00:01Z"], "2020-01-01T00:00:01Z", false],
    ["DateGreaterThanEquals", ["2020-01-01T00:00:01Z"], "2020-01-01T00:00:01Z", true],
    ["Bool", ["true"], "true", true],
    ["Bool", ["false"], "True", false],
    ["BinaryEquals", ["QmluYXJ5VmFsdWVJbkJhc2U2NA=="], "QmluYXJ5VmFsdWVJbkJhc2U2NA==", true],
    ["BinaryEquals", ["QmluYXJ5"], "QmluYXJ6", false],
    ["IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::9", true],
    ["IpAddress", ["203.0.113.0/24"], "203.0.114.1", false],
    ["NotIpAddress", ["203.0.113.0/24"], "203.0.114.1", true],
    ["NotIpAddress", ["203.0.113.0/24"], "2001:db8::1", true],
    ["ArnEquals", ["arn:aws:sns:*:123456789012:topic"], "arn:aws:sns:eu-west-1:123456789012:topic", true],
    ["ArnLike", ["arn:aws:s3:::bucket*"], "arn:aws:s3:::bucket-1", true],
    ["ArnLike", ["arn:aws:sns:*:topic:*:*"], "arn:aws:sns:eu:1:topic:a:b", false],
    ["ArnLike", ["${k:key}"], "arn:aws:s3:::bucket", true],
    ["ArnNotEquals", ["arn:aws:s3:::bucket"], "arn:aws:s3:::other", true],
    ["ArnNotLike", ["arn:aws:s3:::b*"], "arn:aws:s3:::bucket", false],
    ["Null", ["true"], undefined, true],
    ["Null", ["true"], "x", false],
    ["Null", ["false"], "x", true],
    ["Null", ["false"], [], false],
    // A list of one value is that value.
    ["StringEquals", ["a"], ["a"], true],
    ["NumericEqualsIfExists", ["1"], "2", false],
  ];
  for (const [operator, policy, given, expected] of cases) {
    it(`${operator} ${JSON.stringify(policy)} is ${String(expected)} for ${JSON.stringify(given) ?? "an absent key"}`, () => {
      assert.equal(holds(operator, policy, given), expected);
      assert.equal(holds(operator, policy, given, true), expected);
    });
  }
});

describe("an absent key", () => {
  const positive = [
    "StringEquals",
    "StringLike",
    "NumericLessThan",
    "DateGreaterThan",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "ArnLike",
  ];
  const negated = [
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
    "NumericNotEquals",
    "DateNotEquals",
    "NotIpAddress",
    "ArnNotEquals",
    "ArnNotLike",
  ];
  const valueFor = (operator: string): string => {
    if (operator.includes("Arn")) return "arn:aws:s3:::b";
    if (operator.includes("Ip")) return "10.0.0.0/8";
    if (operator.startsWith("Date")) return "2026-01-01";
    if (operator === "Bool") return "true";
    return operator.startsWith("Binary") ? "QQ==" : "1";
  };
  for (const operator of positive) {
    it(`fails ${operator}`, () => assert.equal(holds(operator, [valueFor(operator)], undefined), false));
  }
  for (const operator of negated) {
    it(`passes ${operator}`, () => assert.equal(holds(operator, [valueFor(operator)], undefined), true));
  }
  for (const operator of [...positive, ...negated]) {
    it(`passes ${operator}IfExists`, () =>
      assert.equal(holds(`${operator}IfExists`, [valueFor(operator)], undefined), true));
  }
});

describe("a set operator", () => {
  const cases: readonly [
    operator: string,
    policy: readonly string[],
    given: ContextValue | undefined,
    holds: boolean,
  ][] = [
    // The guide's table of requested attributes.
    ["ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "Message"], true],
    ["ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "UserName"], false],
    ["ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName", "Message", "PostDateTime"], true],
    ["ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName"], false],
    ["ForAllValues:StringEquals", ["a"], undefined, true],
    ["ForAllValues:StringEquals", ["a"], [], true],
    ["ForAllValues:StringEquals", ["a"], "", true],
    ["ForAllValues:StringEquals", ["a"], ["", "b"], false],
    ["ForAnyValue:StringEquals", ["a"], undefined, false],
    ["ForAnyValue:StringEquals", [""], "", false],
    ["ForAnyValue:StringNotEquals", ["a"], undefined, false],
    ["ForAnyValue:StringNotEquals", ["a"], ["a", "b"], true],
    ["ForAnyValue:StringNotEquals", ["a"], ["a"], false],
    ["ForAllValues:StringNotEquals", ["a"], ["b", "c"], true],
    ["ForAllValues:StringNotEquals", ["a"], ["a", "c"], false],
    ["ForAllValues:StringEqualsIfExists", ["a"], undefined, true],
  ];
  for (const [operator, policy, given, expected] of cases) {
    it(`${operator} ${JSON.stringify(policy)} is ${String(expected)} for ${JSON.stringify(given) ?? "an absent key"}`, () => {
      assert.equal(holds(operator, policy, given), expected);
      assert.equal(holds(operator, policy, given, true), expected);
    });
  }
});

describe("a condition nobody can judge", () => {
  const cases: readonly [operator: string, policy: readonly string[], given: ContextValue | undefined][] = [
    ["StringEquals", ["a"], ["a", "b"]],
    ["StringNotEquals", ["a"], ["b", "c"]],
    ["NumericLessThan", ["10"], "many"],
    ["NumericNotEquals", ["10"], "1e3"],
    ["DateLessThan", ["2026-01-01"], "tomorrow"],
    ["DateLessThan", ["2026-01-01"], "2026-02-30"],
    ["Bool", ["true"], "yes"],
    ["BinaryEquals", ["QQ=="], "%"],
    ["IpAddress", ["10.0.0.0/8"], "localhost"],
    ["NotIpAddress", ["10.0.0.0/8"], "localhost"],
    ["StringNotEquals", ["${aws:userid}"], "x"],
    ["ForAllValues:NumericLessThan", ["10"], ["1", "many"]],
    ["ForAnyValue:NumericLessThan", ["10"], ["11", "many"]],
    ["ForAnyValue:StringEqualsIfExists", ["a"], undefined],
  ];
  for (const [operator, policy, given] of cases) {
    it(`closes: ${operator} ${JSON.stringify(policy)} for ${JSON.stringify(given) ?? "an absent key"}`, () => {
      assert.equal(holds(operator, policy, given, false), false);
      assert.equal(holds(operator, policy, given, true), true);
    });
  }

  it("is still false when another value settles it", () => {
    assert.equal(holds("ForAllValues:NumericLessThan", ["10"], ["11", "many"], true), false);
    assert.equal(holds("StringNotEquals", ["x", "${aws:userid}"], "x", true), false);
  });
});

describe("a policy variable without a value", () => {
  for (const operator of ["StringEquals", "StringLike", "StringEqualsIgnoreCase"]) {
    it(`fails ${operator}, in a Deny too`, () => {
      assert.equal(holds(operator, ["${aws:userid}"], "x", false), false);
      assert.equal(holds(operator, ["${aws:userid}"], "x", true), false);
    });
  }

  it("leaves the other values of the list to match", () =>
    assert.equal(holds("StringEquals", ["${aws:userid}", "x"], "x"), true));
});

describe("a condition element", () => {
  it("holds only when every test holds", () => {
    const test = compileConditions(
      [
        { operator: "StringEquals", key: "k:a", values: ["1"] },
        { operator: "StringEquals", key: "k:b", values: ["1"] },
      ],
      { variables: false, whenUnclear: false, place: "Condition" },
    );
    assert.equal(test(contextOf({ "k:a": "1", "k:b": "1" })), true);
    assert.equal(test(contextOf({ "k:a": "1", "k:b": "2" })), false);
    assert.equal(test(contextOf({ "k:a": "1" })), false);
  });

  const malformed: readonly [operator: string, value: string, allowed: RegExp][] = [
    ["StringMatches", "a", /allowed Null, or StringEquals, .*, with ForAllValues:, ForAnyValue: or IfExists$/],
    ["stringequals", "a", /allowed Null, or StringEquals/],
    ["NullIfExists", "true", /allowed Null, or/],
    ["ForAnyValue:Null", "true", /allowed Null, or/],
    ["ForSomeValues:StringEquals", "a", /allowed Null, or/],
    ["Null", "maybe", /^Condition\.Null\.k:key: got "maybe", allowed "true" or "false"$/],
    ["NumericLessThan", "ten", /^Condition\.NumericLessThan\.k:key: got "ten", allowed a decimal number$/],
    ["NumericLessThan", "9007199254740993", /allowed a decimal number$/],
    ["NumericLessThan", "${aws:username}", /allowed a decimal number$/],
    ["DateLessThan", "2026", /allowed a date like/],
    ["DateLessThan", "2026-13-01", /allowed a date like/],
    ["DateLessThan", "2026-01-01T00:00:00", /allowed a date like/],
    ["DateLessThan", "2026-01T00:00Z", /allowed a date like/],
    ["DateLessThan", "2026-01-01T24:00Z", /allowed a date like/],
    ["DateLessThan", "2026-01-01 00:00Z", /allowed a date like/],
    ["DateLessThan", "2026-04-31", /allowed a date like/],
    ["Bool", "1", /allowed "true" or "false"$/],
    ["BinaryEquals", "not base64", /allowed base64$/],
    ["IpAddress", "10.0.0.0/33", /allowed an address or range/],
    ["ArnLike", "*", /allowed an ARN of six parts/],
    ["ArnLike", "arn:aws:s3:*", /allowed an ARN of six parts/],
    ["StringLike", "${aws:username", /allowed variables like/],
  ];
  for (const [operator, value, allowed] of malformed) {
    it(`refuses ${operator} ${value}`, () => {
      assert.throws(() => holds(operator, [value], "x"), { message: allowed });
    });
  }

  it("refuses a context that holds one key twice", () => {
    const test = compileConditions([{ operator: "Null", key: "k:a", values: ["true"] }], {
      variables: false,
      whenUnclear: false,
      place: "",
    });
    assert.throws(() => test(contextOf({ "k:a": "1", "K:A": "2" })), /each key once, whatever its case/);
  });
});
