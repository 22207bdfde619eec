/** Records on their way into one object: gathered part by part, each with the delimiter behind it. */
import { createHash } from "node:crypto";
import { Content } from "./content";
import type { DeliverySettings } from "./settings";
import type { Positions, SourceRecord } from "./source";

interface Gathered {
  readonly content: Content;
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

  constructor(private readonly settings: Pick<DeliverySettings, "delimiter" | "compression">) {}

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
    const { delimiter, compression } = this.settings;
    const gathered = this.#parts.get(part) ?? { content: new Content(compression), first: sequence, last: sequence };
    this.#parts.set(part, gathered);
    gathered.content.append(data);
    gathered.content.append(delimiter);
    gathered.last = sequence;
    this.bytes += data.length + delimiter.length;
    this.records++;
    this.oldest = Math.min(this.oldest, arrival);
  }

  /**
   * What goes into the object, part behind part in the order of their names; nothing is taken after it. Each part is
   * compressed by itself: members behind each other are one file (RFC 1952, section 2.2).
   */
  async content(): Promise<Buffer> {
    return Buffer.concat(await Promise.all(this.#sorted().map(([, { content }]) => content.end())));
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
