/** The stage on one page: the journey from left to right, row by row. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ConfinedFunction } from "../compute/confined-function";
import { ClickstreamComponent } from "../core/component";
import type { Place } from "../core/foundation";
import type { BeaconApi } from "../ingest/beacon-api";
import type { RawArchive } from "../ingest/raw-archive";
import type { EventStream } from "../store/event-stream";
import type { FailureQueue } from "../store/failure-queue";

export interface DashboardArgs {
  readonly place: Place;
  readonly api: BeaconApi;
  readonly input: EventStream;
  readonly archive: RawArchive;
  readonly functions: Readonly<Record<string, ConfinedFunction>>;
  readonly failures: FailureQueue;
  /** Namespace of the metrics that the functions publish. */
  readonly metricNamespace: string;
}

type Metric = readonly unknown[];

const WIDTH = 12;
const HEIGHT = 6;

export class Dashboard extends ClickstreamComponent {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("clickstream:observe:Dashboard", name, {}, opts);
    const widgets = graphs(args).map(({ title, metrics, statistic }, index) => ({
      type: "metric",
      x: (index % 2) * WIDTH,
      y: Math.floor(index / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: { title, region: args.place.region, view: "timeSeries", period: 60, stat: statistic, metrics },
    }));
    new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: pulumi.interpolate`clickstream-${pulumi.getStack()}`,
        dashboardBody: pulumi.jsonStringify({ widgets }),
      },
      this.child(),
    );
    this.registerOutputs({});
  }
}

function graphs({ api, input, archive, functions, failures, metricNamespace }: DashboardArgs): {
  readonly title: string;
  readonly statistic: "Sum" | "Maximum" | "Average";
  readonly metrics: readonly Metric[];
}[] {
  const ofApi = (metric: string): Metric => ["AWS/ApiGateway", metric, "ApiName", api.apiName, "Stage", api.stageName];
  const perFunction = (metric: string): Metric[] =>
    Object.values(functions).map((each) => ["AWS/Lambda", metric, "FunctionName", each.name]);
  const perSite = (metric: string): Metric[] => [
    [
      {
        expression: `SEARCH('{${metricNamespace},Site} MetricName="${metric}"', 'Average', 60)`,
        id: metric.toLowerCase(),
      },
    ],
  ];
  return [
    { title: "Beacons", statistic: "Sum", metrics: [ofApi("Count"), ofApi("4XXError"), ofApi("5XXError")] },
    {
      title: "Input stream: records",
      statistic: "Sum",
      metrics: [["AWS/Kinesis", "IncomingRecords", "StreamName", input.name]],
    },
    { title: "Click-through rate per site (%)", statistic: "Average", metrics: perSite("ClickThroughRate") },
    { title: "Anomaly score per site", statistic: "Maximum", metrics: perSite("AnomalyScore") },
    { title: "How late streams are read (ms)", statistic: "Maximum", metrics: perFunction("IteratorAge") },
    {
      title: "Archive: age of the oldest record not yet written (s)",
      statistic: "Maximum",
      metrics: [["AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", archive.deliveryStreamName]],
    },
    { title: "Functions: errors", statistic: "Sum", metrics: perFunction("Errors") },
    {
      title: "Failed batches waiting",
      statistic: "Maximum",
      metrics: [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", failures.name]],
    },
  ];
}
