/**
 * Digests of the beacons that windows have counted, beside the forests, each part of a window in entries of its own. An
 * entry never changes once it is written, so a function that stays warm reads each of them once.
 */
import { GetItemCommand, paginateQuery, PutItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DIGEST_LENGTH, findDigests } from "./digests";
import type { WindowSpan } from "./domain";
import type { SeenBeacons } from "./handler";
import { isLater } from "./window-state";

/** Digests in one entry: 330 KB of the 400 KB that an item may have. */
const DIGESTS_PER_ENTRY = 30_000;

/** Digests that a warm function keeps. */
const MOST_KEPT = 3_000_000;

export class SeenBeaconsTable implements SeenBeacons {
  /** Digests by site and entry, end to end, the one read longest ago first. */
  readonly #kept = new Map<string, string>();
  #keptLength = 0;

  /**
   * @param horizonSeconds how long a beacon sent again is recognised
   * @param mostKept digests that are kept from one invocation to the next
   */
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly table: string,
    private readonly horizonSeconds: number,
    private readonly mostKept = MOST_KEPT,
  ) {}

  async before(site: string, span: WindowSpan, part: string, digests: readonly string[]): Promise<ReadonlySet<string>> {
    const asked = new Set(digests);
    const seen = new Set<string>();
    for (const entry of await this.#entriesBefore(site, span, part)) {
      const packed = this.#kept.get(`${site} ${entry}`) ?? this.#keep(site, entry, await this.#read(site, entry));
      findDigests(asked, packed, seen);
    }
    return seen;
  }

  async remember(site: string, span: WindowSpan, part: string, digests: readonly string[]): Promise<void> {
    const expires = String(Math.ceil(span.end / 1000) + this.horizonSeconds);
    for (let from = 0; from < digests.length; from += DIGESTS_PER_ENTRY) {
      const entry = `${entryOf(span.start)}#${part}#${from / DIGESTS_PER_ENTRY}`;
      const packed = digests.slice(from, from + DIGESTS_PER_ENTRY).join("");
      await this.dynamodb.send(
        new PutItemCommand({
          TableName: this.table,
          Item: { site: { S: site }, entry: { S: entry }, digests: { S: packed }, expires: { N: expires } },
        }),
      );
      this.#keep(site, entry, packed);
    }
  }

  /** Entries of earlier windows within the horizon, and of earlier parts of this one. */
  async #entriesBefore(site: string, span: WindowSpan, part: string): Promise<string[]> {
    const pages = paginateQuery(
      { client: this.dynamodb },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: "site = :site AND entry BETWEEN :from AND :to",
        ProjectionExpression: "entry",
        ExpressionAttributeValues: {
          ":site": { S: site },
          ":from": { S: entryOf(span.start - this.horizonSeconds * 1000) },
          ":to": { S: `${entryOf(span.start)}~` },
        },
      },
    );
    const own = entryOf(span.start);
    const entries: string[] = [];
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const entry = item["entry"]?.S ?? "";
        const [kind, window, other = ""] = entry.split("#");
        // Of this window only what came before: whatever is tried again sees the same.
        if (`${kind}#${window}` !== own || isLater(part, other)) entries.push(entry);
      }
    }
    return entries;
  }

  async #read(site: string, entry: string): Promise<string> {
    const key = { site: { S: site }, entry: { S: entry } };
    const { Item } = await this.dynamodb.send(
      new GetItemCommand({ TableName: this.table, Key: key, ConsistentRead: true, ProjectionExpression: "digests" }),
    );
    return Item?.["digests"]?.S ?? "";
  }

  #keep(site: string, entry: string, packed: string): string {
    const key = `${site} ${entry}`;
    this.#keptLength += packed.length - (this.#kept.get(key)?.length ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, packed);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptLength <= this.mostKept * DIGEST_LENGTH || oldest === key) break;
      this.#kept.delete(oldest);
      this.#keptLength -= length;
    }
    return packed;
  }
}

/** Padded, so that entries sort by time. */
function entryOf(windowStart: number): string {
  return `seen#${String(windowStart).padStart(15, "0")}`;
}
