/** Records on their way into one object: gathered part by part, each with the delimiter behind it. */
import { createHash } from "node:crypto";
import type { Positions, SourceRecord } from "./source";

const BLOCK_BYTES = 64 * 1024;

/** Bytes that are appended to until they are taken; blocks, because one large buffer would be copied whenever it grows. */
class Blocks {
  readonly #full: Buffer[] = [];
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;

  append(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === BLOCK_BYTES) {
        this.#full.push(this.#block);
        this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        this.#used = 0;
      }
      const copied = bytes.copy(this.#block, this.#used, at);
      this.#used += copied;
      at += copied;
    }
  }

  get blocks(): readonly Buffer[] {
    return [...this.#full, this.#block.subarray(0, this.#used)];
  }
}

interface Gathered {
  readonly content: Blocks;
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
    const gathered = this.#parts.get(part) ?? { content: new Blocks(), first: sequence, last: sequence };
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
    return Buffer.concat(this.#sorted().flatMap(([, { content }]) => content.blocks));
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
