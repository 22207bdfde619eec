/** The alert function around its ports, each of which can fail. Does not prove SNS, S3 and DynamoDB (local/ runs them). */
import assert from "node:assert/strict";
import type { KinesisStreamEvent } from "aws-lambda";
import type { Anomaly } from "../lib/anomaly";
import type { RejectedRecord } from "../lib/rejected-records";
import type { CsvRecord, Message } from "./domain";
import { createAlertHandler, type Delivery } from "./handler";

const anomaly = (site: string): Anomaly => ({
  kind: "click-through-rate",
  id: `click-through-rate/${site}/10000`,
  site,
  windowStart: Date.UTC(2026, 0, 5, 10, 0, 0),
  windowEnd: Date.UTC(2026, 0, 5, 10, 0, 10),
  impressions: 50,
  clicks: 24,
  rate: 48,
  score: 3.0345,
  rules: [{ rule: "cutoff", limit: "cutoff 2" }],
  direction: "high",
  usualRate: 10,
});

function eventOf(...payloads: (Anomaly | string)[]): KinesisStreamEvent {
  return {
    Records: payloads.map((payload, n) => ({
      awsRegion: "eu-west-1",
      eventID: `shardId-0:${n}`,
      eventName: "aws:kinesis:record",
      eventSource: "aws:kinesis",
      eventSourceARN: "arn:anomalies",
      eventVersion: "1.0",
      invokeIdentityArn: "arn:role",
      kinesis: {
        kinesisSchemaVersion: "1.0",
        partitionKey: "p",
        sequenceNumber: String(n),
        approximateArrivalTimestamp: 1_767_607_200,
        data: Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)).toString("base64"),
      },
    })),
  };
}

function world() {
  const delivered = new Map<string, Set<Delivery>>();
  const told: Message[] = [];
  const recorded: CsvRecord[] = [];
  const rejected: RejectedRecord[] = [];
  const failing = new Set<"tell" | "record" | "note">();
  const unless = (what: "tell" | "record" | "note", then: () => void): void => {
    if (failing.has(what)) throw new Error(`cannot ${what}`);
    then();
  };
  const alert = createAlertHandler({
    alerts: {
      delivered: async (id) => delivered.get(id) ?? new Set(),
      note: async (id, delivery) =>
        unless("note", () => void delivered.set(id, (delivered.get(id) ?? new Set()).add(delivery))),
    },
    tell: async (message) => unless("tell", () => void told.push(message)),
    record: async (csv) => unless("record", () => void recorded.push(csv)),
    rejected: { keep: async (records) => void rejected.push(...records) },
    now: () => Date.UTC(2026, 0, 5, 10, 1),
    print: () => undefined,
    metricNamespace: "clickstream/test",
  });
  return { alert, told, recorded, rejected, failing };
}

describe("The alert function", () => {
  it("tells people the rate and the score, and records both as CSV", async () => {
    const { alert, told, recorded } = world();
    assert.deepEqual(await alert(eventOf(anomaly("shop.example"))), { batchItemFailures: [] });
    assert.deepEqual(told, [
      {
        subject: "Anomaly: click-through rate of shop.example",
        text:
          "Click-through rate of shop.example is unusually high: 48.0 %, usually 10.0 %. Anomaly score 3.03 (cutoff 2).\n" +
          "24 clicks of 50 impressions, 2026-01-05 10:00:00 to 2026-01-05 10:00:10 UTC.",
      },
    ]);
    assert.deepEqual(recorded, [
      {
        key: `year=2026/month=01/day=05/shop.example-${anomaly("").windowStart}-click-through-rate.csv`,
        content:
          "date,site,kind,window_start,window_end,impressions,clicks,ctr,anomaly_score,usual_ctr,rules\n" +
          "2026-01-05T10:00:10.000Z,shop.example,click-through-rate,2026-01-05T10:00:00.000Z,2026-01-05T10:00:10.000Z,50,24,48,3.0345,10,cutoff\n",
      },
    ]);
  });

  it("does each delivery once, however often the anomaly comes", async () => {
    const { alert, told, recorded } = world();
    await alert(eventOf(anomaly("a"), anomaly("a"), anomaly("b")));
    await alert(eventOf(anomaly("a")));
    assert.equal(told.length, 2);
    assert.equal(recorded.length, 2);
  });

  for (const [broken, other] of [
    ["tell", "record"],
    ["record", "tell"],
  ] as const) {
    it(`tries to ${broken} again by itself when only that fails`, async () => {
      const { alert, told, recorded, failing } = world();
      failing.add(broken);
      assert.deepEqual(await alert(eventOf(anomaly("a"), anomaly("b"))), {
        batchItemFailures: [{ itemIdentifier: "0" }],
      });
      failing.clear();
      assert.deepEqual(await alert(eventOf(anomaly("a"), anomaly("b"))), { batchItemFailures: [] });
      assert.deepEqual(
        { told: told.length, recorded: recorded.length },
        { told: 2, recorded: 2 },
        `${other} was done once`,
      );
    });
  }

  it("keeps what is no anomaly, and goes on", async () => {
    const { alert, told, rejected } = world();
    assert.deepEqual(await alert(eventOf("{", '{"kind":"other"}', anomaly("a"))), { batchItemFailures: [] });
    assert.deepEqual(
      rejected.map(({ code, component, sequence }) => ({ code, component, sequence })),
      [
        { code: "not-json", component: "alert", sequence: "0" },
        { code: "not-an-anomaly", component: "alert", sequence: "1" },
      ],
    );
    assert.equal(told.length, 1);
  });

  it("keeps strangers' names out of subjects and formulas", async () => {
    const { alert, told, recorded } = world();
    await alert(eventOf(anomaly('=HYPERLINK("x"),\nünï' + "x".repeat(200))));
    assert.match(told[0]?.subject ?? "", /^[\x20-\x7e]{1,100}$/);
    assert.match(recorded[0]?.content ?? "", /,"'=HYPERLINK\(""x""\),\nünï/);
    assert.doesNotMatch(recorded[0]?.key ?? "", /[\n",]/);
  });
});
