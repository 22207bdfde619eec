/**
 * Filter patterns against lines.
 * Does not prove: that CloudWatch Logs reads each pattern alike; the table follows the examples of its user guide.
 */
import assert from "node:assert/strict";
import { parseFilterPattern } from "./filter-pattern";

const JSON_LINE = JSON.stringify({ level: "ERROR", code: 503, request: { path: "/collect" }, none: null });

const CASES: readonly (readonly [pattern: string, line: string, matches: boolean])[] = [
  ["", "anything", true],
  ["ERROR", "[ERROR] it broke", true],
  ["ERROR", "[error] it broke", false],
  ["ERROR broke", "it broke: ERROR", true],
  ["ERROR broke", "it bent: ERROR", false],
  ['"it broke"', "ERROR it broke", true],
  ['"it broke"', "broke it", false],
  ['"say \\"no\\""', 'they say "no"', true],
  ["ERROR -Exiting", "ERROR here", true],
  ["ERROR -Exiting", "ERROR Exiting", false],
  ["?ERROR ?WARN", "WARN: low", true],
  ["?ERROR ?WARN", "INFO: fine", false],
  ['{ $.level = "ERROR" }', JSON_LINE, true],
  ["{ $.level = ERROR }", JSON_LINE, true],
  ['{$.level="ERR*"}', JSON_LINE, true],
  ['{ $.level != "ERROR" }', JSON_LINE, false],
  ['{ $.request.path = "/coll*" }', JSON_LINE, true],
  ['{ $.request.path = "/c.llect" }', JSON_LINE, false],
  ["{ $.code = 503 }", JSON_LINE, true],
  ["{ $.code >= 500 }", JSON_LINE, true],
  ["{ $.code < 500 }", JSON_LINE, false],
  ["{ $.code != 503 }", JSON_LINE, false],
  ["{ $.absent = 1 }", JSON_LINE, false],
  ["{ $.constructor != 1 }", JSON_LINE, false],
  ["{ $.code = 503 }", "code 503", false],
  ["{ $.code = 503 }", "{ code 503", false],
];

describe("Filter pattern", () => {
  for (const [pattern, line, matches] of CASES) {
    it(`${pattern || "(empty)"} ${matches ? "matches" : "does not match"} ${line}`, () =>
      assert.equal(parseFilterPattern(pattern)(line), matches));
  }

  for (const pattern of [
    "[ip, user]",
    "%AUTH[0-9]%",
    "ERROR ?WARN",
    "{ $.a = 1 && $.b = 2 }",
    "{ $.a IS NULL }",
    '{ $.a > "x" }',
    "{",
  ]) {
    it(`${pattern} is refused, for the stage does not follow it`, () =>
      assert.throws(() => parseFilterPattern(pattern), {
        code: "InvalidParameterException",
        message: /does not follow/,
      }));
  }
});
