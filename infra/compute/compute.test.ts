/** Functions and what feeds them, under the monitor. Does not prove that they run (local/ does) or that AWS accepts them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { at, foundation, policyOf } from "../../test/foundation";
import { render } from "../../test/stage";
import { Asset } from "../../local/graph/value";
import type { Capability } from "../core/capability";
import { at as located, permits } from "../core/capability";
import { EventStream } from "../store/event-stream";
import { FailureQueue } from "../store/failure-queue";
import { ConfinedFunction, planEnvironment } from "./confined-function";
import { planRate, ScheduledFunction } from "./scheduled-function";
import { planStreamConsumer, StreamConsumer } from "./stream-consumer";

const network = { subnetIds: ["subnet-1"], functionsGroupId: "sg-1" };

const things: Capability = permits({
  sid: "UseThings",
  reason: "uses things",
  actions: ["things:Get"],
  targets: [{ arn: "arn:aws:things:eu-west-1:000000000000:thing/a", pattern: "arn:aws:things:*:*:thing/*" }],
});

/** What the alert function's contract asks for. */
const access = [located(things, { ALERT_TABLE: "alerts", ALERT_TOPIC: "arn:topic", PROCESSED_BUCKET: "processed" })];
const settings = { METRIC_NAMESPACE: "clickstream/test" };

describe("A confined function", () => {
  it("runs its bundle in the network, as a role with its log and its capabilities and nothing else", async () => {
    const graph = await render(
      () => new ConfinedFunction("alert", { on: foundation(), network, code: "alert", access, settings }),
    );
    const lambda = graph.only("aws:lambda/function:Function");
    const { code } = lambda.inputs;
    assert.ok(code instanceof Asset && existsSync(join(code.content, "index.js")));
    assert.equal(lambda.inputs["handler"], "index.handler");
    assert.deepEqual(at(lambda, "environment.variables"), {
      ALERT_TABLE: "alerts",
      ALERT_TOPIC: "arn:topic",
      PROCESSED_BUCKET: "processed",
      METRIC_NAMESPACE: "clickstream/test",
    });
    assert.deepEqual(lambda.inputs["vpcConfig"], { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] });
    assert.equal(at(lambda, "loggingConfig.logGroup"), graph.only("aws:cloudwatch/logGroup:LogGroup").outputs["name"]);
    assert.deepEqual(Object.keys(policyOf(graph, "alert")).sort(), [
      "AttachToNetwork",
      "DetachFromNetwork",
      "SeeNetwork",
      "UseThings",
      "WriteOwnLog",
    ]);
    const logGroup = String(graph.only("aws:cloudwatch/logGroup:LogGroup").outputs["arn"]);
    assert.deepEqual(policyOf(graph, "alert")["WriteOwnLog"]?.Resource, [`${logGroup}:*`]);
  });

  it("waits for its policy", async () => {
    const graph = await render(
      () => new ConfinedFunction("alert", { on: foundation(), network, code: "alert", access, settings }),
    );
    const policy = graph.only("aws:iam/rolePolicy:RolePolicy");
    assert.ok(graph.only("aws:lambda/function:Function").options.dependsOn.includes(policy.urn));
  });

  it("is refused when a variable of its contract is missing, or one is given that nobody reads", () => {
    const contract = { TABLE: "text", CUTOFF: "number" } as const;
    assert.throws(
      () => planEnvironment("x", contract, { access: [located(things, { TABLE: "t" })], settings: { COLOR: "red" } }),
      {
        message:
          'ConfinedFunction x: access must be capabilities and settings that bring every variable of the contract, got {"missing":["CUTOFF"]}; ' +
          'settings must be variables that the function\'s contract names, got {"unread":["COLOR"]}',
      },
    );
  });
});

describe("A stream consumer", () => {
  it("reads in order, reports failures one by one, and gives up into a queue", async () => {
    const graph = await render(() => {
      const on = foundation();
      const source = new EventStream("input", { on, capacity: 1 });
      const failures = new FailureQueue("failures", { on });
      new StreamConsumer("alert", {
        on,
        network,
        code: "alert",
        access,
        settings,
        source,
        reads: "reads it",
        failures,
        window: "10 seconds",
      });
    });
    const mapping = graph.only("aws:lambda/eventSourceMapping:EventSourceMapping");
    const { eventSourceArn, functionName, destinationConfig, ...rest } = mapping.inputs;
    assert.equal(eventSourceArn, graph.only("aws:kinesis/stream:Stream").outputs["arn"]);
    assert.equal(functionName, graph.only("aws:lambda/function:Function").outputs["arn"]);
    assert.deepEqual(destinationConfig, {
      onFailure: { destinationArn: graph.only("aws:sqs/queue:Queue").outputs["arn"] },
    });
    assert.deepEqual(rest, {
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      parallelizationFactor: 1,
      tumblingWindowInSeconds: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 3600,
    });
    const sids = Object.keys(policyOf(graph, "alert"));
    for (const sid of ["ReadinputStream", "Sendfailures", "KeyThroughKinesis", "KeyThroughSqs"])
      assert.ok(sids.includes(sid), sid);
  });

  it("is refused with every problem at once", () => {
    assert.throws(
      () => planStreamConsumer("x", { batchSize: 0, window: "1 hour", retries: -2, longestWait: "1 second" }),
      {
        message:
          'StreamConsumer x: batchSize must be 1..10000 records, got 0; window must be "1 second".."900 seconds" in whole seconds, got "1 hour"; ' +
          'retries must be 0..10000, got -2; longestWait must be "60 seconds".."7 days", got "1 second"',
      },
    );
  });
});

describe("A scheduled function", () => {
  it("is invoked by its own rule only", async () => {
    const graph = await render(
      () =>
        new ScheduledFunction("alert", {
          on: foundation(),
          network,
          code: "alert",
          access,
          settings,
          every: "5 minutes",
        }),
    );
    const rule = graph.only("aws:cloudwatch/eventRule:EventRule");
    assert.equal(rule.inputs["scheduleExpression"], "rate(5 minutes)");
    const permission = graph.only("aws:lambda/permission:Permission").inputs;
    assert.equal(permission["principal"], "events.amazonaws.com");
    assert.equal(permission["sourceArn"], rule.outputs["arn"]);
  });

  it("runs every so many whole minutes", () => {
    assert.equal(planRate("x", "1 minute"), "rate(1 minute)");
    assert.throws(
      () => planRate("x", "90 seconds"),
      /ScheduledFunction x: every must be whole minutes, at least "1 minute", got "90 seconds"/,
    );
  });
});
