/**
 * One file out of a zip archive, as CodePipeline packs its artifacts: stored or deflated, found by the central directory.
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { crc32, inflateRawSync } from "node:zlib";

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

export class ZipError extends Error {
  override readonly name = "ZipError";
}

/**
 * @param path inside the archive, with forward slashes
 * @param longest bytes that the file may have: what unpacks to more is refused
 * @throws ZipError when there is no such file, or the archive is damaged
 */
export function readZipEntry(archive: Buffer, path: string, longest: number): Buffer {
  const end = findEnd(archive);
  let at = archive.readUInt32LE(end + 16);
  const paths: string[] = [];
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY) throw new ZipError("its directory is damaged");
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    if (name === path) return unpack(archive, at, name, longest);
    paths.push(name);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new ZipError(`it has no file ${path}, only ${paths.slice(0, 20).join(", ")}`);
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = archive.length - END_LENGTH; at >= first; at--) if (archive.readUInt32LE(at) === END) return at;
  throw new ZipError("it is no zip archive");
}

function unpack(archive: Buffer, entry: number, name: string, longest: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packed = archive.readUInt32LE(entry + 20);
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  if (size > longest) throw new ZipError(`${name} has ${size} bytes, allowed are ${longest}`);
  // The local header repeats the name, and may have an extra field of its own length.
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const raw = archive.subarray(from, from + packed);
  const content = method === STORED ? raw : method === DEFLATED ? inflate(raw, name, longest) : undefined;
  if (content === undefined) throw new ZipError(`${name} is packed by method ${method}, allowed are 0 and 8`);
  if (crc32(content) !== archive.readUInt32LE(entry + 16)) throw new ZipError(`${name} is damaged`);
  return content;
}

function inflate(raw: Buffer, name: string, longest: number): Buffer {
  try {
    return inflateRawSync(raw, { maxOutputLength: longest });
  } catch (error) {
    throw new ZipError(`${name} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
