/**
 * Group commit: while one group of records is on its way to disk, everything appended meanwhile gathers into the next.
 * One group is in flight at a time. When a write fails, nothing more is taken: fail closed.
 */
import { setImmediate } from "node:timers/promises";
import { CommitGroup } from "./commit-group";
import { DurableError, explainCause } from "./durable-error";

export class GroupCommit {
  /** Takes what is appended now. */
  #gathering: CommitGroup;
  /** Of the group before, for the next: two buffers take turns. */
  #spareBuffer: Buffer | undefined;
  /** Settles with the newest group that holds records. */
  #newest: Promise<void> = Promise.resolve();
  /** Runs while there is something to write. */
  #writer: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #failure: DurableError | undefined;
  #isClosed = false;

  constructor(
    /** What is written, for messages. */
    readonly name: string,
    firstIndex: number,
    /** Resolves when a group's frames are on disk and may be read. */
    readonly write: (group: CommitGroup) => Promise<void>,
  ) {
    this.#gathering = new CommitGroup(firstIndex);
  }

  /** The index that the next record gets. */
  get next(): number {
    return this.#gathering.end;
  }

  /** Why nothing more is taken: a write failed, or the log was closed. */
  get refusal(): DurableError | undefined {
    return (
      this.#failure ?? (this.#isClosed ? new DurableError(`${this.name}: the log is closed; open it again`) : undefined)
    );
  }

  /** Appends records; resolves with the index of the first when all are on disk. */
  append(payloads: readonly Uint8Array[]): Promise<number> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    const group = this.#gathering;
    const first = group.end;
    if (payloads.length === 0) return Promise.resolve(first);
    for (const payload of payloads) group.add(payload);
    this.#newest = group.committed;
    this.#writer ??= this.#writeGroups();
    return group.committed.then(() => first);
  }

  /** Resolves when every record appended so far is on disk. */
  flush(): Promise<void> {
    return this.#failure === undefined ? this.#newest : Promise.reject(this.#failure);
  }

  /** Runs a task that writes beside the groups, while none is in flight. When it throws, the log fails closed too. */
  inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      if (this.#failure !== undefined) throw this.#failure;
      try {
        await task();
      } catch (error) {
        this.#failure = new DurableError(
          `${this.name}: cannot be written: ${explainCause(error)}; nothing acknowledged is lost, but no more records are taken until the cause is removed and the log is opened again`,
          { cause: error },
        );
        throw this.#failure;
      }
    });
    this.#turn = turn.catch(() => undefined); // who asked for the turn hears of it; the next one finds `#failure`
    return turn;
  }

  /** Takes no more records; resolves when the last group is written or refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writer;
    await this.#turn;
  }

  async #writeGroups(): Promise<void> {
    while (!this.#gathering.isEmpty) {
      await setImmediate(); // whatever this turn of the event loop still appends joins the group
      const group = this.#gathering;
      this.#gathering = new CommitGroup(group.end, this.#spareBuffer);
      try {
        await this.inTurn(() => this.write(group));
        group.acknowledge();
        this.#spareBuffer = group.releaseBuffer();
      } catch (error) {
        group.refuse(error);
        this.#gathering.refuse(error);
        this.#gathering = new CommitGroup(group.first);
      }
    }
    this.#writer = undefined;
  }
}
