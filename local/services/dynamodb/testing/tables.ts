/** Tables for tests, and the service called in wire form, as whoever is asked for. */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type { TestStage } from "../../../../test/stage";
import type { Principal } from "../../../iam/principal";
import type { Item } from "../value/attribute-value";

/** A table like those of a platform: text and number as its key, three indexes, expiry. */
export function declareEvents(args: Partial<aws.dynamodb.TableArgs> = {}): aws.dynamodb.Table {
  return new aws.dynamodb.Table("events", {
    name: "events",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "site",
    rangeKey: "at",
    attributes: [
      { name: "site", type: "S" },
      { name: "at", type: "N" },
      { name: "watch", type: "S" },
      { name: "code", type: "B" },
    ],
    globalSecondaryIndexes: [
      { name: "watched", hashKey: "watch", rangeKey: "at", projectionType: "KEYS_ONLY" },
      { name: "coded", hashKey: "code", projectionType: "INCLUDE", nonKeyAttributes: ["note"] },
      { name: "sites", hashKey: "watch", rangeKey: "site", projectionType: "ALL" },
    ],
    ttl: { attributeName: "expires", enabled: true },
    ...args,
  });
}

/** A table with a partition key only. */
export function declareAlerts(): aws.dynamodb.Table {
  return new aws.dynamodb.Table("alerts", {
    name: "alerts",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "alert",
    attributes: [{ name: "alert", type: "S" }],
  });
}

/** Calls an operation as the stage itself would, without a client between. */
export type Call = <Output = unknown>(operation: string, input: unknown, principal?: Principal) => Promise<Output>;

export function callerOf({ stage }: Pick<TestStage, "stage">): Call {
  return async <Output>(operation: string, input: unknown, principal: Principal = stage.authorizer.operator) =>
    (await stage.dispatch(principal, "dynamodb", operation, input)) as Output;
}

/** A walk of more pages goes round in circles. */
const MOST_PAGES = 1000;

/** Everything a query or scan answers, page by page. */
export async function walkPages(
  call: Call,
  operation: "Query" | "Scan",
  input: Record<string, unknown>,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Item | undefined;
  let pages = 0;
  do {
    assert.ok(pages++ < MOST_PAGES, "pages go on without end");
    const page = await call<{ Items: Item[]; LastEvaluatedKey?: Item }>(operation, {
      ...input,
      ...(start && { ExclusiveStartKey: start }),
    });
    items.push(...page.Items);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}
