/**
 * `$util.escapeJavaScript`: StringEscapeUtils.escapeJavaScript of Apache commons-lang 2, the function that API Gateway
 * offers under this name. Its `\'` is no escape of JSON.
 */

/** Everything but printable ASCII (and DEL), and of that both quotes, the backslash and the slash. */
const TO_ESCAPE = /[^ !#-&(-.0-[\]-\x7f]/g;

const NAMED: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\n": "\\n",
  "\t": "\\t",
  "\f": "\\f",
  "\r": "\\r",
  "'": "\\'",
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
};

export function escapeJavaScript(text: string): string {
  return text.replace(
    TO_ESCAPE,
    (unit) => NAMED[unit] ?? `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
