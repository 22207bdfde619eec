/** A delivery stream as DescribeDeliveryStream shows it. */
import type { DeliveryStream } from "./delivery-stream";
import { STREAM_VERSION } from "./prefix";
import type { DeliverySettings } from "./settings";

const MIB = 2 ** 20;

export function describeDeliveryStream({ settings, begun }: DeliveryStream): Record<string, unknown> {
  const { name, arn, source } = settings;
  const since = begun / 1000;
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: "ACTIVE",
    DeliveryStreamType: source === undefined ? "DirectPut" : "KinesisStreamAsSource",
    DeliveryStreamEncryptionConfiguration: { Status: "DISABLED" },
    VersionId: String(STREAM_VERSION),
    CreateTimestamp: since,
    HasMoreDestinations: false,
    ...(source && {
      Source: {
        KinesisStreamSourceDescription: {
          KinesisStreamARN: source.streamArn,
          RoleARN: source.roleArn,
          DeliveryStartTimestamp: since,
        },
      },
    }),
    Destinations: [
      { DestinationId: "destinationId-000000000001", ExtendedS3DestinationDescription: describeDestination(settings) },
    ],
  };
}

function describeDestination(settings: DeliverySettings): Record<string, unknown> {
  const { roleArn, bucketArn, declared, interval, size, compression, keyArn, delimiter, log } = settings;
  return {
    RoleARN: roleArn,
    BucketARN: bucketArn,
    Prefix: declared.prefix,
    ErrorOutputPrefix: declared.errorPrefix,
    BufferingHints: { IntervalInSeconds: interval / 1000, SizeInMBs: size / MIB },
    CompressionFormat: compression,
    EncryptionConfiguration:
      keyArn === undefined ? { NoEncryptionConfig: "NoEncryption" } : { KMSEncryptionConfig: { AWSKMSKeyARN: keyArn } },
    CloudWatchLoggingOptions:
      log === undefined ? { Enabled: false } : { Enabled: true, LogGroupName: log.group, LogStreamName: log.stream },
    ProcessingConfiguration: delimiter.length === 0 ? { Enabled: false } : describeDelimiter(delimiter),
    S3BackupMode: "Disabled",
  };
}

function describeDelimiter(delimiter: Buffer): Record<string, unknown> {
  const ParameterValue = JSON.stringify(delimiter.toString()).slice(1, -1);
  return {
    Enabled: true,
    Processors: [{ Type: "AppendDelimiterToRecord", Parameters: [{ ParameterName: "Delimiter", ParameterValue }] }],
  };
}
