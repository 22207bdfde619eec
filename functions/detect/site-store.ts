/** The forest store in DynamoDB: one item per site, one conditional write per window. */
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { Anomaly } from "../lib/anomaly";
import { HISTORY_ENTRY, watchPartition } from "../lib/forest-table";
import type { ClosedWindow, SiteHistory } from "./domain";
import { FRESH_RULE_STATE, type RuleState } from "./forest";
import type { SiteStore } from "./handler";

export class SiteTable implements SiteStore {
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly table: string,
  ) {}

  async load(site: string): Promise<SiteHistory | undefined> {
    const { Item } = await this.dynamodb.send(
      new GetItemCommand({ TableName: this.table, Key: keyOf(site), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : readItem(site, Item);
  }

  async save(history: SiteHistory): Promise<"saved" | "conflict"> {
    try {
      await this.dynamodb.send(
        new PutItemCommand({
          TableName: this.table,
          Item: renderItem(history),
          ...(history.version === 1
            ? { ConditionExpression: "attribute_not_exists(site)" }
            : {
                ConditionExpression: "version = :before",
                ExpressionAttributeValues: { ":before": { N: String(history.version - 1) } },
              }),
        }),
      );
      return "saved";
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return "conflict";
      throw error;
    }
  }

  async settle(site: string, anomaly: string): Promise<void> {
    await this.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: keyOf(site),
        UpdateExpression: "REMOVE outbox.#anomaly",
        ExpressionAttributeNames: { "#anomaly": anomaly },
      }),
    );
  }
}

function keyOf(site: string): Record<string, AttributeValue> {
  return { site: { S: site }, entry: { S: HISTORY_ENTRY } };
}

function renderItem({
  site,
  version,
  forest,
  recent,
  rules,
  last,
  open,
  raisedNoImpressions,
  outbox,
}: SiteHistory): Record<string, AttributeValue> {
  return {
    ...keyOf(site),
    version: { N: String(version) },
    recent: { S: JSON.stringify(recent) },
    rules: { S: JSON.stringify(rules) },
    raisedNoImpressions: { BOOL: raisedNoImpressions },
    outbox: { M: Object.fromEntries(outbox.map((anomaly) => [anomaly.id, { S: JSON.stringify(anomaly) }])) },
    ...(forest === undefined ? {} : { forest: { B: forest } }),
    ...(open === undefined ? {} : { open: { S: JSON.stringify(open) } }),
    ...(last === undefined
      ? {}
      : { last: { S: JSON.stringify(last) }, watch: { S: watchPartition(site) }, lastWindow: { N: String(last.end) } }),
  };
}

/** Only this module writes the item, so its parts are trusted to be what they were. */
function readItem(site: string, item: Record<string, AttributeValue>): SiteHistory {
  const parsed = <Shape>(name: string): Shape | undefined => {
    const text = item[name]?.S;
    return text === undefined ? undefined : (JSON.parse(text) as Shape);
  };
  return {
    site,
    version: Number(item["version"]?.N ?? 0),
    forest: item["forest"]?.B,
    recent: parsed<number[]>("recent") ?? [],
    rules: parsed<RuleState>("rules") ?? FRESH_RULE_STATE,
    last: parsed<ClosedWindow>("last"),
    open: parsed<NonNullable<SiteHistory["open"]>>("open"),
    raisedNoImpressions: item["raisedNoImpressions"]?.BOOL ?? false,
    outbox: Object.values(item["outbox"]?.M ?? {}).map((each) => JSON.parse(each.S ?? "") as Anomaly),
  };
}
