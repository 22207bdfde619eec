/** Headers that an API's configuration may set on its answers. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { StageError } from "../../../diagnostics";

/** What the endpoint itself decides. */
const OWN = [
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "server",
  "transfer-encoding",
  "upgrade",
  "x-amzn-requestid",
];

export function isOwnHeader(name: string): boolean {
  return OWN.includes(name.toLowerCase());
}

/** Whether a header can be sent as it is. */
export function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** @throws StageError when a header that the configuration names cannot be set */
export function checkHeader(name: string, value: string): void {
  if (isOwnHeader(name)) throw new StageError(`the header ${name} is the endpoint's own`);
  if (!isSendable(name, value)) throw new StageError(`the header ${name} cannot carry ${JSON.stringify(value)}`);
}

/** `'text'` -> `text`; nothing when it is not in single quotes. */
export function staticValue(expression: string): string | undefined {
  return /^'([^]*)'$/.exec(expression)?.[1];
}
