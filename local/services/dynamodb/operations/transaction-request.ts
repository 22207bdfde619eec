/** Reads what transactions and batches ask for. */
import { z } from "zod";
import { invalidRequest } from "../refusal";
import { readItem, type Item } from "../value/attribute-value";
import {
  checkPart,
  deletePart,
  getPart,
  putPart,
  required,
  updatePart,
  withNames,
  type ItemRead,
  type ItemWrite,
} from "./item-request";
import {
  collectionMembers,
  legacyMembers,
  placeholderMembers,
  reportMembers,
  RequestExpressions,
  tableReference,
} from "./request";

/** Source: DynamoDB API reference, of each operation. */
const MOST_IN_TRANSACTION = 100;
const MOST_KEYS_GOT = 100;
const MOST_WRITES = 25;

export interface WriteTransaction {
  readonly writes: readonly ItemWrite[];
  readonly token: string | undefined;
}

export const transactWriteItems = z
  .object({
    TransactItems: z
      .array(
        z.object({
          Put: putPart.optional(),
          Update: updatePart.optional(),
          Delete: deletePart.optional(),
          ConditionCheck: checkPart.optional(),
        }),
      )
      .min(1)
      .max(MOST_IN_TRANSACTION),
    ClientRequestToken: z.string().min(1).max(36).optional(),
    ...reportMembers,
    ...collectionMembers,
  })
  .transform(({ TransactItems, ClientRequestToken }): WriteTransaction => {
    const writes = TransactItems.map(({ Put, Update, Delete, ConditionCheck }) => {
      const [write, another] = [Put, Update, Delete, ConditionCheck].filter((each) => each !== undefined);
      if (write !== undefined && another === undefined) return write;
      throw invalidRequest("TransactItems can only contain one of Check, Put, Update or Delete");
    });
    return { writes, token: ClientRequestToken };
  });

export const transactGetItems = z
  .object({
    TransactItems: z
      .array(z.object({ Get: getPart }))
      .min(1)
      .max(MOST_IN_TRANSACTION),
    ...reportMembers,
  })
  .transform(({ TransactItems }): readonly ItemRead[] => TransactItems.map(({ Get }) => Get));

/** Keys to get from one table, and the part of the request that asks for them again. */
export interface BatchRead {
  readonly table: string;
  readonly reads: readonly ItemRead[];
  readonly asked: Readonly<Record<string, unknown>>;
}

const keysOfTable = z.object({
  Keys: z.array(z.unknown()).min(1).max(MOST_KEYS_GOT),
  ConsistentRead: z.boolean().optional(),
  ProjectionExpression: z.string().optional(),
  ...placeholderMembers,
  ...legacyMembers("AttributesToGet"),
});

export const batchGetItem = z
  .object({ RequestItems: z.record(tableReference, keysOfTable), ...reportMembers })
  .transform(({ RequestItems }): readonly BatchRead[] => {
    const tables = Object.entries(RequestItems).map(([table, asked]): BatchRead => {
      const expressions = new RequestExpressions(asked, ["ProjectionExpression"]);
      const projection = expressions.projection();
      const spoken = expressions.end();
      const reads = asked.Keys.map((wire): ItemRead => {
        const key = readItem(wire);
        return { table, key, projection, attributes: withNames(spoken, key) };
      });
      return { table, reads, asked };
    });
    const keys = tables.reduce((total, { reads }) => total + reads.length, 0);
    if (keys === 0) throw invalidRequest("The requestItems parameter is required for BatchGetItem");
    if (keys > MOST_KEYS_GOT) throw invalidRequest("Too many items requested for the BatchGetItem call");
    return tables;
  });

const writeOfTable = z
  .object({
    PutRequest: z.object({ Item: z.unknown().optional() }).optional(),
    DeleteRequest: z.object({ Key: z.unknown().optional() }).optional(),
  })
  .refine(({ PutRequest, DeleteRequest }) => (PutRequest === undefined) !== (DeleteRequest === undefined), {
    error: "exactly one of PutRequest and DeleteRequest must be given",
  });

export const batchWriteItem = z
  .object({
    RequestItems: z.record(tableReference, z.array(writeOfTable).min(1).max(MOST_WRITES)),
    ...reportMembers,
    ...collectionMembers,
  })
  .transform(({ RequestItems }): readonly ItemWrite[] => {
    const writes = Object.entries(RequestItems).flatMap(([table, requests]) =>
      requests.map(({ PutRequest, DeleteRequest }) =>
        PutRequest === undefined
          ? plainWrite("Delete", table, readItem(required(DeleteRequest ?? {}, "Key")))
          : plainWrite("Put", table, readItem(required(PutRequest, "Item"))),
      ),
    );
    if (writes.length === 0) throw invalidRequest("The requestItems parameter is required for BatchWriteItem");
    if (writes.length > MOST_WRITES) throw invalidRequest("Too many items requested for the BatchWriteItem call");
    return writes;
  });

function plainWrite(action: "Put" | "Delete", table: string, subject: Item): ItemWrite {
  return {
    action,
    table,
    subject,
    update: undefined,
    condition: undefined,
    showsItem: false,
    attributes: new Set(Object.keys(subject)),
    text: () => JSON.stringify([action, table, subject]),
  };
}
