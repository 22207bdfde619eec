/** The watch over click-through rates and those who are told, under the monitor. That it detects is executed by the demo. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { at, foundation, policyOf } from "../../test/foundation";
import { render } from "../../test/stage";
import type { Graph } from "../../local/graph/graph";
import { NotificationTopic, planNotificationTopic } from "../notify/notification-topic";
import { EventStream } from "../store/event-stream";
import { FailureQueue } from "../store/failure-queue";
import { LakeBucket } from "../store/lake-bucket";
import { StateTable } from "../store/state-table";
import { CtrAnomaly, planDetector, type DetectorArgs } from "./ctr-anomaly";

const detector: DetectorArgs = {
  window: "10 seconds",
  cutoff: 2,
  rules: ["cutoff"],
  trees: 100,
  samples: 12,
  timeDecay: 100_000,
  retryHorizon: "5 minutes",
  silence: "60 seconds",
};

const renderWatch = (): Promise<Graph> =>
  render(() => {
    const on = foundation();
    const key = { partition: { name: "id", type: "S" as const } };
    new CtrAnomaly("ctr", {
      on,
      network: { subnetIds: ["subnet-1"], functionsGroupId: "sg-1" },
      beacons: new EventStream("input", { on, capacity: 1 }),
      anomalies: new EventStream("anomalies", { on, capacity: 1 }),
      forests: new StateTable("forests", { on, key, expiry: "expires" }),
      silenceIndex: "by-last-window",
      alerts: new StateTable("alerts", { on, key, expiry: "expires" }),
      processed: new LakeBucket("processed", { on }),
      topic: new NotificationTopic("people", {
        on,
        email: "a@example.com",
        phone: pulumi.secret("+15550100000"),
        sender: "Clickstream",
      }),
      failures: new FailureQueue("failures", { on }),
      detector,
      metricNamespace: "clickstream/test",
    });
  });

describe("The watch over click-through rates", () => {
  it("counts beacons in windows, anomalies one after the other, and looks for silence each minute", async () => {
    const graph = await renderWatch();
    const mappings = graph.ofType("aws:lambda/eventSourceMapping:EventSourceMapping");
    assert.deepEqual(mappings.map(({ name, inputs }) => [name, inputs["tumblingWindowInSeconds"]]).sort(), [
      ["alert", undefined],
      ["detect", 10],
    ]);
    assert.equal(graph.only("aws:cloudwatch/eventRule:EventRule").inputs["scheduleExpression"], "rate(1 minute)");
  });

  it("gives each function what it needs for its own part, and no more", async () => {
    const graph = await renderWatch();
    const network = ["AttachToNetwork", "DetachFromNetwork", "SeeNetwork", "WriteOwnLog"];
    const sids = (role: string): string[] => Object.keys(policyOf(graph, role)).filter((sid) => !network.includes(sid));
    assert.deepEqual(sids("detect"), [
      "KeyThroughDynamodb",
      "KeyThroughKinesis",
      "KeyThroughS3",
      "KeyThroughSqs",
      "ReadinputStream",
      "Sendfailures",
      "UseforestsTable",
      "WriteanomaliesStream",
      "WriteprocessedBucketrejected",
    ]);
    assert.deepEqual(sids("notice"), [
      "KeyThroughDynamodb",
      "KeyThroughKinesis",
      "QueryforestsTablebylastwindow",
      "UseforestsTable",
      "WriteanomaliesStream",
    ]);
    assert.deepEqual(sids("alert"), [
      "KeyThroughDynamodb",
      "KeyThroughKinesis",
      "KeyThroughS3",
      "KeyThroughSns",
      "KeyThroughSqs",
      "Publishpeople",
      "ReadanomaliesStream",
      "Sendfailures",
      "UsealertsTable",
      "WriteprocessedBucketanomalies",
      "WriteprocessedBucketrejected",
    ]);
    assert.deepEqual(policyOf(graph, "notice")["UseforestsTable"]?.Action, ["dynamodb:UpdateItem"]);
  });

  it("is refused with a detector that could not work", () => {
    assert.throws(
      () =>
        planDetector("ctr", {
          ...detector,
          cutoff: 0,
          trees: 0,
          samples: 5,
          timeDecay: 3,
          silence: "10 seconds",
          retryHorizon: "1 second",
        }),
      {
        message:
          "CtrAnomaly ctr: detector.cutoff must be a positive score, got 0; detector.trees must be 1..1000, got 0; detector.samples must be 10..1000, got 5; " +
          'detector.timeDecay must be more than detector.samples (5), got 3; detector.silence must be at least two windows of 10 seconds, got "10 seconds"; ' +
          'detector.retryHorizon must be at least one window of 10 seconds, got "1 second"',
      },
    );
  });
});

describe("A notification topic", () => {
  it("tells people by e-mail, and by text where a number is given, which stays secret", async () => {
    const graph = await renderWatch();
    const subscriptions = graph.ofType("aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual(subscriptions.map(({ inputs }) => inputs["protocol"]).sort(), ["email", "sms"]);
    const sms = subscriptions.find(({ inputs }) => inputs["protocol"] === "sms");
    assert.deepEqual(sms?.secrets, ["endpoint"]);
  });

  it("lets services of this account publish only where they are named", async () => {
    const graph = await render(() => {
      const on = foundation();
      new NotificationTopic("people", { on, email: "a@example.com", sender: "Clickstream" });
      new NotificationTopic("operators", {
        on,
        email: "a@example.com",
        sender: "Ops",
        services: ["cloudwatch.amazonaws.com"],
      });
    });
    const sids = (name: string): string[] => {
      const policy = graph.only("aws:sns/topicPolicy:TopicPolicy", (each) => each.name === name);
      return (JSON.parse(String(at(policy, "policy"))) as { Statement: { Sid: string }[] }).Statement.map(
        ({ Sid }) => Sid,
      );
    };
    assert.deepEqual(sids("people"), ["TlsOnly"]);
    assert.deepEqual(sids("operators"), ["ServicesOfThisAccount", "TlsOnly"]);
  });

  it("is refused without an address or with a sender that no phone shows", () => {
    assert.throws(() => planNotificationTopic("people", { email: "nobody", sender: "much too long a name" }), {
      message:
        'NotificationTopic people: email must be an e-mail address, got "nobody"; sender must be 1..11 letters, digits and hyphens, got "much too long a name"',
    });
  });
});
