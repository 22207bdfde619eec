/**
 * How far a delivery stream has come, as its journal keeps it.
 *
 * Why every record is in the archive exactly once: before a batch is written to S3, the journal is told its bounds and the
 * object's key (`seal`); after S3 has acknowledged the object, that the batch is delivered (`deliver`). A crash between
 * the two leaves a sealed batch: the same records are read again and written to the same key, over the object that may be
 * there. No other batch can begin before the sealed one is delivered, so no record is in two objects; and positions only
 * move with `deliver`, so none is in none.
 */
import type { Subject } from "../../durable/journal";
import type { Positions } from "./source";

/** A batch whose bounds are decided. */
export interface Sealed {
  /** The last record of each part that belongs to it; the first is the next behind the position. */
  readonly until: Positions;
  readonly key: string;
  /** The same for the same records. */
  readonly id: string;
  /** Arrival of the oldest record, milliseconds since the epoch. */
  readonly oldest: number;
  readonly records: number;
  /** Milliseconds since the epoch. */
  readonly sealedAt: number;
}

export type ProgressChange =
  | { readonly kind: "begin"; readonly at: number }
  | { readonly kind: "seal"; readonly batch: Sealed }
  | { readonly kind: "deliver" };

export interface ProgressSnapshot {
  readonly begun: number | undefined;
  readonly positions: Positions;
  readonly sealed: Sealed | undefined;
}

export class Progress implements Subject<ProgressSnapshot, ProgressChange> {
  #state: ProgressSnapshot = { begun: undefined, positions: {}, sealed: undefined };

  /** When the delivery stream was first seen, milliseconds since the epoch; nothing before that is recorded. */
  get begun(): number | undefined {
    return this.#state.begun;
  }

  /** The last delivered record of each part. */
  get positions(): Positions {
    return this.#state.positions;
  }

  /** The batch that is being delivered. */
  get sealed(): Sealed | undefined {
    return this.#state.sealed;
  }

  restore(snapshot: ProgressSnapshot | undefined): void {
    if (snapshot !== undefined) this.#state = snapshot;
  }

  apply(change: ProgressChange): void {
    const { positions, sealed } = this.#state;
    switch (change.kind) {
      case "begin":
        this.#state = { ...this.#state, begun: change.at };
        return;
      case "seal":
        this.#state = { ...this.#state, sealed: change.batch };
        return;
      case "deliver":
        this.#state = { ...this.#state, positions: { ...positions, ...sealed?.until }, sealed: undefined };
        return;
    }
  }

  snapshot(): ProgressSnapshot {
    return this.#state;
  }
}
