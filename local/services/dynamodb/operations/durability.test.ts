/**
 * On a disk that takes its time: nothing is answered that a crash could take back, be it an item, a refusal or a page.
 * Does not prove: that what was acknowledged survives a crash (durable/journal.test.ts).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FACTS, render, START } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import { machineDisk, type Disk } from "../../../durable/disk";
import { readSchema } from "../table/schema";
import { Table } from "../table/table";
import { TableSet } from "../table/table-set";
import { declareAlerts } from "../testing/tables";
import { writeBatch } from "./batch-write";
import { getItem as getItemShape, putItem as putItemShape } from "./item-request";
import { getBatch, getItem } from "./read";
import { Transactions } from "./transaction";
import { batchGetItem, batchWriteItem, transactGetItems, transactWriteItems } from "./transaction-request";
import { writeItem } from "./write";

/** The machine's disk, whose syncs wait until they are let go. */
class Gate {
  readonly disk: Disk = { ...machineDisk, sync: () => this.#opened };
  open: () => void = () => undefined;
  #opened: Promise<void> = Promise.resolve();

  shut(): void {
    this.#opened = new Promise((resolve) => (this.open = resolve));
  }
}

const TableName = "alerts";
const Key = { alert: { S: "x" } };
const ConditionExpression = "attribute_not_exists(alert)";

describe("DynamoDB on a slow disk", () => {
  it("answers nothing before the disk has what the answer rests on", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dynamodb-"));
    const graph = await render(() => void declareAlerts());
    const gate = new Gate();
    const table = await Table.open(readSchema(graph.only("aws:dynamodb/table:Table")), folder, { disk: gate.disk });
    const tables = new TableSet([table], FACTS);
    const transactions = await Transactions.open(tables, new VirtualClock(START), () => undefined);
    const check = { ConditionCheck: { TableName, Key, ConditionExpression } };
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      "a write": () => writeItem(table, putItemShape.parse({ TableName, Item: Key })),
      "a refusal": () => writeItem(table, putItemShape.parse({ TableName, Item: Key, ConditionExpression })),
      "an item": () => getItem(table, getItemShape.parse({ TableName, Key })),
      "a batch written": () =>
        writeBatch(
          tables,
          batchWriteItem.parse({ RequestItems: { alerts: [{ DeleteRequest: { Key: { alert: { S: "y" } } } }] } }),
        ),
      "a batch read": () => getBatch(tables, batchGetItem.parse({ RequestItems: { alerts: { Keys: [Key] } } })),
      "a transaction refused": () => transactions.write(transactWriteItems.parse({ TransactItems: [check] })),
      "a transaction read": () =>
        transactions.get(transactGetItems.parse({ TransactItems: [{ Get: { TableName, Key } }] })),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      gate.shut();
      const underWay = table.record({ put: [Key] });
      let isAnswered = false;
      const answer = attempt().then(
        () => (isAnswered = true),
        () => (isAnswered = true),
      );
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      assert.ok(!isAnswered, `${what} came too early`);
      gate.open();
      await Promise.all([underWay, answer]);
    }
    await table.close();
    await rm(folder, { recursive: true });
  });
});
