/** Alarms and the dashboard, under the monitor. That an alarm reaches the operators is executed in stacks/journey.test.ts. */
import assert from "node:assert/strict";
import { at, foundation } from "../../test/foundation";
import { render } from "../../test/stage";
import type { Graph } from "../../local/graph/graph";
import { ConfinedFunction } from "../compute/confined-function";
import { permits, at as located } from "../core/capability";
import { BeaconApi } from "../ingest/beacon-api";
import { RawArchive } from "../ingest/raw-archive";
import { NotificationTopic } from "../notify/notification-topic";
import { EventStream } from "../store/event-stream";
import { FailureQueue } from "../store/failure-queue";
import { LakeBucket } from "../store/lake-bucket";
import { Alarms } from "./alarms";
import { Dashboard } from "./dashboard";

const renderWatch = (): Promise<Graph> =>
  render(() => {
    const on = foundation();
    const input = new EventStream("input", { on, capacity: 1 });
    const failures = new FailureQueue("failures", { on });
    const access = [
      located(
        permits({
          sid: "Use",
          reason: "uses",
          actions: ["things:Get"],
          targets: [{ arn: "arn:aws:things:::a", pattern: "arn:aws:things:::*" }],
        }),
        {
          ALERT_TABLE: "t",
          ALERT_TOPIC: "t",
          PROCESSED_BUCKET: "b",
          METRIC_NAMESPACE: "n",
        },
      ),
    ];
    const alert = new ConfinedFunction("alert", {
      on,
      network: { subnetIds: ["subnet-1"], functionsGroupId: "sg-1" },
      code: "alert",
      access,
    });
    const topic = new NotificationTopic("operators", {
      on,
      email: "a@example.com",
      sender: "Ops",
      services: ["cloudwatch.amazonaws.com"],
    });
    new Alarms("alarms", {
      topic,
      input,
      functions: { alert },
      consumers: ["alert"],
      failures,
      latest: "2 minutes",
      longestQuiet: "15 minutes",
    });
    const api = new BeaconApi("beacons", { on, stream: input, rateLimit: 1, burstLimit: 1 });
    const archive = new RawArchive("archive", { on, source: input, bucket: new LakeBucket("raw", { on }) });
    new Dashboard("dashboard", {
      place: on.place,
      api,
      input,
      archive,
      functions: { alert },
      failures,
      metricNamespace: "clickstream/test",
    });
  });

describe("Alarms", () => {
  it("watch every way in which the journey can stop, and tell the operators", async () => {
    const graph = await renderWatch();
    const alarms = graph.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms
        .map(({ name, inputs }) => [
          name,
          inputs["namespace"],
          inputs["metricName"],
          inputs["threshold"],
          inputs["treatMissingData"],
        ])
        .sort(),
      [
        ["alarms-alert-errors", "AWS/Lambda", "Errors", 0, "notBreaching"],
        ["alarms-alert-late", "AWS/Lambda", "IteratorAge", 120_000, "notBreaching"],
        ["alarms-alert-throttles", "AWS/Lambda", "Throttles", 0, "notBreaching"],
        ["alarms-failed-batches", "AWS/SQS", "ApproximateNumberOfMessagesVisible", 0, "notBreaching"],
        ["alarms-no-data", "AWS/Kinesis", "IncomingRecords", 1, "breaching"],
      ],
    );
    const topic = graph.only("aws:sns/topic:Topic").outputs["arn"];
    for (const { name, inputs } of alarms) assert.deepEqual(inputs["alarmActions"], [topic], name);
    const telling = alarms.filter(({ inputs }) => JSON.stringify(inputs["okActions"]) === JSON.stringify([topic]));
    assert.deepEqual(
      telling.map(({ name }) => name),
      ["alarms-no-data"],
      "a new alarm that tells when all is well sends a message in its first minute",
    );
    const quiet = alarms.find(({ name }) => name === "alarms-no-data");
    assert.equal(quiet?.inputs["evaluationPeriods"], 15);
  });
});

describe("The dashboard", () => {
  it("shows the journey, every metric of a resource that is there", async () => {
    const graph = await renderWatch();
    const body = JSON.parse(String(at(graph.only("aws:cloudwatch/dashboard:Dashboard"), "dashboardBody"))) as {
      widgets: { properties: { title: string; metrics: unknown[][] } }[];
    };
    assert.deepEqual(
      body.widgets.map(({ properties }) => properties.title),
      [
        "Beacons",
        "Input stream: records",
        "Click-through rate per site (%)",
        "Anomaly score per site",
        "How late streams are read (ms)",
        "Archive: age of the oldest record not yet written (s)",
        "Functions: errors",
        "Failed batches waiting",
      ],
    );
    const named = JSON.stringify(body);
    for (const type of [
      "aws:kinesis/stream:Stream",
      "aws:lambda/function:Function",
      "aws:sqs/queue:Queue",
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    ]) {
      assert.ok(named.includes(String(graph.only(type).outputs["name"])), type);
    }
  });
});
