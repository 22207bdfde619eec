/**
 * One process at a time. The lock is a folder of numbered files: the highest number holds it, and each file says who
 * made it; an empty one was released (emptying it needs no space on a full disk). A process takes the lock by making the
 * file that follows one whose holder is gone; the file system lets only one process do that. Numbers never come back,
 * so nobody can mistake a new holder for the dead one it looked at before.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, truncate, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "./disk";
import { codeOf, DataFolderError } from "./durable-error";
import { isRunning, ownIdentity, parseIdentity, printIdentity, type ProcessIdentity } from "./process-identity";

const RELEASED = "";

export class FolderLock {
  readonly #folder: string;
  readonly #number: number;

  /**
   * Takes the lock of a folder, over from a dead process if need be, which is said. Throws a {@link DataFolderError}
   * while another process, or another part of this one, holds it.
   */
  static async take(folder: string, onNotice: (line: string) => void): Promise<FolderLock> {
    await mkdir(lockPath(folder), { recursive: true });
    for (;;) {
      const numbers = await lockNumbers(folder);
      const highest = numbers.at(-1);
      const last = highest === undefined ? RELEASED : (await readIfPresent(lockPath(folder, highest)))?.toString();
      if (last === undefined) continue; // a newer holder removed it: look again
      const dead = last === RELEASED ? undefined : deadHolder(folder, lockPath(folder, highest ?? 0), last);

      const mine = (highest ?? 0) + 1;
      if (!(await createLock(folder, mine))) continue; // another process was faster: look at that one
      if ((await lockNumbers(folder)).at(-1) !== mine) {
        await removeIfPresent(lockPath(folder, mine)); // a newer holder came and removed what was looked at
        continue;
      }
      for (const number of numbers) await removeIfPresent(lockPath(folder, number));
      if (dead !== undefined) onNotice(`${folder}: taken over from process ${dead.pid}, which ended without a goodbye`);
      return new FolderLock(folder, mine);
    }
  }

  private constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
  }

  /** Lets the next process in. The file stays, to keep the count. */
  async release(): Promise<void> {
    await truncate(lockPath(this.#folder, this.#number));
  }
}

const lockPath = (folder: string, ...name: readonly (number | string)[]) => join(folder, "lock", ...name.map(String));

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(lockPath(folder));
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return numbers.sort((a, b) => a - b);
}

/** The holder that a lock file names, known to be gone. */
function deadHolder(folder: string, path: string, content: string): ProcessIdentity {
  const holder = parseIdentity(content);
  if (holder === undefined) {
    throw new DataFolderError(
      `${path}: says nothing about who holds the folder; when no process uses it, remove this file`,
    );
  }
  const running = isRunning(holder);
  switch (running) {
    case false:
      return holder;
    case true:
      throw new DataFolderError(
        `${folder}: in use by process ${holder.pid}; one process at a time: stop it, or use another folder`,
      );
    case "unknown":
      throw new DataFolderError(
        `${folder}: in use by process ${holder.pid} of machine ${holder.host}, which cannot be asked from here; when it no longer uses the folder, remove ${path}`,
      );
  }
}

/** Makes a lock file with its content in one step; `false` when the number is taken. */
async function createLock(folder: string, number: number): Promise<boolean> {
  const draft = lockPath(folder, `${randomUUID()}.tmp`);
  try {
    await writeFile(draft, printIdentity(ownIdentity()), { flush: true });
    await link(draft, lockPath(folder, number));
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await removeIfPresent(draft);
  }
}

async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
