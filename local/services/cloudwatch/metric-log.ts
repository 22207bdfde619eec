/**
 * Minutes of metrics on disk. A record holds what minutes had come to when it was written; a later one of the same
 * minute replaces it.
 */
import { z } from "zod";
import { buildOn } from "../../durable/opening";
import { SegmentLog, type SegmentLogOptions } from "../../durable/segment-log";
import type { Aggregate, MetricName } from "./series";

export interface SavedMinute extends MetricName {
  /** Since the epoch. */
  readonly minute: number;
  readonly aggregate: Aggregate;
}

const SEGMENT_BYTES = 2 ** 20;
const PAGE = { maxEntries: 1_000, maxBytes: 2 ** 20 };

const row = z.tuple([
  z.string(),
  z.string(),
  z.record(z.string(), z.string()),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);
const record = z.object({ time: z.number(), rows: z.array(row) });

export class MetricLog {
  /** The first record of each time at which something was written, oldest first. */
  readonly #marks: { readonly time: number; readonly index: number }[] = [];

  /** @param restore gets every minute that was written, in order */
  static async open(
    folder: string,
    options: SegmentLogOptions,
    restore: (saved: SavedMinute) => void,
  ): Promise<MetricLog> {
    const log = await SegmentLog.open(folder, { ...options, segmentBytes: SEGMENT_BYTES, tailBytes: 0 });
    return buildOn(new MetricLog(log), (opened) => opened.#restored(restore));
  }

  private constructor(private readonly log: SegmentLog) {}

  /** Resolves when the minutes are on disk. */
  async write(time: number, minutes: readonly SavedMinute[]): Promise<void> {
    const rows = minutes.map(({ namespace, name, dimensions, minute, aggregate: { count, sum, min, max } }) => [
      namespace,
      name,
      dimensions,
      minute,
      count,
      sum,
      min,
      max,
    ]);
    this.#mark(time, this.log.next);
    await this.log.append(Buffer.from(JSON.stringify({ time, rows })));
  }

  /** Resolves when everything written so far is on disk. */
  settled(): Promise<void> {
    return this.log.flush();
  }

  /** Gives up what was written before a time. */
  async forgetBefore(time: number): Promise<void> {
    while ((this.#marks[0]?.time ?? Infinity) < time) this.#marks.shift();
    const kept = Math.min(this.#marks[0]?.index ?? Infinity, this.log.committed);
    if (kept > this.log.start) await this.log.trimBefore(kept);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  /** Hands over everything that is kept, and knows from then on where each minute stands. */
  #restored(restore: (saved: SavedMinute) => void): this {
    for (let next = this.log.start; next < this.log.committed;) {
      for (const { index, payload } of this.log.read(next, PAGE)) {
        const { time, rows } = record.parse(JSON.parse(payload.toString()));
        this.#mark(time, index);
        for (const [namespace, name, dimensions, minute, count, sum, min, max] of rows) {
          restore({ namespace, name, dimensions, minute, aggregate: { count, sum, min, max } });
        }
        next = index + 1;
      }
    }
    return this;
  }

  #mark(time: number, index: number): void {
    if (this.#marks.at(-1)?.time !== time) this.#marks.push({ time, index });
  }
}
