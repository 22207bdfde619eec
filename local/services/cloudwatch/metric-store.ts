/**
 * Every metric of the stage, in bounded memory and on disk. Minutes are written together, once a minute or when a caller
 * waits for it: a crash takes at most the values of the stage's own metrics since the last whole minute.
 */
import type { SegmentLogOptions } from "../../durable/segment-log";
import { MetricLog, type SavedMinute } from "./metric-log";
import { MINUTE_MS } from "./minute-beat";
import { KEPT_MINUTES, Series, type Aggregate, type MetricName } from "./series";

/** Metrics at the same time: each takes 2 KB for every hour with values. */
const MOST_SERIES = 5_000;

/** How far ahead of the clock a value may lie. Source: CloudWatch API reference, MetricDatum. */
const MOST_AHEAD_MINUTES = 120;

export class MetricStore {
  readonly #series = new Map<string, Series>();
  /** What changed since it was written last. */
  readonly #unsaved = new Map<Series, Set<number>>();
  #log: MetricLog | undefined;

  /** @param mostSeries metrics at the same time */
  constructor(private readonly mostSeries = MOST_SERIES) {}

  static async open(folder: string, now: number, options: SegmentLogOptions): Promise<MetricStore> {
    const store = new MetricStore();
    const oldest = oldestMinute(now);
    store.#log = await MetricLog.open(folder, options, ({ minute, aggregate, ...metric }) => {
      if (minute >= oldest) store.#seriesFor(metric)?.set(minute, aggregate);
    });
    return store;
  }

  /**
   * Takes values of one time.
   * @param time milliseconds since the epoch
   * @returns why they are not taken, if they are not
   */
  add(metric: MetricName, aggregate: Aggregate, time: number, now: number): string | undefined {
    const minute = minuteOf(time);
    if (!isInReach(minute, now)) return OUT_OF_REACH;
    const series = this.#seriesFor(metric);
    if (series === undefined) return this.#full;
    series.add(minute, aggregate);
    const minutes = this.#unsaved.get(series);
    if (minutes === undefined) this.#unsaved.set(series, new Set([minute]));
    else minutes.add(minute);
    return undefined;
  }

  /** Why values would not be taken, as {@link add} would answer. */
  refusalOf(metric: MetricName, time: number, now: number): string | undefined {
    if (!isInReach(minuteOf(time), now)) return OUT_OF_REACH;
    const isFull = this.#series.size >= this.mostSeries && this.find(metric) === undefined;
    return isFull ? this.#full : undefined;
  }

  find(metric: MetricName): Series | undefined {
    return this.#series.get(keyOf(metric));
  }

  list(): Series[] {
    return [...this.#series.values()];
  }

  /** Resolves when all that was taken is on disk. */
  async save(now: number): Promise<void> {
    const minutes = this.#takeUnsaved();
    if (minutes.length > 0) await this.#log?.write(now, minutes);
    else await this.#log?.settled();
  }

  /** Gives up what is older than is kept. */
  async forget(now: number): Promise<void> {
    const oldest = oldestMinute(now);
    for (const [key, series] of this.#series) {
      series.forgetBefore(oldest);
      if (series.isEmpty) this.#series.delete(key);
    }
    await this.#log?.forgetBefore(oldest * MINUTE_MS);
  }

  async close(now: number): Promise<void> {
    await this.save(now);
    await this.#log?.close();
  }

  get #full(): string {
    return `the local stage keeps ${this.mostSeries} metrics at the same time`;
  }

  #seriesFor(metric: MetricName): Series | undefined {
    const key = keyOf(metric);
    const known = this.#series.get(key);
    if (known !== undefined || this.#series.size >= this.mostSeries) return known;
    const made = new Series(metric.namespace, metric.name, metric.dimensions);
    this.#series.set(key, made);
    return made;
  }

  #takeUnsaved(): SavedMinute[] {
    const saved = [...this.#unsaved].flatMap(([series, minutes]) =>
      [...minutes].flatMap((minute) => {
        const { namespace, name, dimensions } = series;
        const aggregate = series.over(minute, minute + 1);
        return aggregate === undefined ? [] : [{ namespace, name, dimensions, minute, aggregate }];
      }),
    );
    this.#unsaved.clear();
    return saved;
  }
}

const OUT_OF_REACH = `the local stage keeps values from ${KEPT_MINUTES} minutes ago to ${MOST_AHEAD_MINUTES} minutes ahead`;

function isInReach(minute: number, now: number): boolean {
  return minute >= oldestMinute(now) && minute <= newestMinute(now);
}

/** The first minute, since the epoch, that is kept. */
export function oldestMinute(now: number): number {
  return minuteOf(now) - KEPT_MINUTES;
}

/** The last minute, since the epoch, of which values are taken. */
export function newestMinute(now: number): number {
  return minuteOf(now) + MOST_AHEAD_MINUTES;
}

export function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}

/** The same for dimensions in any order. */
function keyOf({ namespace, name, dimensions }: MetricName): string {
  return `${namespace}\0${name}${suffixOf(dimensions)}`;
}

/** Whoever measures often does so with the same object: how its dimensions are written is remembered. */
const SUFFIXES = new WeakMap<MetricName["dimensions"], string>();

function suffixOf(dimensions: MetricName["dimensions"]): string {
  const known = SUFFIXES.get(dimensions);
  if (known !== undefined) return known;
  const suffix = Object.keys(dimensions)
    .sort()
    .map((each) => `\0${each}\0${dimensions[each]}`)
    .join("");
  SUFFIXES.set(dimensions, suffix);
  return suffix;
}
