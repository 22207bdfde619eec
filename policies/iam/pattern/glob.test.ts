/** Patterns compared as sets, held against every short text over a small alphabet. Does not prove ARN's own rules. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { globHolds, globsMeet, matchesGlob } from "./glob";

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 5 });
/** Letters of the patterns, and one that no pattern spells out. */
const texts = words(["a", "b", "z"], 7);

describe("a glob", () => {
  it("matches as the regular expression does", () => {
    fc.assert(
      fc.property(pattern, fc.constantFrom(...texts), (glob, text) => {
        const expression = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        assert.equal(matchesGlob(glob, text), expression.test(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("meets another exactly where some text matches both", () => {
    fc.assert(
      fc.property(pattern, pattern, (left, right) => {
        const common = texts.some((text) => matchesGlob(left, text) && matchesGlob(right, text));
        assert.equal(globsMeet(left, right), common);
      }),
      { numRuns: 400 },
    );
  });

  it("holds another exactly where no text of the other escapes it", () => {
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        const escape = texts.find((text) => matchesGlob(inner, text) && !matchesGlob(outer, text));
        assert.equal(globHolds(outer, inner), escape === undefined, escape);
      }),
      { numRuns: 400 },
    );
  });

  it("is compared without blowing up", () => {
    const many = "a*".repeat(40);
    assert.equal(globHolds(`${many}b`, `${many}${many}b`), true);
    assert.equal(globHolds(`${many}${many}b`, `${many}b`), false);
    assert.equal(globsMeet(`${many}b`, `b${many}`), false);
    const long = `${"a?*".repeat(1000)}b`;
    assert.equal(globHolds(long, long.replaceAll("?", "c")), false);
    assert.equal(globHolds(long.replaceAll("?", ""), long), true);
  });
});

function words(letters: readonly string[], longest: number): readonly string[] {
  const all = [""];
  for (let from = 0, length = 0; length < longest; length++) {
    const until = all.length;
    for (; from < until; from++) for (const letter of letters) all.push(`${all[from] ?? ""}${letter}`);
  }
  return all;
}
