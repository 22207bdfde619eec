/**
 * The `aws-chunked` content coding: an upload in chunks with their sizes before them and, where the client announces it,
 * checksums behind them.
 *
 *   2000;chunk-signature=<64 digits>\r\n  <8,192 bytes>\r\n  ...  0;chunk-signature=...\r\n  x-amz-checksum-crc32:...\r\n\r\n
 *
 * The chunks' own signatures are not checked: the request's headers are signed, and nothing between client and stage
 * leaves the machine. Source: S3 API reference, "Signature calculations: transferring payload in multiple chunks".
 */
import { AwsError } from "../../service";

export interface Unchunked {
  readonly content: Buffer;
  /** Lower-case names. */
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = "\r\n";

/** Longest line before a chunk: its size and its signature. */
const LONGEST_SIZE_LINE = 256;
const SIZE_LINE = /^([0-9a-fA-F]{1,8})(?:;.*)?$/;
const TRAILER = /^([A-Za-z0-9-]+):[ \t]*(.*?)[ \t]*$/;

/**
 * @param length bytes of content that the client announced (`x-amz-decoded-content-length`)
 * @throws AwsError when a chunk is cut short, a line cannot be read, or the content is not as long as announced
 */
export function unchunk(body: Buffer, length: number): Unchunked {
  const chunks: Buffer[] = [];
  let position = 0;
  let total = 0;
  for (;;) {
    const size = readSize(body, position);
    const start = body.indexOf(CRLF, position) + CRLF.length;
    if (size === 0) {
      position = start;
      break;
    }
    const end = start + size;
    if (body.length < end + CRLF.length || body.toString("latin1", end, end + CRLF.length) !== CRLF) throw incomplete();
    chunks.push(body.subarray(start, end));
    total += size;
    position = end + CRLF.length;
  }
  if (total !== length) throw incomplete();
  const [only] = chunks;
  const content = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, total);
  return { content, trailers: readTrailers(body.toString("latin1", position)) };
}

function readSize(body: Buffer, position: number): number {
  const end = body.subarray(position, position + LONGEST_SIZE_LINE).indexOf(CRLF);
  const [, size] = end < 0 ? [] : (SIZE_LINE.exec(body.toString("latin1", position, position + end)) ?? []);
  if (size === undefined) throw incomplete();
  return parseInt(size, 16);
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const [, name, value] = TRAILER.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new AwsError("MalformedTrailerError", "The request contained trailing data that was not well-formed.");
    }
    trailers[name.toLowerCase()] = value;
  }
  return trailers;
}

function incomplete(): AwsError {
  return new AwsError(
    "IncompleteBody",
    "The request body is not the chunks it announces: a chunk is cut short, or their sizes do not add up to x-amz-decoded-content-length.",
  );
}
