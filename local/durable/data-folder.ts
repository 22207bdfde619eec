/**
 * The folder in which a stage keeps everything it must not lose. It is ours (a VERSION file says so), in a format this
 * program reads, writable, and used by one process at a time; a folder that is not is refused in one line.
 *
 *   VERSION     "clickstream data format 1"
 *   lock/       who uses the folder (folder-lock.ts)
 *   state/      one folder per service and resource
 */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createFolder, machineDisk, readIfPresent, replaceFile } from "./disk";
import { DataFolderError, explainCause } from "./durable-error";
import { FolderLock } from "./folder-lock";

/** The format this program writes, and the newest it reads. */
export const DATA_FORMAT = 1;

/** File systems take 255 bytes per name. */
const MAX_NAME_BYTES = 240;

export interface DataFolderOptions {
  /** Hears, in one line each, what opening the folder put right. @default a process warning */
  readonly onNotice?: (line: string) => void;
}

export class DataFolder {
  readonly #lock: FolderLock;
  #closing: Promise<void> | undefined;

  /**
   * Opens a data folder, which is created when absent. Throws a {@link DataFolderError} for a folder that holds other
   * things, was written in a newer format, cannot be written, or is in use.
   */
  static async open(path: string, options: DataFolderOptions = {}): Promise<DataFolder> {
    const { onNotice = (line) => process.emitWarning(line) } = options;
    try {
      await createFolder(machineDisk, path);
      await checkMark(path);
      const lock = await FolderLock.take(path, onNotice);
      try {
        if ((await checkMark(path)) === "absent") await markAsOurs(path);
        return new DataFolder(path, lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      if (error instanceof DataFolderError) throw error;
      throw new DataFolderError(
        `${path}: cannot be used as the data folder: ${explainCause(error)}; make it writable, or use another folder`,
        { cause: error },
      );
    }
  }

  private constructor(
    readonly path: string,
    lock: FolderLock,
  ) {
    this.#lock = lock;
  }

  /**
   * The path of the folder for a resource, e.g. `subfolder("kinesis", "raw-stream")`. Any name is safe: see
   * {@link fileNameOf}. The folder itself is created by whoever writes to it.
   */
  subfolder(...names: readonly [string, ...string[]]): string {
    return join(this.path, "state", ...names.map(fileNameOf));
  }

  /** Lets the next process use the folder. Close what writes into it first. */
  close(): Promise<void> {
    this.#closing ??= this.#lock.release();
    return this.#closing;
  }
}

/** Refuses a folder that is not ours or was written in another format; answers whether it is marked as ours yet. */
async function checkMark(path: string): Promise<"present" | "absent"> {
  const others = (await readdir(path)).filter((name) => !REMNANTS.includes(name));
  const version = await readVersion(path); // read after the listing: who marks a folder does so before filling it
  if (version === undefined && others.length > 0) {
    throw new DataFolderError(
      `${path}: not empty, and not a data folder of this program (it has no VERSION file); use an empty or a new folder`,
    );
  }
  if (version !== undefined && version !== DATA_FORMAT) {
    throw new DataFolderError(
      `${path}: written in data format ${version}, this program reads format ${DATA_FORMAT}; use the program that wrote it, or another folder`,
    );
  }
  return version === undefined ? "absent" : "present";
}

/** What a first opening may leave behind when it is cut short before it marks the folder. */
const REMNANTS: readonly string[] = ["lock", "VERSION.tmp"];

const MARK = /^clickstream data format (\d+)\n$/;

async function readVersion(path: string): Promise<number | undefined> {
  const text = (await readIfPresent(join(path, "VERSION")))?.toString();
  if (text === undefined) return undefined;
  const [, format] = MARK.exec(text) ?? [];
  if (format !== undefined) return Number(format);
  throw new DataFolderError(
    `${join(path, "VERSION")}: not the mark of a data folder (got ${JSON.stringify(text.slice(0, 40))}, expected "clickstream data format ${DATA_FORMAT}"); use an empty or a new folder`,
  );
}

async function markAsOurs(path: string): Promise<void> {
  await replaceFile(machineDisk, join(path, "VERSION"), Buffer.from(`clickstream data format ${DATA_FORMAT}\n`));
}

/**
 * A name as a file name: lower-case letters, digits, `-`, `_` and inner dots stand for themselves, every other byte is
 * percent-encoded as in a URL. Capitals are encoded too, because on many file systems `Raw` and `raw` are one file.
 * A name too long for a file system is cut and told apart by its hash.
 */
export function fileNameOf(name: string): string {
  if (name === "") throw new DataFolderError("a folder for a resource needs a name, got an empty one");
  const encoded = name.replace(/[^a-z0-9._-]|^\.|\.$/gu, (char) =>
    Buffer.from(char).reduce((text, byte) => `${text}%${byte.toString(16).padStart(2, "0").toUpperCase()}`, ""),
  );
  if (encoded.length <= MAX_NAME_BYTES) return encoded;
  const hash = `~${createHash("sha256").update(name).digest("hex")}`;
  return encoded.slice(0, MAX_NAME_BYTES - hash.length) + hash;
}
