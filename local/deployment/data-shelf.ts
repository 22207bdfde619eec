/**
 * Moves the data of resources out of the way of a deployment. What is moved can be put back until the deployment is
 * recorded, also after a crash in its midst: a file says what was moved, and for which serial.
 */
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readCheckedFile, writeCheckedFile, type CheckedFile } from "../durable/checked-file";
import { createFolder, machineDisk, withoutSync, type Disk } from "../durable/disk";
import { codeOf } from "../durable/durable-error";

export interface Move {
  readonly from: string;
  readonly to: string;
  /** Whether it is deleted once the deployment is recorded; else it stays where it was moved to. */
  readonly discard: boolean;
}

const file = z.object({
  serial: z.int(),
  moves: z.array(z.object({ from: z.string(), to: z.string(), discard: z.boolean() })),
});

export class DataShelf {
  readonly #file: CheckedFile;
  readonly #disk: Disk;

  constructor(
    private readonly folder: string,
    sync: boolean,
  ) {
    this.#disk = sync ? machineDisk : withoutSync(machineDisk);
    const remedy = "put what is in the folder beside it back by hand, and delete it";
    this.#file = { kind: "moves", path: join(folder, "moves"), remedy };
  }

  /** @param serial the serial that the state will have once the deployment is recorded */
  async move(serial: number, moves: readonly Move[]): Promise<void> {
    if (moves.length === 0) return;
    await createFolder(this.#disk, this.folder);
    await writeCheckedFile(this.#disk, this.#file, Buffer.from(JSON.stringify({ serial, moves })));
    for (const { from, to } of moves) await moveIfPresent(this.#disk, from, to);
  }

  /** Undoes or finishes what was moved, by whether the deployment was recorded. */
  async settle(serial: number): Promise<void> {
    const body = await readCheckedFile(this.#file);
    if (body === undefined) return;
    const { serial: meant, moves } = file.parse(JSON.parse(body.toString("utf8")));
    if (serial < meant) await this.#putBack(moves);
    else for (const { to, discard } of moves) if (discard) await rm(to, { recursive: true, force: true });
    await rm(this.#file.path, { force: true });
  }

  async #putBack(moves: readonly Move[]): Promise<void> {
    for (const { from, to } of moves) {
      // Whatever a deployment that failed made in its place is nobody's.
      if (await moveIfPresent(this.#disk, to, `${from}.back`)) {
        await rm(from, { recursive: true, force: true });
        await rename(`${from}.back`, from);
      } else await moveIfPresent(this.#disk, `${from}.back`, from);
    }
  }
}

async function moveIfPresent(disk: Disk, from: string, to: string): Promise<boolean> {
  await createFolder(disk, dirname(to));
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
