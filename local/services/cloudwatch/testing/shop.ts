/** A small graph with a metric that an alarm watches, and the ways in which tests talk to CloudWatch about it. */
import * as aws from "@pulumi/aws";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type MetricDatum,
} from "@aws-sdk/client-cloudwatch";
import { render, START, withStage, type TestStage } from "../../../../test/stage";

export const MINUTE = 60_000;

export const shopProgram = (): void => {
  new aws.cloudwatch.MetricAlarm("errors", {
    name: "errors",
    namespace: "Shop",
    metricName: "Errors",
    dimensions: { Site: "a" },
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: "notBreaching",
  });
  new aws.cloudwatch.Dashboard("shop", { dashboardName: "shop", dashboardBody: '{"widgets":[]}' });
  const group = new aws.cloudwatch.LogGroup("detect", { name: "detect" });
  new aws.cloudwatch.LogStream("detect", { name: "detect", logGroupName: group.name });
  const role = new aws.iam.Role("publisher", {
    name: "publisher",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy("publisher", {
    role: role.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "cloudwatch:PutMetricData",
          Resource: "*",
          Condition: { StringEquals: { "cloudwatch:namespace": "Shop" } },
        },
      ],
    }),
  });
};

export async function withCloudWatch(
  run: (client: CloudWatchClient, test: TestStage) => Promise<void>,
  folder?: string,
): Promise<void> {
  await withStage(
    await render(shopProgram),
    async (test) => {
      const client = new CloudWatchClient(test.client());
      try {
        await run(client, test);
      } finally {
        client.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

export const SITE_A = [{ Name: "Site", Value: "a" }];

export async function put(client: CloudWatchClient, ...MetricData: MetricDatum[]): Promise<void> {
  await client.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData }));
}

export async function read(
  client: CloudWatchClient,
  Stat: string,
  Period = 60,
  MetricName = "Errors",
): Promise<unknown> {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(START),
      EndTime: new Date(START + 10 * MINUTE),
      ScanBy: "TimestampAscending",
      MetricDataQueries: [
        { Id: "m1", MetricStat: { Metric: { Namespace: "Shop", MetricName, Dimensions: SITE_A }, Period, Stat } },
      ],
    }),
  );
  const [{ Timestamps = [], Values = [] } = {}] = MetricDataResults;
  return Timestamps.map((time, index) => [(time.getTime() - START) / MINUTE, Values[index]]);
}

export async function stateOf(client: CloudWatchClient): Promise<string | undefined> {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["errors"] }));
  return MetricAlarms[0]?.StateValue;
}
