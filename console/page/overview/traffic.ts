/** What goes over each arrow right now, from one snapshot to the next. */
import type { Snapshot } from "../../model/wire";
import type { Live } from "../state/live";

export interface Flow {
  /** Since the stage started, both ways. */
  readonly total: number;
  readonly perSecond: number;
  /** What came in the last snapshot alone: forth and back. */
  readonly fresh: readonly [number, number];
}

/** Rates are taken over this long, so that they can be read. */
const SPAN_MS = 5_000;

export class Traffic {
  #snapshots: Snapshot[] = [];

  constructor({ snapshot }: Live) {
    snapshot.listen(() => {
      if (snapshot.value !== undefined) this.#take(snapshot.value);
    });
  }

  of(arrow: string): Flow {
    const [first, last] = [this.#snapshots[0], this.#snapshots.at(-1)];
    const before = this.#snapshots.at(-2);
    const [forth, back] = last?.counts[arrow] ?? [0, 0];
    const then = first?.counts[arrow] ?? [0, 0];
    const prior = before?.counts[arrow] ?? [forth, back];
    const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
    const moved = forth + back - then[0] - then[1];
    return {
      total: forth + back,
      perSecond: seconds > 0 ? moved / seconds : 0,
      fresh: [forth - prior[0], back - prior[1]],
    };
  }
  #take(snapshot: Snapshot): void {
    const last = this.#snapshots.at(-1);
    // A stage that has started again counts from nothing.
    if (last !== undefined && last.since !== snapshot.since) this.#snapshots = [];
    if (last?.at === snapshot.at) return;
    this.#snapshots = [...this.#snapshots, snapshot].filter(({ at }) => snapshot.at - at <= SPAN_MS + 500);
  }
}
