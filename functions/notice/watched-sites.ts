/** Sites in the silence index of the forest table. */
import {
  ConditionalCheckFailedException,
  paginateQuery,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { HISTORY_ENTRY, WATCH_PARTITIONS } from "../lib/forest-table";
import type { WatchedSite } from "./domain";
import type { WatchedSites } from "./handler";

export class WatchedSitesIndex implements WatchedSites {
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly table: string,
    private readonly index: string,
  ) {}

  async *lastHeardUntil(time: number): AsyncIterable<readonly WatchedSite[]> {
    for (const partition of WATCH_PARTITIONS) {
      const pages = paginateQuery(
        { client: this.dynamodb },
        {
          TableName: this.table,
          IndexName: this.index,
          KeyConditionExpression: "watch = :partition AND lastWindow <= :time",
          ExpressionAttributeValues: { ":partition": { S: partition }, ":time": { N: String(time) } },
        },
      );
      for await (const { Items = [] } of pages) {
        yield Items.map((item) => ({ site: item["site"]?.S ?? "", lastWindow: Number(item["lastWindow"]?.N) }));
      }
    }
  }

  async disarm({ site, lastWindow }: WatchedSite): Promise<void> {
    try {
      await this.dynamodb.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: { site: { S: site }, entry: { S: HISTORY_ENTRY } },
          UpdateExpression: "REMOVE watch ADD version :one",
          ConditionExpression: "lastWindow = :seen",
          ExpressionAttributeValues: { ":one": { N: "1" }, ":seen": { N: String(lastWindow) } },
        }),
      );
    } catch (error) {
      // It was heard of in the meantime, and is watched on.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
