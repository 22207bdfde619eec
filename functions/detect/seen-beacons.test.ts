/**
 * Which beacons were counted before, as several warm functions remember it over one table.
 * Does not prove what DynamoDB answers: the journey does, on the local stage's.
 */
import assert from "node:assert/strict";
import { GetItemCommand, PutItemCommand, QueryCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { digestOf } from "./digests";
import { SeenBeaconsTable } from "./seen-beacons";

const WINDOW_MS = 10_000;
const HORIZON_SECONDS = 60;

/** The table as far as it is asked here. */
class Table {
  readonly entries = new Map<string, string>();
  reads = 0;

  readonly client = Object.assign(new DynamoDBClient({ region: "eu-west-1" }), {
    send: async (command: unknown): Promise<object> => {
      if (command instanceof PutItemCommand) {
        const { site, entry, digests } = command.input.Item ?? {};
        this.entries.set(`${site?.S} ${entry?.S}`, digests?.S ?? "");
        return {};
      }
      if (command instanceof GetItemCommand) {
        this.reads++;
        const { site, entry } = command.input.Key ?? {};
        return { Item: { digests: { S: this.entries.get(`${site?.S} ${entry?.S}`) } } };
      }
      assert.ok(command instanceof QueryCommand);
      const { ":site": site, ":from": from, ":to": to } = command.input.ExpressionAttributeValues ?? {};
      const within = [...this.entries.keys()]
        .filter((key) => key >= `${site?.S} ${from?.S}` && key <= `${site?.S} ${to?.S}`)
        .sort();
      return { Items: within.map((key) => ({ entry: { S: key.split(" ")[1] } })) };
    },
  });
}

const span = (window: number) => ({ start: window * WINDOW_MS, end: (window + 1) * WINDOW_MS });
const digest = (id: number): string => digestOf("Click", String(id));

describe("Beacons that were seen before", () => {
  it("are found whoever counted them, within the horizon, and each entry is read once by each", async () => {
    const table = new Table();
    const [one, other] = [1, 2].map(() => new SeenBeaconsTable(table.client, "forests", HORIZON_SECONDS));
    assert.ok(one !== undefined && other !== undefined);
    await one.remember("a", span(10), "1", [digest(1), digest(2)]);
    await one.remember("a", span(11), "1", [digest(3)]);
    await one.remember("b", span(11), "1", [digest(4)]);
    const asked = [1, 2, 3, 4, 5].map(digest);
    for (const seen of [one, other, other]) {
      assert.deepEqual([...(await seen.before("a", span(12), "1", asked))].sort(), [1, 2, 3].map(digest).sort());
    }
    assert.equal(table.reads, 2);
    assert.deepEqual(await one.before("a", span(17), "1", asked), new Set([digest(3)]));
  });

  it("are not found in the part of the window that is tried again, nor in later ones", async () => {
    const table = new Table();
    const seen = new SeenBeaconsTable(table.client, "forests", HORIZON_SECONDS);
    for (const part of ["1", "2", "3"]) await seen.remember("a", span(10), part, [digest(Number(part))]);
    assert.deepEqual(await seen.before("a", span(10), "2", [1, 2, 3].map(digest)), new Set([digest(1)]));
  });

  it("are found alike by a function that keeps little, and by one that keeps all", async () => {
    const windows = fc.array(fc.array(fc.nat(40), { maxLength: 12 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(windows, fc.nat(8), async (counted, mostKept) => {
        const table = new Table();
        const all = new SeenBeaconsTable(table.client, "forests", HORIZON_SECONDS);
        const little = new SeenBeaconsTable(table.client, "forests", HORIZON_SECONDS, mostKept);
        for (const [window, ids] of counted.entries()) {
          const digests = [...new Set(ids)].map(digest);
          const before = await all.before("a", span(window), "1", digests);
          assert.deepEqual(await little.before("a", span(window), "1", digests), before);
          const within = counted.slice(Math.max(0, window - HORIZON_SECONDS / 10), window).flat();
          assert.deepEqual([...before].sort(), digests.filter((each) => within.map(digest).includes(each)).sort());
          await little.remember("a", span(window), "1", digests);
        }
      }),
    );
  });
});
