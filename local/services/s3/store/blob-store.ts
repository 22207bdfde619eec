/**
 * The bytes of a bucket's objects: one file per upload or part, written once and never changed. A file counts only once
 * the bucket's journal names it, so what a crash leaves half written is nobody's and is swept away at the next opening.
 */
import { randomBytes } from "node:crypto";
import { open, readdir, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { fileNameOf } from "../../../durable/data-folder";
import { createFolder, machineDisk, withoutSync, writeFully, type Disk } from "../../../durable/disk";
import { codeOf, DurableError } from "../../../durable/durable-error";
import type { Blob } from "./version";

export interface BlobStoreOptions {
  /** False only for tests and one-off runs. @default true */
  readonly sync?: boolean;
  /** @default the disk of this machine */
  readonly disk?: Disk;
}

const COPY_BYTES = 2 ** 20;

export class BlobStore {
  readonly #folder: string;
  readonly #disk: Disk;
  #folderSync: Promise<void> | undefined;
  #nextFolderSync: Promise<void> | undefined;

  static async open(folder: string, { sync = true, disk = machineDisk }: BlobStoreOptions): Promise<BlobStore> {
    const used = sync ? disk : withoutSync(disk);
    await createFolder(used, folder);
    return new BlobStore(folder, used);
  }

  private constructor(folder: string, disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
  }

  /** Resolves when the bytes are on disk under a new name. */
  write(key: string, content: Uint8Array): Promise<Blob> {
    return this.#create(key, async (file) => {
      await writeFully(this.#disk, file, content, 0);
      return content.length;
    });
  }

  /** Writes the bytes of blobs of any store, one behind the other, as a new one; nothing when a blob is gone. */
  async copyFrom(source: BlobStore, key: string, blobs: readonly Blob[]): Promise<Blob | undefined> {
    try {
      return await this.#create(key, async (file) => {
        const size = sizeOf(blobs);
        for (let done = 0; done < size; done += COPY_BYTES) {
          const run = pieces(blobs, done, Math.min(size, done + COPY_BYTES));
          const bytes = await Promise.all(run.map((piece) => source.#readPiece(piece)));
          await writeFully(this.#disk, file, Buffer.concat(bytes), done);
        }
        return size;
      });
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Bytes `from` up to, not including, `to` of what the blobs hold together; nothing when a blob is gone. */
  async read(blobs: readonly Blob[], from: number, to: number): Promise<Buffer | undefined> {
    try {
      const read = await Promise.all(pieces(blobs, from, to).map((piece) => this.#readPiece(piece)));
      return read.length === 1 ? read[0] : Buffer.concat(read);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Removes files whose release is on disk. One that is gone already is no fault. */
  async remove(blobs: readonly Blob[]): Promise<void> {
    await Promise.all(blobs.map(({ file }) => this.#unlink(file)));
  }

  /**
   * Removes every file that is not named, and checks that each that is named is there.
   * @param needed each file with the key whose bytes it holds
   * @throws DurableError when a file is missing
   */
  async sweep(needed: Iterable<readonly [file: string, key: string]>): Promise<void> {
    const found = new Set(await readdir(this.#folder));
    for (const [file, key] of needed) {
      if (found.delete(file)) continue;
      throw new DurableError(
        `${join(this.#folder, file)}: the content of object ${JSON.stringify(key)} is missing; put the file back from a copy`,
      );
    }
    for (const file of found) await this.#unlink(file);
  }

  async #create(key: string, fill: (file: FileHandle) => Promise<number>): Promise<Blob> {
    const name = blobNameOf(key, randomBytes(6).toString("hex"));
    const file = await open(join(this.#folder, name), "wx");
    try {
      const size = await fill(file)
        .finally(() => this.#disk.sync(file))
        .finally(() => file.close());
      await this.#syncFolder();
      return { file: name, size };
    } catch (error) {
      await this.#unlink(name);
      throw error;
    }
  }

  async #readPiece({ file: name, from, to }: Piece): Promise<Buffer> {
    const path = join(this.#folder, name);
    const file = await open(path, "r");
    try {
      const bytes = Buffer.allocUnsafeSlow(to - from);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
        if (bytesRead === 0) throw new DurableError(`${path}: ends before byte ${to}; put the file back from a copy`);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async #unlink(name: string): Promise<void> {
    try {
      await unlink(join(this.#folder, name));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }

  /** Writers that come while the folder is being synced share the sync after it. */
  #syncFolder(): Promise<void> {
    this.#nextFolderSync ??= (this.#folderSync ?? Promise.resolve())
      .catch(() => undefined) // its own writers have heard of it
      .then(() => {
        this.#folderSync = this.#nextFolderSync;
        this.#nextFolderSync = undefined;
        return this.#disk.syncFolder(this.#folder);
      });
    return this.#nextFolderSync;
  }
}

/** A readable name for a person who looks into the folder, told apart from others of its key by an id. */
export function blobNameOf(key: string, id: string): string {
  return `${fileNameOf(key)}@${id}`;
}

interface Piece {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** Where a range of bytes lies in the files. */
function pieces(blobs: readonly Blob[], from: number, to: number): Piece[] {
  const found: Piece[] = [];
  let start = 0;
  for (const { file, size } of blobs) {
    const piece = { file, from: Math.max(0, from - start), to: Math.min(size, to - start) };
    if (piece.from < piece.to) found.push(piece);
    start += size;
  }
  return found;
}

function sizeOf(blobs: readonly Blob[]): number {
  return blobs.reduce((total, { size }) => total + size, 0);
}
