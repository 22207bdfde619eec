/**
 * Items that have expired are removed in the background, at the full minute after their time; until then they are still
 * seen, as in AWS. Source: DynamoDB developer guide, "Using time to live (TTL) in DynamoDB".
 */
import type { Clock, Timer } from "../../clock";
import type { Entry } from "./table/item-store";
import { keyOf } from "./table/key";
import type { Table } from "./table/table";
import { attributeOf } from "./value/attribute-value";
import { sortable } from "./value/comparison";

const MINUTE = 60_000;
/** What expired longer ago stays: AWS takes such a number for something else. */
const LONGEST_AGO_SECONDS = 5 * 365 * 86_400;
/** Items removed in one change. */
const MOST_AT_ONCE = 100;

export class Expiry {
  readonly #attribute: string;
  #timer: Timer | undefined;
  #due = Infinity;
  #sweep: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param onRemoved hears how many items went */
  constructor(
    private readonly table: Table,
    private readonly clock: Clock,
    private readonly onRemoved: (items: number) => void,
  ) {
    this.#attribute = table.schema.expiry ?? "";
    if (table.schema.expiry === undefined) return;
    table.onChange(() => this.#setTimer());
    this.#setTimer();
  }

  /** Ends the removal under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#sweep;
  }

  /** Wakes at the full minute after the first item expires, and never twice in a minute. */
  #setTimer(): void {
    const [first] = this.#expiring();
    if (this.#isClosed || first === undefined) return;
    const now = this.clock.now();
    const due = Math.ceil(Math.max(this.#secondOf(first) * 1000, now + 1) / MINUTE) * MINUTE;
    if (due >= this.#due) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.clock.after(due - now, () => {
      this.#due = Infinity;
      this.#sweep = this.#removeExpired();
      return this.#sweep;
    });
  }

  async #removeExpired(): Promise<void> {
    const now = Math.floor(this.clock.now() / 1000);
    for (;;) {
      const expired: Entry[] = [];
      for (const entry of this.#expiring()) {
        if (this.#secondOf(entry) > now || expired.length === MOST_AT_ONCE) break;
        expired.push(entry);
      }
      if (expired.length === 0) break;
      await this.table.record({ delete: expired.map(({ item }) => keyOf(item, this.table.schema.key)) });
      this.onRemoved(expired.length);
    }
    this.#setTimer();
  }

  /** Items that expire, the first first. */
  #expiring(): Iterable<Entry> {
    const earliest = Math.floor(this.clock.now() / 1000) - LONGEST_AGO_SECONDS;
    const bound = sortable({ N: String(earliest) }) ?? "";
    return this.table.expiring(({ sort }) => sort >= bound);
  }

  #secondOf({ item }: Entry): number {
    const value = attributeOf(item, this.#attribute);
    return value !== undefined && "N" in value ? Number(value.N) : Infinity;
  }
}
