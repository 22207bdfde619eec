/** How tables describe themselves. Source of the shapes: DynamoDB API reference, TableDescription. */
import { createHash } from "node:crypto";
import { attributesOf, type IndexSchema, type KeySchema, type TableSchema } from "./table/schema";
import type { Table } from "./table/table";

export function describeTable(table: Table): unknown {
  const { schema } = table;
  return {
    TableName: schema.name,
    TableArn: schema.arn,
    TableId: idOf(schema.arn),
    TableStatus: "ACTIVE",
    CreationDateTime: 0,
    KeySchema: describeKey(schema.key),
    AttributeDefinitions: describeAttributes(schema),
    BillingModeSummary: { BillingMode: schema.billingMode },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ItemCount: table.itemCount,
    TableSizeBytes: table.bytes,
    DeletionProtectionEnabled: schema.isProtected,
    ...(schema.indexes.length > 0 && {
      GlobalSecondaryIndexes: schema.indexes.map((index) => describeIndex(table, index)),
    }),
    ...(schema.keyArn !== undefined && {
      SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: schema.keyArn },
    }),
  };
}

export function describeTimeToLive({ schema }: Table): unknown {
  return schema.expiry === undefined
    ? { TimeToLiveStatus: "DISABLED" }
    : { TimeToLiveStatus: "ENABLED", AttributeName: schema.expiry };
}

function describeIndex(table: Table, index: IndexSchema): unknown {
  return {
    IndexName: index.name,
    IndexArn: `${table.schema.arn}/index/${index.name}`,
    IndexStatus: "ACTIVE",
    KeySchema: describeKey(index.key),
    Projection: describeProjection(index.projected),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ItemCount: table.entries(index).size,
  };
}

function describeProjection(projected: IndexSchema["projected"]): unknown {
  if (projected === "ALL") return { ProjectionType: "ALL" };
  if (projected.length === 0) return { ProjectionType: "KEYS_ONLY" };
  return { ProjectionType: "INCLUDE", NonKeyAttributes: projected };
}

function describeKey(key: KeySchema): unknown {
  return attributesOf(key).map(({ name }, place) => ({ AttributeName: name, KeyType: place === 0 ? "HASH" : "RANGE" }));
}

function describeAttributes({ key, indexes }: TableSchema): unknown {
  const all = [key, ...indexes.map((index) => index.key)].flatMap(attributesOf);
  const types = new Map(all.map(({ name, type }) => [name, type]));
  return [...types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

/** The same in every run. */
function idOf(arn: string): string {
  const digits = createHash("sha256").update(arn).digest("hex");
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
