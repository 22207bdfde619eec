/**
 * DynamoDB with its items in memory and every change on disk. Items, expressions, limits and messages follow the DynamoDB
 * API reference and developer guide. An index shows a change at once, where AWS takes a moment; capacity, and refusals
 * for want of it, are not modelled.
 */
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import { buildOn, openAll } from "../../durable/opening";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Operation, type Service } from "../service";
import { describeTable, describeTimeToLive } from "./describe";
import { Expiry } from "./expiry";
import { writeBatch } from "./operations/batch-write";
import * as items from "./operations/item-request";
import { queryTable, scanTable } from "./operations/query";
import * as pages from "./operations/query-request";
import type { Page } from "./operations/page";
import { getBatch, getItem } from "./operations/read";
import { tableReference } from "./operations/request";
import { Transactions } from "./operations/transaction";
import * as many from "./operations/transaction-request";
import { writeItem } from "./operations/write";
import { Permissions } from "./permission";
import { readSchema } from "./table/schema";
import { Table } from "./table/table";
import { TableSet } from "./table/table-set";

const MOST_NAMES = 100;

export class DynamoDbService implements Service {
  readonly signingName = "dynamodb";
  readonly binding = jsonBinding("DynamoDB_20120810", "1.0");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #expiries: readonly Expiry[];
  readonly #permissions: Permissions;

  /** @throws StageError when a table cannot be modelled */
  static async open(context: ServiceContext): Promise<DynamoDbService> {
    const schemas = context.graph.ofType("aws:dynamodb/table:Table").map(readSchema);
    const tables = await openAll(schemas, (schema) =>
      Table.open(schema, context.folder("dynamodb", schema.name), context.durable),
    );
    return buildOn(new TableSet(tables, context.facts), async (set) => {
      const transactions = await Transactions.open(set, context.clock, context.say);
      return new DynamoDbService(context, set, transactions);
    });
  }

  private constructor(
    private readonly context: ServiceContext,
    private readonly tables: TableSet,
    private readonly transactions: Transactions,
  ) {
    this.#permissions = new Permissions(tables, context.facts);
    this.#expiries = tables.all.map(
      (table) =>
        new Expiry(table, context.clock, (removed) => this.#measure(table, "TimeToLiveDeletedItemCount", removed)),
    );
    this.operations = { ...this.#ofItems(), ...this.#ofMany(), ...this.#ofTables() };
  }

  async close(): Promise<void> {
    await Promise.all(this.#expiries.map((expiry) => expiry.close()));
    await this.tables.close();
  }

  #ofItems(): Record<string, Operation> {
    const { tables } = this;
    const permissions = this.#permissions;
    const writing = (shape: z.ZodType<items.AnsweredWrite>): Operation =>
      operation({
        shape,
        checks: (write) => permissions.writing([write], { returns: write.returns }),
        run: (write) => this.#write(tables.get(write.table), write),
      });
    return {
      GetItem: operation({
        shape: items.getItem,
        checks: (read) => permissions.reading("GetItem", [read]),
        run: (read) => getItem(tables.get(read.table), read),
      }),
      PutItem: writing(items.putItem),
      UpdateItem: writing(items.updateItem),
      DeleteItem: writing(items.deleteItem),
      Query: operation({
        shape: pages.query,
        checks: (request) => permissions.paging("Query", request),
        run: (request) => this.#page(request.table, (table) => queryTable(table, request)),
      }),
      Scan: operation({
        shape: pages.scan,
        checks: (request) => permissions.paging("Scan", request),
        run: (request) => this.#page(request.table, (table) => scanTable(table, request)),
      }),
    };
  }

  #ofMany(): Record<string, Operation> {
    const { tables, transactions } = this;
    const permissions = this.#permissions;
    return {
      BatchGetItem: operation({
        shape: many.batchGetItem,
        checks: (batch) =>
          permissions.reading(
            "BatchGetItem",
            batch.flatMap(({ reads }) => reads),
          ),
        run: (batch) => getBatch(tables, batch),
      }),
      BatchWriteItem: operation({
        shape: many.batchWriteItem,
        checks: (writes) => permissions.writing(writes, { action: "BatchWriteItem" }),
        run: (writes) => writeBatch(tables, writes),
      }),
      TransactGetItems: operation({
        shape: many.transactGetItems,
        checks: (reads) => permissions.reading("GetItem", reads, "TransactGetItems"),
        run: (reads) => transactions.get(reads),
      }),
      TransactWriteItems: operation({
        shape: many.transactWriteItems,
        checks: ({ writes }) => permissions.writing(writes, { enclosing: "TransactWriteItems" }),
        run: (transaction) => transactions.write(transaction),
      }),
    };
  }

  #ofTables(): Record<string, Operation> {
    const { tables } = this;
    const permissions = this.#permissions;
    const named = z.object({ TableName: tableReference });
    return {
      DescribeTable: operation({
        shape: named,
        checks: ({ TableName }) => permissions.describing("DescribeTable", TableName),
        run: ({ TableName }) => ({ Table: describeTable(this.#existing(TableName)) }),
      }),
      DescribeTimeToLive: operation({
        shape: named,
        checks: ({ TableName }) => permissions.describing("DescribeTimeToLive", TableName),
        run: ({ TableName }) => ({ TimeToLiveDescription: describeTimeToLive(this.#existing(TableName)) }),
      }),
      ListTables: operation({
        shape: z.object({
          Limit: z.int().min(1).max(MOST_NAMES).default(MOST_NAMES),
          ExclusiveStartTableName: z.string().optional(),
        }),
        checks: () => [{ action: "dynamodb:ListTables", resource: "*" }],
        run: ({ Limit, ExclusiveStartTableName: start }) => {
          const left = tables.names.filter((name) => start === undefined || name > start);
          const page = left.slice(0, Limit);
          return { TableNames: page, ...(page.length < left.length && { LastEvaluatedTableName: page.at(-1) }) };
        },
      }),
    };
  }

  async #write(table: Table, write: items.AnsweredWrite): Promise<unknown> {
    try {
      return await writeItem(table, write);
    } catch (error) {
      if (error instanceof AwsError && error.code === "ConditionalCheckFailedException") {
        this.#measure(table, "ConditionalCheckFailedRequests", 1);
      }
      throw error;
    }
  }

  /** What a page shows is on disk before it is answered. */
  async #page(reference: string, read: (table: Table) => Page): Promise<Page> {
    const table = this.tables.get(reference);
    const page = read(table);
    await table.settled();
    return page;
  }

  #existing(reference: string): Table {
    const table = this.tables.find(reference);
    if (table !== undefined) return table;
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${reference} not found`);
  }

  #measure(table: Table, name: string, value: number): void {
    this.context.measure({ namespace: "AWS/DynamoDB", name, dimensions: { TableName: table.schema.name }, value });
  }
}
