/**
 * CloudWatch's metrics and dashboards on loopback, driven by the unmodified SDK client.
 * Does not prove: that AWS answers alike; expressions, percentiles and units, which the stage does not keep.
 */
import assert from "node:assert/strict";
import {
  CloudWatchClient,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { START } from "../../../test/stage";
import { roleSession } from "../../iam/principal";
import { MINUTE, put, read, SITE_A, withCloudWatch } from "./testing/shop";

describe("CloudWatch", () => {
  it("gives back what was published, in each form, by the minute and by longer periods", async () => {
    await withCloudWatch(async (client, { clock }) => {
      await put(client, { MetricName: "Errors", Dimensions: SITE_A, Value: 5 });
      await clock.advance(2 * MINUTE);
      await put(
        client,
        { MetricName: "Errors", Dimensions: SITE_A, Values: [1, 2], Counts: [3, 1] },
        {
          MetricName: "Errors",
          Dimensions: SITE_A,
          StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 0, Maximum: 20 },
        },
        { MetricName: "Errors", Dimensions: SITE_A, Value: 7, Timestamp: new Date(START + MINUTE) },
        { MetricName: "Errors", Value: 1000 },
      );
      assert.deepEqual(await read(client, "Sum"), [
        [0, 5],
        [1, 7],
        [2, 25],
      ]);
      assert.deepEqual(await read(client, "SampleCount", 120), [
        [0, 2],
        [2, 6],
      ]);
      assert.deepEqual(await read(client, "Maximum", 300), [[0, 20]]);
      assert.deepEqual(await read(client, "Minimum", 300), [[0, 0]]);
      assert.deepEqual(await read(client, "Average", 300), [[0, 37 / 8]]);
      const { Datapoints } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: "Shop",
          MetricName: "Errors",
          Dimensions: SITE_A,
          StartTime: new Date(START),
          EndTime: new Date(START + MINUTE),
          Period: 60,
          Statistics: ["Sum", "SampleCount"],
        }),
      );
      assert.deepEqual(Datapoints, [{ Timestamp: new Date(START), Sum: 5, SampleCount: 1, Unit: "None" }]);
    });
  });

  it("takes a request that the client compressed", async () => {
    await withCloudWatch(async (client) => {
      const many = Array.from({ length: 500 }, () => ({ MetricName: "Errors", Dimensions: SITE_A, Value: 1 }));
      await put(client, ...many);
      assert.deepEqual(await read(client, "Sum"), [[0, 500]]);
    });
  });

  it("lists metrics by namespace, name and dimension", async () => {
    await withCloudWatch(async (client) => {
      await put(client, { MetricName: "Errors", Dimensions: SITE_A, Value: 1 }, { MetricName: "Rate", Value: 1 });
      const list = async (input: object): Promise<(string | undefined)[]> =>
        ((await client.send(new ListMetricsCommand(input))).Metrics ?? []).map(({ MetricName }) => MetricName);
      assert.deepEqual(await list({ Namespace: "Shop" }), ["Errors", "Rate"]);
      assert.deepEqual(await list({ Dimensions: [{ Name: "Site" }] }), ["Errors"]);
      assert.deepEqual(await list({ Dimensions: [{ Name: "Site", Value: "b" }] }), []);
      assert.deepEqual(await list({ MetricName: "Rate" }), ["Rate"]);
    });
  });

  it("takes metrics out of log lines", async () => {
    await withCloudWatch(async (client, test) => {
      const logs = new CloudWatchLogsClient(test.client());
      const directive = { Namespace: "Shop", Dimensions: [["Site"]], Metrics: [{ Name: "Errors" }] };
      const message = JSON.stringify({
        _aws: { Timestamp: START, CloudWatchMetrics: [directive] },
        Site: "a",
        Errors: [1, 2],
      });
      const logEvents = [{ timestamp: START, message }];
      await logs.send(new PutLogEventsCommand({ logGroupName: "detect", logStreamName: "detect", logEvents }));
      logs.destroy();
      assert.deepEqual(await read(client, "Sum"), [[0, 3]]);
      const own = await client.send(new ListMetricsCommand({ Namespace: "AWS/Logs" }));
      assert.deepEqual(
        own.Metrics?.map(({ MetricName }) => MetricName),
        ["IncomingLogEvents", "IncomingBytes"],
      );
    });
  });

  it("shows the dashboards that the program declares", async () => {
    await withCloudWatch(async (client) => {
      const { DashboardEntries = [] } = await client.send(new ListDashboardsCommand({}));
      assert.deepEqual(
        DashboardEntries.map(({ DashboardName, DashboardArn }) => [DashboardName, DashboardArn]),
        [["shop", "arn:aws:cloudwatch::000000000000:dashboard/shop"]],
      );
      const { DashboardBody } = await client.send(new GetDashboardCommand({ DashboardName: "shop" }));
      assert.equal(DashboardBody, '{"widgets":[]}');
      await assert.rejects(client.send(new GetDashboardCommand({ DashboardName: "none" })), {
        name: "DashboardNotFoundError",
      });
    });
  });

  it("lets a role publish to the namespace that it is granted, and to no other", async () => {
    await withCloudWatch(async (_, test) => {
      const client = new CloudWatchClient(
        test.client(roleSession("arn:aws:iam::000000000000:role/publisher", "tests")),
      );
      await put(client, { MetricName: "Errors", Value: 1 });
      const elsewhere = new PutMetricDataCommand({
        Namespace: "Bank",
        MetricData: [{ MetricName: "Errors", Value: 1 }],
      });
      await assert.rejects(client.send(elsewhere), { name: "AccessDenied", message: /cloudwatch:PutMetricData/ });
      client.destroy();
    });
  });

  it("refuses what it does not keep", async () => {
    await withCloudWatch(async (client) => {
      await assert.rejects(read(client, "p99"), { message: /no percentiles/ });
      await assert.rejects(read(client, "Sum", 30), { message: /whole minutes/ });
      const span = { StartTime: new Date(START), EndTime: new Date(START + MINUTE) };
      const expression = new GetMetricDataCommand({ ...span, MetricDataQueries: [{ Id: "e", Expression: "1 + 1" }] });
      await assert.rejects(client.send(expression), { message: /does not model Expression/ });
      const old = new Date(START - 200 * MINUTE);
      await assert.rejects(
        put(client, { MetricName: "Rate", Value: 1 }, { MetricName: "Errors", Value: 1, Timestamp: old }),
        {
          name: "InvalidParameterValueException",
          message: /180 minutes ago/,
        },
      );
      await assert.rejects(put(client, { MetricName: "Errors" }), { name: "InvalidParameterCombinationException" });
      const reserved = new PutMetricDataCommand({
        Namespace: "AWS/X",
        MetricData: [{ MetricName: "Errors", Value: 1 }],
      });
      await assert.rejects(client.send(reserved), { message: /AWS\// });
      const { Metrics } = await client.send(new ListMetricsCommand({}));
      assert.deepEqual(Metrics, []);
    });
  });
});
