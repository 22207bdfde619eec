/**
 * A small state to keep in a journal: how often each name was counted, and how many changes there were.
 */
import { Journal, type JournalOptions, type Subject } from "../journal";

export interface TallySnapshot {
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface TallyChange {
  readonly name: string;
  readonly by: number;
}

export class Tally implements Subject<TallySnapshot, TallyChange> {
  total = 0;
  readonly counts = new Map<string, number>();
  /** How often `apply` was called: what opening a journal has to replay. */
  applied = 0;

  restore(snapshot: TallySnapshot | undefined): void {
    this.total = snapshot?.total ?? 0;
    for (const [name, count] of Object.entries(snapshot?.counts ?? {})) this.counts.set(name, count);
  }

  apply({ name, by }: TallyChange): void {
    if (by < 0) throw new Error(`${name} cannot be counted by ${by}`);
    this.applied += 1;
    this.total += 1;
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  snapshot(): TallySnapshot {
    return { total: this.total, counts: Object.fromEntries(this.counts) };
  }
}

type TallyOptions = JournalOptions<TallySnapshot, TallyChange>;

/** Opens a tally, lets it be used, and closes it. */
export async function withTally<T>(
  folder: string,
  options: TallyOptions,
  work: (tally: Tally, journal: Journal<TallySnapshot, TallyChange>) => Promise<T> | T,
): Promise<T> {
  const tally = new Tally();
  const journal = await Journal.open(folder, tally, { sync: false, ...options });
  try {
    return await work(tally, journal);
  } finally {
    await journal.close();
  }
}

/** Counts a name once. */
export const one = (name: string): TallyChange => ({ name, by: 1 });
