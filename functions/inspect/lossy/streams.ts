/** Kinesis streams and Firehose. */
import {
  becomes,
  changed,
  elementsGone,
  leaves,
  lowered,
  removed,
  setAnew,
  shortened,
  swapped,
  switchedOff,
  switchedOn,
} from "./comparison";
import { loses, type LossyTable, unshields } from "./rule";

const STREAM = "AWS::Kinesis::Stream";
const PULUMI_STREAM = "aws:kinesis/stream:Stream";

export const KINESIS: LossyTable = {
  source: "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
  rules: [
    loses(
      [`${STREAM} RetentionPeriodHours`, `${PULUMI_STREAM} retentionPeriod`],
      lowered(24),
      "records older than the new retention are gone at once",
      "keep the retention until every consumer has read what it needs",
    ),
    loses(
      [`${STREAM} ShardCount`, `${PULUMI_STREAM} shardCount`],
      lowered(),
      "what producers put beyond the new capacity is refused, and consumers must follow the merged shards",
      "lower it in small steps while nobody writes at the limit",
    ),
    loses(
      [`${STREAM} StreamModeDetails.StreamMode`, `${PULUMI_STREAM} streamModeDetails.streamMode`],
      leaves("ON_DEMAND"),
      "the stream no longer grows with its load",
      "set a shard count that holds the highest load",
    ),
    loses(
      [`${STREAM} MaxRecordSizeInKiB`, `${PULUMI_STREAM} maxRecordSizeInKib`],
      lowered(1024),
      "larger records are refused",
      "make sure that no producer sends larger ones",
    ),
    unshields(
      [`${STREAM} StreamEncryption.EncryptionType`, `${PULUMI_STREAM} encryptionType`],
      leaves("KMS"),
      "records are stored without encryption",
    ),
    unshields(
      [`${PULUMI_STREAM} enforceConsumerDeletion`],
      switchedOn(),
      "the stream can be deleted together with its consumers",
    ),
  ],
};

const FIREHOSE_TYPE = "AWS::KinesisFirehose::DeliveryStream";
const PULUMI_FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const ELSEWHERE = "records go elsewhere from now on, and who reads the old place misses them";
const MOVE = "make a second delivery stream, move readers over, and delete the old one in a change of its own";

/** Every destination CloudFormation has a property for. */
const DESTINATIONS = [
  ...[
    "AmazonOpenSearchServerless",
    "Amazonopensearchservice",
    "Elasticsearch",
    "ExtendedS3",
    "HttpEndpoint",
    "Iceberg",
  ],
  ...["Redshift", "S3", "Snowflake", "Splunk"],
].map((name) => `${FIREHOSE_TYPE} ${name}DestinationConfiguration`);

export const FIREHOSE: LossyTable = {
  source: "https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html",
  rules: [
    loses(DESTINATIONS, removed(), ELSEWHERE, MOVE),
    loses([`${PULUMI_FIREHOSE} destination`], swapped(), ELSEWHERE, MOVE),
    loses(
      [
        `${FIREHOSE_TYPE} ExtendedS3DestinationConfiguration.BucketARN`,
        `${FIREHOSE_TYPE} S3DestinationConfiguration.BucketARN`,
        `${PULUMI_FIREHOSE} extendedS3Configuration.bucketArn`,
      ],
      swapped(),
      ELSEWHERE,
      MOVE,
    ),
    loses(
      [
        `${FIREHOSE_TYPE} KinesisStreamSourceConfiguration`,
        `${FIREHOSE_TYPE} MSKSourceConfiguration`,
        `${PULUMI_FIREHOSE} kinesisSourceConfiguration.kinesisStreamArn`,
        `${PULUMI_FIREHOSE} mskSourceConfiguration`,
      ],
      swapped(),
      "records of the old source are no longer delivered",
      MOVE,
    ),
    loses(
      [
        `${FIREHOSE_TYPE} ExtendedS3DestinationConfiguration.S3BackupMode`,
        `${PULUMI_FIREHOSE} extendedS3Configuration.s3BackupMode`,
      ],
      leaves("Enabled"),
      "records are no longer kept as they came in",
      "keep the backup of raw records",
    ),
    loses(
      [
        `${FIREHOSE_TYPE} ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors`,
        `${PULUMI_FIREHOSE} extendedS3Configuration.processingConfiguration.processors`,
      ],
      elementsGone("Type", "type"),
      "records are delivered unprocessed",
      "keep the processors, or move to a second delivery stream",
    ),
    loses(
      [
        `${FIREHOSE_TYPE} ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.Enabled`,
        `${PULUMI_FIREHOSE} extendedS3Configuration.dataFormatConversionConfiguration.enabled`,
      ],
      switchedOff(true),
      "objects are written in another format than readers expect",
      MOVE,
    ),
    unshields(
      [`${FIREHOSE_TYPE} DeliveryStreamEncryptionConfigurationInput`, `${PULUMI_FIREHOSE} serverSideEncryption`],
      removed(),
      "records are held without encryption",
    ),
    unshields(
      [`${PULUMI_FIREHOSE} serverSideEncryption.enabled`],
      switchedOff(),
      "records are held without encryption",
    ),
  ],
};

const MAPPING = "AWS::Lambda::EventSourceMapping";
const PULUMI_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

export const EVENT_SOURCES: LossyTable = {
  source: "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html",
  rules: [
    loses(
      [`${MAPPING} Enabled`, `${PULUMI_MAPPING} enabled`],
      switchedOff(true),
      "records wait unread, and expire with the retention of their source",
      "stop the producers instead, or watch the age of records",
    ),
    loses(
      [`${MAPPING} MaximumRecordAgeInSeconds`, `${PULUMI_MAPPING} maximumRecordAgeInSeconds`],
      shortened(-1),
      "records older than this are skipped",
      "set an on-failure destination first",
    ),
    loses(
      [`${MAPPING} MaximumRetryAttempts`, `${PULUMI_MAPPING} maximumRetryAttempts`],
      shortened(-1),
      "records that fail so often are skipped",
      "set an on-failure destination first",
    ),
    loses(
      [`${MAPPING} FilterCriteria`, `${PULUMI_MAPPING} filterCriteria`],
      setAnew(),
      "records that the filter does not match are skipped for ever",
      "try the filter on a second mapping first",
    ),
    loses(
      [`${MAPPING} DestinationConfig`, `${PULUMI_MAPPING} destinationConfig`],
      removed(),
      "records that fail are no longer kept",
      "keep the on-failure destination",
    ),
    loses(
      [`${MAPPING} FunctionResponseTypes`, `${PULUMI_MAPPING} functionResponseTypes`],
      elementsGone(),
      "failures that the function reports by item count as successes",
      "change the function first, so that it throws",
    ),
    loses(
      [
        `${MAPPING} StartingPosition`,
        `${MAPPING} StartingPositionTimestamp`,
        `${MAPPING} EventSourceArn`,
        `${PULUMI_MAPPING} startingPosition`,
        `${PULUMI_MAPPING} startingPositionTimestamp`,
        `${PULUMI_MAPPING} eventSourceArn`,
      ],
      swapped(),
      "it begins elsewhere: records are skipped or counted twice",
      "make a second mapping, and let the old one finish",
    ),
    loses(
      [`${MAPPING} TumblingWindowInSeconds`, `${PULUMI_MAPPING} tumblingWindowInSeconds`],
      changed(),
      "windows that are open lose what they have counted",
      "change it while no window is open",
    ),
    loses(
      [
        "AWS::Lambda::EventInvokeConfig MaximumEventAgeInSeconds",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig maximumEventAgeInSeconds",
      ],
      lowered(21_600),
      "events older than this are dropped",
      "set an on-failure destination first",
    ),
    loses(
      ["AWS::Events::Rule State", "aws:cloudwatch/eventRule:EventRule state"],
      becomes("DISABLED", "ENABLED"),
      "what it triggers no longer runs",
      "stop what it triggers instead",
    ),
  ],
};
