/** Query strings as API Gateway reads them: percent-decoded UTF-8, `+` as space, the last value of a name. */
import { unescape } from "node:querystring";

/** Every value of every name, in the order sent; the empty name is no name. */
export function readQuery(rawQuery: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  if (rawQuery === "") return values;
  for (const pair of rawQuery.split("&")) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (name === "") continue;
    const value = equals < 0 ? "" : decode(pair.slice(equals + 1));
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}

/** Never fails: a broken escape stays as it is, bytes that are no UTF-8 become U+FFFD. */
function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? unescape(spaced) : spaced;
}
