/**
 * A state at one point of its change log, in one file: the index of the first change it does not contain, then the
 * state. The file is replaced whole and carries its checksum (`checked-file.ts`).
 */
import { join } from "node:path";
import { readCheckedFile, writeCheckedFile } from "./checked-file";
import type { Codec } from "./codec";
import type { Disk } from "./disk";
import { DurableError, explainCause } from "./durable-error";

export interface Snapshot<State> {
  /** The log index of the first change that the state does not contain. */
  readonly covers: number;
  readonly state: State;
}

const INDEX_BYTES = 8;
const REMEDY =
  "put the file back from a copy; the changes before it are no longer in the log, so without it the state is lost";

const snapshotFile = (folder: string) => ({ kind: "snapshot", path: join(folder, "snapshot"), remedy: REMEDY });

/** Writes an encoded state as the folder's snapshot, on disk when it resolves. */
export async function writeSnapshot(disk: Disk, folder: string, covers: number, state: Uint8Array): Promise<void> {
  const index = Buffer.alloc(INDEX_BYTES);
  index.writeBigUInt64LE(BigInt(covers));
  await writeCheckedFile(disk, snapshotFile(folder), Buffer.concat([index, state]));
}

/** The folder's snapshot, `undefined` when none was written yet. Throws a {@link DurableError} for a damaged one. */
export async function readSnapshot<State>(folder: string, codec: Codec<State>): Promise<Snapshot<State> | undefined> {
  const file = snapshotFile(folder);
  const body = await readCheckedFile(file);
  if (body === undefined) return undefined;
  try {
    return { covers: Number(body.readBigUInt64LE()), state: codec.decode(body.subarray(INDEX_BYTES)) };
  } catch (error) {
    throw new DurableError(`${file.path}: cannot be understood: ${explainCause(error)}; ${REMEDY}`, { cause: error });
  }
}
