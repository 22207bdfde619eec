/** Records that producers put into the delivery stream itself: kept on disk until they are delivered. */
import { SegmentLog, type SegmentLogOptions } from "../../durable/segment-log";
import type { Positions, Source, SourceRecord } from "./source";

const PART = "direct";

/** The most that one read takes. */
const READ = { maxEntries: 10_000, maxBytes: 10 * 2 ** 20 };
const ARRIVAL_BYTES = 8;

export class DirectSource implements Source {
  readonly #log: SegmentLog;
  #stop = (): void => undefined;

  static async open(folder: string, options: SegmentLogOptions): Promise<DirectSource> {
    return new DirectSource(await SegmentLog.open(folder, options));
  }

  private constructor(log: SegmentLog) {
    this.#log = log;
  }

  listen(wake: () => void): void {
    this.#stop = this.#log.onCommit(wake);
  }

  /** Resolves with the sequence of the first once all are on disk. */
  append(records: readonly Buffer[], arrival: number): Promise<number> {
    return this.#log.appendAll(
      records.map((data) => {
        const payload = Buffer.allocUnsafe(ARRIVAL_BYTES + data.length);
        payload.writeDoubleBE(arrival);
        data.copy(payload, ARRIVAL_BYTES);
        return payload;
      }),
    );
  }

  async parts(): Promise<readonly string[]> {
    return [PART];
  }

  async read(_part: string, behind: string | undefined): Promise<readonly SourceRecord[]> {
    const from = Math.max(behind === undefined ? 0 : Number(behind) + 1, this.#log.start);
    return this.#log.read(from, READ).map(({ index, payload }) => ({
      sequence: String(index),
      arrival: payload.readDoubleBE(0),
      data: payload.subarray(ARRIVAL_BYTES),
    }));
  }

  async release({ [PART]: delivered }: Positions): Promise<void> {
    if (delivered !== undefined) await this.#log.trimBefore(Number(delivered) + 1);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#log.close();
  }
}
