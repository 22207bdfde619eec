/**
 * Alarms on loopback, driven by the unmodified SDK client, with the topics that they tell.
 * Does not prove: that AWS evaluates at the same second, or words every reason alike.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { CloudWatchClient, DescribeAlarmHistoryCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { render, START, withStage } from "../../../test/stage";
import { CloudWatchService } from "./service";
import { MINUTE, put, read, SITE_A, stateOf, withCloudWatch } from "./testing/shop";

describe("Alarms", () => {
  it("come into the state that their metric has come to, minute by minute", async () => {
    await withCloudWatch(async (client, { clock, stage }) => {
      assert.equal(await stateOf(client), "INSUFFICIENT_DATA");
      await clock.advance(MINUTE);
      assert.equal(await stateOf(client), "OK");
      await put(client, { MetricName: "Errors", Dimensions: SITE_A, Value: 1 });
      await clock.advance(MINUTE);
      assert.equal(await stateOf(client), "ALARM");
      const cloudWatch = stage.service("monitoring");
      assert.ok(cloudWatch instanceof CloudWatchService);
      assert.deepEqual(
        cloudWatch.alarms().map(({ name, state, since }) => [name, state, since]),
        [["errors", "ALARM", START + 2 * MINUTE]],
      );
      await clock.advance(5 * MINUTE);
      assert.equal(await stateOf(client), "OK");
      const { AlarmHistoryItems = [] } = await client.send(
        new DescribeAlarmHistoryCommand({ AlarmName: "errors", HistoryItemType: "StateUpdate" }),
      );
      assert.deepEqual(
        AlarmHistoryItems.map(({ HistorySummary, Timestamp }) => [HistorySummary, Timestamp?.getTime()]),
        [
          ["Alarm updated from ALARM to OK", START + 5 * MINUTE],
          ["Alarm updated from OK to ALARM", START + 2 * MINUTE],
          ["Alarm updated from INSUFFICIENT_DATA to OK", START + MINUTE],
        ],
      );
    });
  });

  it("tell a topic whose policy lets them, and note where none does", async () => {
    const topicPolicy = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: "*",
        Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:told" } },
      },
    };
    const graph = await render(() => {
      const topic = new aws.sns.Topic("operators", { name: "operators", policy: JSON.stringify(topicPolicy) });
      const watch = {
        namespace: "Shop",
        metricName: "Errors",
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        treatMissingData: "breaching",
        alarmActions: [topic.arn],
      };
      for (const name of ["told", "refused"]) new aws.cloudwatch.MetricAlarm(name, { name, ...watch });
    });
    await withStage(graph, async (test) => {
      const cloudWatch = new CloudWatchClient(test.client());
      await test.clock.advance(MINUTE);
      const noted = async (AlarmName: string): Promise<string | undefined> => {
        const command = new DescribeAlarmHistoryCommand({ AlarmName, HistoryItemType: "Action" });
        return (await cloudWatch.send(command)).AlarmHistoryItems?.[0]?.HistorySummary;
      };
      assert.match((await noted("told")) ?? "", /^Successfully executed action arn:aws:sns:.*:operators$/);
      assert.match(
        (await noted("refused")) ?? "",
        /^Failed to execute action .* not authorized to perform: (?:sns|SNS):Publish/,
      );
      cloudWatch.destroy();
    });
  });

  it("are set to a state for a try, until the next evaluation", async () => {
    await withCloudWatch(async (client, { clock }) => {
      const set = { StateValue: "ALARM", StateReason: "a try" } as const;
      await client.send(new SetAlarmStateCommand({ AlarmName: "errors", ...set }));
      assert.equal(await stateOf(client), "ALARM");
      await clock.advance(MINUTE);
      assert.equal(await stateOf(client), "OK");
      await assert.rejects(client.send(new SetAlarmStateCommand({ AlarmName: "none", ...set })), {
        name: "ResourceNotFound",
      });
    });
  });

  it("and their metrics are kept when the stage is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    await withCloudWatch(async (client, { clock }) => {
      await put(client, { MetricName: "Errors", Dimensions: SITE_A, Value: 1 });
      await clock.advance(MINUTE);
    }, folder);
    await withCloudWatch(async (client) => {
      assert.deepEqual(await read(client, "Sum"), [[0, 1]]);
      assert.equal(await stateOf(client), "ALARM");
    }, folder);
    await rm(folder, { recursive: true });
  });

  for (const [what, property, message] of [
    ["a high-resolution period", { period: 10 }, /whole minutes, got 10 seconds/],
    ["a percentile", { statistic: undefined, extendedStatistic: "p99" }, /does not model extendedStatistic/],
    ["a longer look back than metrics are kept", { period: 3600, evaluationPeriods: 2 }, /240 minutes/],
    ["an action other than a topic", { alarmActions: ["arn:aws:automate:eu-west-1:ec2:stop"] }, /SNS topics only/],
    ["more datapoints than periods", { datapointsToAlarm: 2 }, /1 to evaluationPeriods \(1\), got 2/],
    ["no threshold", { threshold: undefined }, /needs threshold/],
    ["an anomaly band", { comparisonOperator: "LessThanLowerOrGreaterThanUpperThreshold" }, /must be one of/],
  ] as const) {
    it(`do not open with ${what}`, async () => {
      const args = {
        namespace: "Shop",
        metricName: "Errors",
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1,
        ...(property as Partial<aws.cloudwatch.MetricAlarmArgs>),
      } as aws.cloudwatch.MetricAlarmArgs;
      const graph = await render(() => void new aws.cloudwatch.MetricAlarm("odd", args));
      await assert.rejects(
        withStage(graph, async () => undefined),
        ({ name, message: text }: Error) =>
          name === "StageError" && text.startsWith("MetricAlarm odd") && message.test(text),
      );
    });
  }
});
