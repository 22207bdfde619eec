/**
 * The raw archive: everything the input stream carries, byte for byte, as gzip NDJSON in the raw bucket, by hour of
 * arrival. What cannot be delivered lands under `failed/`, with the reason.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { DELIVERY_INTERVAL, DELIVERY_SIZE_MIB } from "../core/limits";
import { InputProblems } from "../core/problems";
import { days, mebibytes, seconds, type Duration, type Size } from "../core/units";
import { Role } from "../iam/role";
import type { EventStream } from "../store/event-stream";
import type { LakeBucket } from "../store/lake-bucket";

export interface RawArchiveArgs {
  readonly on: Foundation;
  readonly source: EventStream;
  readonly bucket: LakeBucket;
  /** How long records are collected before they are written. @default "60 seconds" */
  readonly interval?: Duration;
  /** How much is collected at most before it is written. @default "50 MiB" */
  readonly size?: Size;
}

/** Folder of the archive in the raw bucket, and of what failed. */
export const ARCHIVE_PREFIX = "beacons/";
export const FAILED_PREFIX = "failed/";

const ONLY_ON_FAILURE = "used only when a record cannot be delivered";

const HOUR_OF_ARRIVAL = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/";

export class RawArchive extends ClickstreamComponent {
  readonly deliveryStreamName: pulumi.Output<string>;

  constructor(name: string, args: RawArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planRawArchive(name, args);
    super("clickstream:ingest:RawArchive", name, {}, opts);
    const { on, source, bucket } = args;

    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
      this.child(),
    );
    const logStream = new aws.cloudwatch.LogStream(name, { logGroupName: logGroup.name }, this.child());
    const role = new Role(
      name,
      {
        on,
        trust: {
          kind: "service",
          service: "firehose.amazonaws.com",
          // Firehose presents the account that owns the delivery stream.
          conditions: { StringEquals: { "sts:ExternalId": on.place.account } },
        },
        description: "Firehose archives the input stream in the raw bucket",
        access: [
          source.canRead("reads every record of the input stream"),
          bucket.canDeliver(ARCHIVE_PREFIX, "writes the archive"),
          bucket.canWrite(FAILED_PREFIX, "writes what could not be delivered", ONLY_ON_FAILURE),
          canReportErrors(name, logGroup.arn, on),
        ],
      },
      { parent: this },
    );
    const delivery = new aws.kinesis.FirehoseDeliveryStream(
      name,
      {
        destination: "extended_s3",
        kinesisSourceConfiguration: { kinesisStreamArn: source.arn, roleArn: role.arn },
        extendedS3Configuration: {
          roleArn: role.arn,
          bucketArn: bucket.arn,
          prefix: `${ARCHIVE_PREFIX}${HOUR_OF_ARRIVAL}`,
          errorOutputPrefix: `${FAILED_PREFIX}!{firehose:error-output-type}/${HOUR_OF_ARRIVAL}`,
          bufferingInterval: plan.intervalSeconds,
          bufferingSize: plan.sizeMebibytes,
          compressionFormat: "GZIP",
          kmsKeyArn: on.key.arn,
          processingConfiguration: {
            enabled: true,
            processors: [
              { type: "AppendDelimiterToRecord", parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }] },
            ],
          },
          cloudwatchLoggingOptions: { enabled: true, logGroupName: logGroup.name, logStreamName: logStream.name },
        },
      },
      this.child({ dependsOn: [role.ready] }),
    );

    this.deliveryStreamName = delivery.name;
    this.registerOutputs({ deliveryStreamName: this.deliveryStreamName });
  }
}

export interface RawArchivePlan {
  readonly intervalSeconds: number;
  readonly sizeMebibytes: number;
}

/** @throws pulumi.InputPropertiesError */
export function planRawArchive(name: string, args: Pick<RawArchiveArgs, "interval" | "size">): RawArchivePlan {
  const { interval = "60 seconds", size = "50 MiB" } = args;
  const problems = new InputProblems(`RawArchive ${name}`);
  const within =
    seconds(interval) >= seconds(DELIVERY_INTERVAL.least) && seconds(interval) <= seconds(DELIVERY_INTERVAL.most);
  problems.expect(within, "interval", interval, `"${DELIVERY_INTERVAL.least}".."${DELIVERY_INTERVAL.most}"`);
  const mib = mebibytes(size);
  problems.expect(
    mib >= DELIVERY_SIZE_MIB.least && mib <= DELIVERY_SIZE_MIB.most,
    "size",
    size,
    `"${DELIVERY_SIZE_MIB.least} MiB".."${DELIVERY_SIZE_MIB.most} MiB"`,
  );
  problems.throwIfAny();
  return { intervalSeconds: seconds(interval), sizeMebibytes: mib };
}

function canReportErrors(name: string, logGroupArn: pulumi.Output<string>, { place }: Foundation): Capability {
  return permits({
    sid: "ReportErrors",
    reason: "says why a delivery failed",
    actions: ["logs:PutLogEvents"],
    targets: [
      {
        arn: logGroupArn.apply((arn) => `${arn}:*`),
        pattern: `arn:${place.partition}:logs:${place.region}:*:log-group:${name}-*:*`,
      },
    ],
    idle: ONLY_ON_FAILURE,
  });
}
