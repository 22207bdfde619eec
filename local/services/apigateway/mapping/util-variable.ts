/** `$util`: the functions that API Gateway gives to mapping templates. */
import { unescape } from "node:querystring";
import { escapeJavaScript } from "../velocity/escape";
import { fromJson, HostObject, print, TemplateError, type Value } from "../velocity/value";

const FUNCTIONS: Readonly<Record<string, (text: string) => Value>> = {
  escapeJavaScript,
  parseJson,
  urlEncode,
  urlDecode: (text) => unescape(text.replaceAll("+", " ")),
  base64Encode: (text) => Buffer.from(text, "utf8").toString("base64"),
  base64Decode: (text) => Buffer.from(text, "base64").toString("utf8"),
};

export class UtilVariable extends HostObject {
  readonly title = "$util";

  property(): Value {
    return null;
  }

  /** Of nothing comes nothing. */
  call(name: string, args: readonly Value[]): Value {
    const [argument] = args;
    const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (run === undefined || argument === undefined || args.length !== 1) return this.refuseCall(name);
    return argument === null ? null : run(print(argument));
  }
}

function parseJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text));
  } catch {
    throw new TemplateError("parseJson of what is no JSON");
  }
}

/** As Java's URLEncoder writes a form. */
function urlEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"))
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
