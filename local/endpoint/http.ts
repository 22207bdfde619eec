/** Requests and replies of the endpoint, whatever version of HTTP carried them. */
import type { Readable } from "node:stream";

export interface Request {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query string as sent, without the question mark. */
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Address the connection came from. */
  readonly remoteAddress: string;
}

export interface Reply {
  readonly status: number;
  /** A list for a header that comes more than once, such as `set-cookie`. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
  /** Takes the place of the body where it has no end yet; it is destroyed when the client goes away. */
  readonly stream?: Readable;
}

/** Percent-decodes one path segment or value; a broken escape stays as it is. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
