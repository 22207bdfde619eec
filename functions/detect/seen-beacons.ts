/** Digests of the beacons that windows have counted, beside the forests, each part of a window in entries of its own. */
import { paginateQuery, PutItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { WindowSpan } from "./domain";
import type { SeenBeacons } from "./handler";
import { DIGEST_LENGTH, isLater } from "./window-state";

/** Digests in one entry: 330 KB of the 400 KB that an item may have. */
const DIGESTS_PER_ENTRY = 30_000;

export class SeenBeaconsTable implements SeenBeacons {
  /** @param horizonSeconds how long a beacon sent again is recognised */
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly table: string,
    private readonly horizonSeconds: number,
  ) {}

  async before(site: string, span: WindowSpan, part: string): Promise<ReadonlySet<string>> {
    const pages = paginateQuery(
      { client: this.dynamodb },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: "site = :site AND entry BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":site": { S: site },
          ":from": { S: entryOf(span.start - this.horizonSeconds * 1000) },
          ":to": { S: `${entryOf(span.start)}~` },
        },
      },
    );
    const own = entryOf(span.start);
    const digests = new Set<string>();
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const [kind, window, other = ""] = (item["entry"]?.S ?? "").split("#");
        // Of this window only what came before: whatever is tried again sees the same.
        if (`${kind}#${window}` === own && !isLater(part, other)) continue;
        const packed = item["digests"]?.S ?? "";
        for (let at = 0; at < packed.length; at += DIGEST_LENGTH) digests.add(packed.slice(at, at + DIGEST_LENGTH));
      }
    }
    return digests;
  }

  async remember(site: string, span: WindowSpan, part: string, digests: readonly string[]): Promise<void> {
    const expires = String(Math.ceil(span.end / 1000) + this.horizonSeconds);
    for (let from = 0; from < digests.length; from += DIGESTS_PER_ENTRY) {
      await this.dynamodb.send(
        new PutItemCommand({
          TableName: this.table,
          Item: {
            site: { S: site },
            entry: { S: `${entryOf(span.start)}#${part}#${from / DIGESTS_PER_ENTRY}` },
            digests: { S: digests.slice(from, from + DIGESTS_PER_ENTRY).join("") },
            expires: { N: expires },
          },
        }),
      );
    }
  }
}

/** Padded, so that entries sort by time. */
function entryOf(windowStart: number): string {
  return `seen#${String(windowStart).padStart(15, "0")}`;
}
