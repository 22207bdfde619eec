/** One metric: sum, count, least and greatest value of each minute of the last hours. */

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Values taken together; `count` is at least 1. */
export interface Aggregate {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export const STATISTICS = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"] as const;

export type Statistic = (typeof STATISTICS)[number];

export function statisticOf({ count, sum, min, max }: Aggregate, statistic: Statistic): number {
  switch (statistic) {
    case "SampleCount":
      return count;
    case "Sum":
      return sum;
    case "Average":
      return sum / count;
    case "Minimum":
      return min;
    case "Maximum":
      return max;
  }
}

/** How long minutes are kept. */
export const KEPT_MINUTES = 180;

const PER_HOUR = 60;
const FIELDS = 4;

export class Series implements MetricName {
  /** By the hour since the epoch: the four fields of each of its minutes, one minute after the other. */
  readonly #hours = new Map<number, Float64Array>();

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly dimensions: Readonly<Record<string, string>>,
  ) {}

  get isEmpty(): boolean {
    return this.#hours.size === 0;
  }

  /** @param minute since the epoch */
  add(minute: number, { count, sum, min, max }: Aggregate): void {
    const [fields, at] = this.#slot(minute);
    const known = fields[at] ?? 0;
    fields[at] = known + count;
    fields[at + 1] = (fields[at + 1] ?? 0) + sum;
    fields[at + 2] = known === 0 ? min : Math.min(fields[at + 2] ?? min, min);
    fields[at + 3] = known === 0 ? max : Math.max(fields[at + 3] ?? max, max);
  }

  set(minute: number, { count, sum, min, max }: Aggregate): void {
    const [fields, at] = this.#slot(minute);
    fields.set([count, sum, min, max], at);
  }

  /** All values from one minute up to, not including, another; nothing when there are none. */
  over(from: number, to: number): Aggregate | undefined {
    let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
    for (let minute = from; minute < to; minute++) {
      const fields = this.#hours.get(Math.floor(minute / PER_HOUR));
      const at = (minute % PER_HOUR) * FIELDS;
      const values = fields?.[at] ?? 0;
      if (fields === undefined || values === 0) continue;
      count += values;
      sum += fields[at + 1] ?? 0;
      min = Math.min(min, fields[at + 2] ?? min);
      max = Math.max(max, fields[at + 3] ?? max);
    }
    return count === 0 ? undefined : { count, sum, min, max };
  }

  /** Gives up the hours that lie before a minute. */
  forgetBefore(minute: number): void {
    const hour = Math.floor(minute / PER_HOUR);
    for (const each of this.#hours.keys()) if (each < hour) this.#hours.delete(each);
  }

  #slot(minute: number): [fields: Float64Array, at: number] {
    const hour = Math.floor(minute / PER_HOUR);
    let fields = this.#hours.get(hour);
    if (fields === undefined) this.#hours.set(hour, (fields = new Float64Array(PER_HOUR * FIELDS)));
    return [fields, (minute % PER_HOUR) * FIELDS];
  }
}
