/**
 * escapeJavaScript against the published behaviour of commons-lang 2, and against JSON.
 * Does not prove: that API Gateway uses this very version.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeJavaScript } from "./escape";

describe("escapeJavaScript", () => {
  const vectors: readonly (readonly [text: string, expected: string])[] = [
    [`He didn't say, "Stop!"`, `He didn\\'t say, \\"Stop!\\"`],
    ["</script>", "<\\/script>"],
    ["a\\b", "a\\\\b"],
    ["\b\t\n\f\r", "\\b\\t\\n\\f\\r"],
    ["\u0000\u0001\u000b\u001f", "\\u0000\\u0001\\u000B\\u001F"],
    ["\u007f\u0080\u00e9", "\u007f\\u0080\\u00E9"],
    ["\u0100\u0fff\u1000\uabcd", "\\u0100\\u0FFF\\u1000\\uABCD"],
    ["\u{1f600}", "\\uD83D\\uDE00"],
    ["\u2028", "\\u2028"],
    [" !#$%&()*+,-.0:;<=>?@A[]^_`a{|}~", " !#$%&()*+,-.0:;<=>?@A[]^_`a{|}~"],
  ];
  for (const [text, expected] of vectors) {
    it(`writes ${JSON.stringify(text)} as ${expected}`, () => assert.equal(escapeJavaScript(text), expected));
  }

  it("is JSON's escape once the quote's backslash is taken off", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(JSON.parse(`"${escapeJavaScript(text).replaceAll("\\'", "'")}"`), text);
      }),
    );
  });
});
