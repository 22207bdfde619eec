/**
 * Patterns: wildcards, ARN parts and policy variables against tables and against regular expressions written naively.
 * Does not prove that AWS reads a pattern the same way; the tables follow the IAM User Guide's own examples.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { compileArn, compileText, readPattern } from "./pattern";

const SYNTAX = { wildcards: true, variables: true };
const nothing = (): undefined => undefined;

function matchesText(pattern: string, text: string): boolean | undefined {
  return compileText(readPattern(pattern, SYNTAX, "test")).matches(text, nothing);
}

function matchesArn(pattern: string, arn: string, values: Readonly<Record<string, string>> = {}): boolean | undefined {
  return compileArn(readPattern(pattern, SYNTAX, "test")).matches(arn, (key) => values[key]);
}

function asRegExp(pattern: string): RegExp {
  const source = [...pattern].map((character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : character.replace(/[^A-Za-z0-9]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

describe("a pattern over text", () => {
  const cases: readonly [pattern: string, text: string, matches: boolean][] = [
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "anything: at all", true],
    ["?", "", false],
    ["?", "a", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["*ab*ab", "ab", false],
    ["*ab*ab", "xabyab", true],
    ["a?c*", "abcd", true],
    ["a?c*", "ac", false],
    ["**", "x", true],
    ["kinesis:put*", "kinesis:putrecords", true],
    ["kinesis:put*", "kinesis:getrecords", false],
    ["marketing/*", "marketing/", true],
    ["x.y", "xzy", false],
  ];
  for (const [pattern, text, matches] of cases) {
    it(`${matches ? "matches" : "does not match"} ${JSON.stringify(text)} by ${JSON.stringify(pattern)}`, () => {
      assert.equal(matchesText(pattern, text), matches);
    });
  }

  it("agrees with a naive regular expression", () => {
    const letters = (...units: string[]): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...units), maxLength: 12 });
    fc.assert(
      fc.property(letters("a", "b", ":", "*", "?"), letters("a", "b", ":"), (pattern, text) => {
        assert.equal(matchesText(pattern, text), asRegExp(pattern).test(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it("comes to an end on patterns that make a backtracking matcher run for ever", () => {
    const text = "a".repeat(20_000);
    const hostile = ["a*".repeat(2_000), "*a?".repeat(2_000), `*${"?a".repeat(1_000)}*`, "*".repeat(2_000)];
    for (const pattern of hostile) assert.equal(matchesText(`${pattern}b`, text), false);
  });
});

describe("a pattern over an ARN", () => {
  const stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks";
  const cases: readonly [pattern: string, arn: string, matches: boolean][] = [
    ["*", stream, true],
    ["*", "*", true],
    ["arn:aws:s3:::*", "*", false],
    [stream, stream, true],
    ["arn:aws:kinesis:*:*:stream/*", stream, true],
    ["arn:aws:kinesis:eu-west-?:123456789012:stream/clicks", stream, true],
    ["arn:aws:kinesis:*:stream/clicks", stream, false],
    ["arn:aws:kinesis:*", stream, true],
    [
      "arn:aws:logs:*:*:log-group:/aws/lambda/*",
      "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/a:log-stream:b",
      true,
    ],
    ["arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1/2/test/3/object.jpg", true],
    ["arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1-test/object.jpg", false],
    ["arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", false],
    // The guide's example of what StringLike matches and ArnLike does not.
    [
      "arn:aws:someservice:*:111122223333:finance/*",
      "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
      false,
    ],
  ];
  for (const [pattern, arn, matches] of cases) {
    it(`${matches ? "matches" : "does not match"} ${arn} by ${pattern}`, () =>
      assert.equal(matchesArn(pattern, arn), matches));
  }

  it("agrees with one naive regular expression per part", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 3 });
    const plain = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
    const parts = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 5, maxLength: 7 });
    fc.assert(
      fc.property(parts(part), parts(plain), (patternParts, textParts) => {
        const [head, last] = [patternParts.slice(0, 5), patternParts.slice(5).join(":")];
        const naive =
          patternParts.length === 5
            ? patternParts.every((pattern, index) => {
                const given = index < 4 ? textParts[index] : textParts.slice(4).join(":");
                return asRegExp(pattern).test(given ?? "");
              })
            : textParts.length > 5 &&
              head.every((pattern, index) => asRegExp(pattern).test(textParts[index] ?? "")) &&
              asRegExp(last).test(textParts.slice(5).join(":"));
        assert.equal(matchesArn(patternParts.join(":"), textParts.join(":")), naive);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("a policy variable", () => {
  const home = "arn:aws:s3:::bucket/home/";
  const cases: readonly [pattern: string, arn: string, values: Record<string, string>, matches: boolean | undefined][] =
    [
      [`${home}\${aws:username}/*`, `${home}ann/x`, { "aws:username": "ann" }, true],
      [`${home}\${aws:username}/*`, `${home}bob/x`, { "aws:username": "ann" }, false],
      [`${home}\${AWS:UserName}`, `${home}ann`, { "aws:username": "ann" }, true],
      [`${home}\${aws:username}`, `${home}ann`, {}, undefined],
      [`${home}\${aws:username, 'nobody'}`, `${home}nobody`, {}, true],
      [`${home}\${aws:username,'nobody'}`, `${home}nobody`, { "aws:username": "ann" }, false],
      [`${home}\${aws:PrincipalTag/cost center}`, `${home}7`, { "aws:principaltag/cost center": "7" }, true],
      [`${home}\${aws:username}`, `${home}ann`, { "aws:username": "*" }, false],
      [`${home}\${*}`, `${home}*`, {}, true],
      [`${home}\${*}`, `${home}x`, {}, false],
      [`${home}\${?}\${$}{`, `${home}?\${`, {}, true],
      [`${home}$5`, `${home}$5`, {}, true],
      [`${home}\${aws:a}\${aws:b}`, `${home}xy`, { "aws:a": "x", "aws:b": "y" }, true],
      [`${home}\${aws:a}`, home, { "aws:a": "" }, true],
    ];
  for (const [pattern, arn, values, matches] of cases) {
    it(`makes ${pattern} ${matches === undefined ? "undecided" : String(matches)} for ${arn} given ${JSON.stringify(values)}`, () => {
      assert.equal(matchesArn(pattern, arn, values), matches);
    });
  }

  for (const malformed of ["${", "${}", "${aws:username", "${username}", "${aws:username, nobody}", "${a:${b:c}}"]) {
    it(`is refused when malformed: ${malformed}`, () => {
      assert.throws(() => readPattern(malformed, SYNTAX, "Statement[0].Resource"), {
        message: `Statement[0].Resource: got ${JSON.stringify(malformed)}, allowed variables like \${aws:username}, \${key, 'default'}, \${*}, \${?} or \${$}`,
      });
    });
  }

  it("is plain text where the version knows no variables", () => {
    const tokens = readPattern("a/${aws:username}", { wildcards: true, variables: false }, "test");
    assert.equal(compileText(tokens).matches("a/${aws:username}", nothing), true);
  });
});
