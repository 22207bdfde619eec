/** How far a mapping has come in each shard, on disk: after a restart it goes on from there. */
import { Journal, type Subject } from "../../../durable/journal";
import type { SegmentLogOptions } from "../../../durable/segment-log";

interface Change {
  readonly shard: string;
  /** Sequence number of the last record that is done with. */
  readonly sequence: string;
}

type Places = Record<string, string>;

export class Checkpoints implements Subject<Places, Change> {
  #journal: Journal<Places, Change> | undefined;
  #places: Places = {};

  static async open(folder: string, options: SegmentLogOptions): Promise<Checkpoints> {
    const checkpoints = new Checkpoints();
    checkpoints.#journal = await Journal.open(folder, checkpoints, options);
    return checkpoints;
  }

  /** Sequence number of the last record of the shard that is done with; nothing for a shard never read. */
  of(shard: string): string | undefined {
    return this.#places[shard];
  }

  async set(shard: string, sequence: string): Promise<void> {
    await this.#journal?.record({ shard, sequence });
  }

  async close(): Promise<void> {
    await this.#journal?.close();
  }

  restore(places: Places | undefined): void {
    this.#places = { ...places };
  }

  apply({ shard, sequence }: Change): void {
    this.#places[shard] = sequence;
  }

  snapshot(): Places {
    return { ...this.#places };
  }
}
