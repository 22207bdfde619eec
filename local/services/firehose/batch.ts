/** Records on their way into one object: gathered part by part, each with the delimiter behind it. */
import { createHash } from "node:crypto";
import type { Positions, SourceRecord } from "./source";

const INITIAL_BYTES = 64 * 1024;

/** Bytes that are appended to until they are taken. */
class Growing {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #used = 0;

  append(bytes: Buffer): void {
    const needed = this.#used + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#used);
    this.#used = needed;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }
}

interface Gathered {
  readonly content: Growing;
  readonly first: string;
  last: string;
}

export class Batch {
  /** Bytes of the records, delimiters included. */
  bytes = 0;
  records = 0;
  /** Arrival of the oldest record, milliseconds since the epoch. */
  oldest = Infinity;
  readonly #parts = new Map<string, Gathered>();
  readonly #delimiter: Buffer;

  constructor(delimiter: Buffer) {
    this.#delimiter = delimiter;
  }

  get isEmpty(): boolean {
    return this.records === 0;
  }

  /** The last record of each part that has one here. */
  get positions(): Positions {
    return Object.fromEntries([...this.#parts].map(([part, { last }]) => [part, last]));
  }

  /** The last record of a part, nothing when it has none here. */
  lastOf(part: string): string | undefined {
    return this.#parts.get(part)?.last;
  }

  add(part: string, { sequence, arrival, data }: SourceRecord): void {
    const gathered = this.#parts.get(part) ?? { content: new Growing(), first: sequence, last: sequence };
    this.#parts.set(part, gathered);
    gathered.content.append(data);
    gathered.content.append(this.#delimiter);
    gathered.last = sequence;
    this.bytes += data.length + this.#delimiter.length;
    this.records++;
    this.oldest = Math.min(this.oldest, arrival);
  }

  /** What goes into the object: part behind part in the order of their names. */
  get content(): Buffer {
    const contents = this.#sorted().map(([, { content }]) => content.bytes);
    const [only] = contents;
    return only !== undefined && contents.length === 1 ? only : Buffer.concat(contents);
  }

  /** Tells these records from any others: the first and the last of each part. */
  idFor(streamArn: string): string {
    const ranges = this.#sorted().map(([part, { first, last }]) => [part, first, last]);
    return createHash("sha256")
      .update(JSON.stringify([streamArn, ranges]))
      .digest("hex");
  }

  #sorted(): (readonly [string, Gathered])[] {
    return [...this.#parts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
