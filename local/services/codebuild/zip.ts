/**
 * Zip archives, as artifacts travel between the actions of a pipeline: deflated, with UTF-8 names and the permission to
 * execute. Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16 and 4.5.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export interface ZipFile {
  /** With forward slashes, relative to the archive's root. */
  readonly path: string;
  readonly content: Buffer;
  readonly isExecutable?: boolean;
}

export class ZipError extends Error {
  override readonly name = "ZipError";
}

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const MOST_FILES = 65_535;
const UTF8 = 0x0800;
const STORED = 0;
const DEFLATED = 8;
/** Made on Unix: the upper half of the attributes is the file's mode. */
const UNIX = 3 << 8;
/** Bytes that everything in an archive may unpack to. */
const LARGEST_CONTENT = 1024 * 2 ** 20;

/** The same archive for the same files: times are left out. @throws ZipError for more files than an archive can have */
export function writeZip(files: readonly ZipFile[]): Buffer {
  if (files.length > MOST_FILES) throw new ZipError(`${files.length} files: an archive has ${MOST_FILES} at most`);
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { path, content, isExecutable = false } of files) {
    const name = Buffer.from(path, "utf8");
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATED, 4);
    // 1 January 1980: no time at all.
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(numbers(LOCAL), common, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((isExecutable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(UNIX | 20);
    directory.push(numbers(ENTRY), madeBy, common, rest, name);
    at += 30 + name.length + packed.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(END_LENGTH);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, index, end]);
}

/** Files of an archive, folders left out. @throws ZipError when it is none, damaged, or reaches out of its root */
export function readZip(archive: Buffer): ZipFile[] {
  const end = findEnd(archive);
  const files: ZipFile[] = [];
  let at = archive.readUInt32LE(end + 16);
  let total = 0;
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY) throw new ZipError("its directory is damaged");
    const nameLength = archive.readUInt16LE(at + 28);
    const path = archive.toString("utf8", at + 46, at + 46 + nameLength);
    total += archive.readUInt32LE(at + 24);
    if (total > LARGEST_CONTENT) throw new ZipError(`it unpacks to more than ${LARGEST_CONTENT} bytes`);
    if (!path.endsWith("/")) files.push(readEntry(archive, at, checkPath(path)));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

function numbers(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}

function findEnd(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = archive.length - END_LENGTH; at >= first; at--) if (archive.readUInt32LE(at) === END) return at;
  throw new ZipError("it is no zip archive");
}

function checkPath(path: string): string {
  const isInside = !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
  if (isInside && path !== "") return path;
  throw new ZipError(`it has a file ${JSON.stringify(path)}, which is outside of it`);
}

function readEntry(archive: Buffer, entry: number, path: string): ZipFile {
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  if (local + 30 > archive.length) throw new ZipError(`${path} is damaged`);
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const raw = archive.subarray(from, from + archive.readUInt32LE(entry + 20));
  if (method !== STORED && method !== DEFLATED) throw new ZipError(`${path} is packed by method ${method}`);
  const content = method === STORED ? Buffer.from(raw) : inflate(raw, path, size);
  if (content.length !== size || crc32(content) !== archive.readUInt32LE(entry + 16)) {
    throw new ZipError(`${path} is damaged`);
  }
  const isUnix = archive.readUInt16LE(entry + 4) >> 8 === 3;
  const mode = archive.readUInt32LE(entry + 38) >>> 16;
  return { path, content, isExecutable: isUnix && (mode & 0o100) !== 0 };
}

function inflate(raw: Buffer, path: string, size: number): Buffer {
  try {
    return inflateRawSync(raw, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw new ZipError(`${path} cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
