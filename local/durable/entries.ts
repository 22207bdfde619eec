/**
 * What a reader gets: committed records with their index, as many as its limits allow.
 */
import type { DurableError } from "./durable-error";
import type { FrameCursor } from "./frame";

/** A committed record. The payload is a view of shared bytes: read it, do not write to it. */
export interface Entry {
  readonly index: number;
  readonly payload: Buffer;
}

/** How much one read may return. The first record always comes, however large it is, so that every reader proceeds. */
export interface ReadLimits {
  readonly maxEntries: number;
  /** Bytes of payload. */
  readonly maxBytes: number;
}

/** The answer to one read while it fills. */
export class Entries {
  readonly taken: Entry[] = [];
  #bytes = 0;

  constructor(
    readonly from: number,
    readonly limits: ReadLimits,
  ) {}

  /**
   * Takes the whole frames from the cursor on, and answers whether there is room for more. With `damageAt`, payloads
   * are checked first (bytes read from a file); without it they are trusted (bytes kept in memory).
   */
  take(cursor: FrameCursor, damageAt?: (cursor: FrameCursor) => DurableError): boolean {
    for (; cursor.look() === "whole"; cursor.advance()) {
      if (cursor.index < this.from) continue;
      const { index, payload } = cursor;
      if (!this.#hasRoomFor(payload.length)) return false;
      if (damageAt !== undefined && !cursor.intact) throw damageAt(cursor);
      this.taken.push({ index, payload });
      this.#bytes += payload.length;
    }
    return true;
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.taken.length === 0) return true;
    return this.taken.length < this.limits.maxEntries && this.#bytes + bytes <= this.limits.maxBytes;
  }
}
