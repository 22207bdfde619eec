/**
 * A small file that proves itself: one line of text (kind, format, CRC-32 and length of the body), then the body.
 * It is replaced whole, so it is never torn; when its proof fails, it was damaged afterwards and is refused.
 */
import { crc32 } from "node:zlib";
import { readIfPresent, replaceFile, type Disk } from "./disk";
import { DurableError } from "./durable-error";

const FORMAT = 1;
const FIRST_LINE = /^clickstream (\S+) (\d+) ([0-9a-f]{8}) (\d+)\n/;

/** What a checked file is, where it stands, and what its reader should do when it is damaged. */
export interface CheckedFile {
  readonly kind: string;
  readonly path: string;
  readonly remedy: string;
}

export async function writeCheckedFile(disk: Disk, { kind, path }: CheckedFile, body: Uint8Array): Promise<void> {
  const firstLine = `clickstream ${kind} ${FORMAT} ${checksumOf(body)} ${body.length}\n`;
  await replaceFile(disk, path, Buffer.concat([Buffer.from(firstLine), body]));
}

/** The body, or `undefined` when there is no such file. Throws a {@link DurableError} for one that fails its proof. */
export async function readCheckedFile({ kind, path, remedy }: CheckedFile): Promise<Buffer | undefined> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return undefined;

  const refuse = (what: string) => new DurableError(`${path}: ${what}; ${remedy}`);
  const [firstLine = "", foundKind, format, checksum, length] = FIRST_LINE.exec(bytes.toString("latin1", 0, 200)) ?? [];
  if (foundKind !== kind) throw refuse(`this is not a ${kind} file, or its first line is damaged`);
  if (Number(format) > FORMAT) {
    throw new DurableError(
      `${path}: written in format ${format}, this program reads up to ${FORMAT}; use the newer program that wrote it`,
    );
  }
  const body = bytes.subarray(firstLine.length);
  if (body.length !== Number(length)) throw refuse(`damaged: ${body.length} bytes where ${length} were written`);
  if (checksumOf(body) !== checksum)
    throw refuse(`damaged: checksum ${checksumOf(body)} where ${checksum} was written`);
  return body;
}

const checksumOf = (body: Uint8Array): string => crc32(body).toString(16).padStart(8, "0");
