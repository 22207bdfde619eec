/**
 * The few calls by which bytes become durable. Everything the log, the journal and their small files write goes through
 * a `Disk`, so that a test or a fault injection can make it full, slow or broken.
 */
import { writeSync } from "node:fs";
import { mkdir, open, readFile, rename, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { codeOf } from "./durable-error";

export interface Disk {
  /** Writes at `position` (bytes) and answers how many bytes it took, which may be fewer than given. */
  write(file: FileHandle, bytes: Uint8Array, position: number): Promise<number>;
  /** Ends the file at `size` bytes. */
  truncate(file: FileHandle, size: number): Promise<void>;
  /** Resolves when the file's bytes and its length survive a power failure. */
  sync(file: FileHandle): Promise<void>;
  /** Resolves when the names in a folder (files created, renamed, removed) survive a power failure. */
  syncFolder(folder: string): Promise<void>;
}

/** A write of up to this many bytes ends in the page cache sooner than another thread could be woken for it. */
const AT_ONCE_BYTES = 64 * 1024;

/** The disk of this machine. */
export const machineDisk: Disk = {
  async write(file, bytes, position) {
    if (bytes.length <= AT_ONCE_BYTES) return writeSync(file.fd, bytes, 0, bytes.length, position);
    return (await file.write(bytes, 0, bytes.length, position)).bytesWritten;
  },

  truncate: (file, size) => file.truncate(size),

  sync: (file) => file.datasync(),

  async syncFolder(folder) {
    if (process.platform === "win32") return; // Windows opens no folders; NTFS journals names by itself
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** The same disk without the waiting: data survives a killed process, but not a power failure. */
export function withoutSync(disk: Disk): Disk {
  return {
    write: (file, bytes, position) => disk.write(file, bytes, position),
    truncate: (file, size) => disk.truncate(file, size),
    sync: async () => {},
    syncFolder: async () => {},
  };
}

/** Writes all bytes at `position`, however many calls the disk needs for them. */
export async function writeFully(disk: Disk, file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await disk.write(file, done === 0 ? bytes : bytes.subarray(done), position + done);
    if (written === 0) throw new Error("the disk takes no more bytes");
    done += written;
  }
}

/** Puts a file in place whole: after a crash the path holds the old content or the new, never a mixture. */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.tmp`;
  const file = await open(draft, "w");
  try {
    await writeFully(disk, file, bytes, 0);
    await disk.sync(file);
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await disk.syncFolder(dirname(path));
}

/** Creates a folder and whatever is missing above it, on disk with their names. */
export async function createFolder(disk: Disk, folder: string): Promise<void> {
  const topmost = await mkdir(folder, { recursive: true });
  if (topmost === undefined) return;
  const above = dirname(resolve(topmost));
  for (let created = resolve(folder); created !== above; created = dirname(created)) {
    await disk.syncFolder(dirname(created));
  }
}

/** A whole file, `undefined` when there is none. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
