/**
 * Java's regular expressions in JavaScript: the same matches where both agree, a refusal where they do not.
 * Does not prove: equality with java.util.regex beyond these cases; the expected values are from its documentation.
 */
import assert from "node:assert/strict";
import { JavaPattern } from "./java-pattern";
import { TemplateError } from "./value";

describe("A Java pattern", () => {
  const replacements: readonly (readonly [text: string, pattern: string, replacement: string, expected: string])[] = [
    ["it\\'s", "\\\\'", "'", "it's"],
    ["\\\\\\'", "\\\\'", "'", "\\\\'"],
    ["a.b.c", ".", "x", "xxxxx"],
    ["a.b.c", "\\.", "x", "axbxc"],
    ["2026-01-05", "(\\d+)-(\\d+)-(\\d+)", "$3/$2/$1", "05/01/2026"],
    ["cost", "c", "\\$", "$ost"],
    ["cost", "c", "$0$0", "ccost"],
    ["x", "x", "a$1".replace("$1", "\\\\"), "a\\"],
    ["a\nb", "a.b", "x", "a\nb"],
    ["a\u00a0b c", "\\s", "_", "a\u00a0b_c"],
    ["a\u00a0b c", "[\\s]", "_", "a\u00a0b_c"],
    ["a\u00a0b c", "\\S+", "x", "x x"],
    ["x]}y", "[\\]}]", "", "xy"],
    ["x]}y", "]}", "", "xy"],
    ["a-b^c", "[\\^\\-]", "", "abc"],
    ["aaa", "a{2}", "b", "ba"],
    ["aaa", "a+?", "b", "bbb"],
    ["ab12", "[a-z&]+", "", "12"],
    ["\u{1f600}!", "^.!", "ok", "ok"],
    ["x'y\"z", "['\"]", "", "xyz"],
    ["a/b", "/", "\\\\", "a\\b"],
    ["end\n", "d$", "D", "enD\n"],
  ];
  for (const [text, pattern, replacement, expected] of replacements) {
    it(`replaces ${pattern} in ${JSON.stringify(text)} by ${replacement}`, () => {
      assert.equal(JavaPattern.of(pattern).replaceAll(text, replacement), expected);
    });
  }

  it("matches the whole text only", () => {
    const status = JavaPattern.of("4\\d{2}");
    assert.deepEqual(
      ["400", "499", "4000", "500", "x400", "400\n"].map((text) => status.matches(text)),
      [true, true, false, false, false, false],
    );
    assert.equal(JavaPattern.of("a|b").matches("ab"), false);
    assert.equal(JavaPattern.of(".*Error.*").matches("An Error\nwith a second line"), false);
  });

  it("splits as Java does", () => {
    assert.deepEqual(JavaPattern.of(",").split("a,b,,c,,"), ["a", "b", "", "c"]);
    assert.deepEqual(JavaPattern.of(",").split(",a"), ["", "a"]);
    assert.deepEqual(JavaPattern.of("").split("abc"), ["a", "b", "c"]);
    assert.deepEqual(JavaPattern.of(",").split(""), [""]);
    assert.deepEqual(JavaPattern.of(",").split(",,"), []);
  });

  const refused = [
    "a*+",
    "a++",
    "(?>a)",
    "(?i)a",
    "(?<n>a)",
    "\\p{L}",
    "\\Qa\\E",
    "\\A",
    "\\z",
    "[a&&b]",
    "[a[b]]",
    "[\\S]",
    "\\x{1F600}",
    "\\0",
    "a{,2}",
    "{",
    "[a",
    "\\",
    "(a",
    "a)",
    "*",
  ];
  for (const pattern of refused) {
    it(`is refused: ${pattern}`, () => {
      assert.throws(() => JavaPattern.of(pattern), TemplateError);
    });
  }

  it("refuses a replacement with a stray sign", () => {
    assert.throws(() => JavaPattern.of("a").replaceAll("a", "$"), TemplateError);
    assert.throws(() => JavaPattern.of("a").replaceAll("a", "x\\"), TemplateError);
  });
});
