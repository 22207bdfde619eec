/** The outbox of alerts in DynamoDB: when each was told and recorded, for as long as it could come again. */
import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DELIVERIES, type AlertStore, type Delivery } from "./handler";

/** Days after which an alert is forgotten: longer than the stream can be read again would be of no use. */
const REMEMBERED_DAYS = 400;

export class AlertTable implements AlertStore {
  constructor(
    private readonly dynamodb: DynamoDBClient,
    private readonly table: string,
  ) {}

  async delivered(alert: string): Promise<ReadonlySet<Delivery>> {
    const { Item = {} } = await this.dynamodb.send(
      new GetItemCommand({ TableName: this.table, Key: { alert: { S: alert } }, ConsistentRead: true }),
    );
    return new Set(DELIVERIES.filter((delivery) => Item[delivery] !== undefined));
  }

  async note(alert: string, delivery: Delivery, time: number): Promise<void> {
    await this.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { alert: { S: alert } },
        UpdateExpression: "SET #delivery = if_not_exists(#delivery, :time), expires = :expires",
        ExpressionAttributeNames: { "#delivery": delivery },
        ExpressionAttributeValues: {
          ":time": { S: new Date(time).toISOString() },
          ":expires": { N: String(Math.floor(time / 1000) + REMEMBERED_DAYS * 86_400) },
        },
      }),
    );
  }
}
