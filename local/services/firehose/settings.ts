/** A delivery stream as the graph declares it. What the stage does not do is refused here, before anything runs. */
import { StageError } from "../../diagnostics";
import { describeResource, flagOf, numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { isRecord, type Properties, type Value } from "../../graph/value";
import { compileErrorPrefix, compilePrefix, type Prefix } from "./prefix";

export interface DeliverySettings {
  readonly name: string;
  readonly arn: string;
  /** Nothing for a stream that producers put into directly. */
  readonly source: { readonly streamArn: string; readonly roleArn: string } | undefined;
  readonly roleArn: string;
  readonly bucket: string;
  readonly bucketArn: string;
  readonly prefix: Prefix;
  readonly errorPrefix: Prefix;
  /** The prefixes as declared. */
  readonly declared: { readonly prefix: string; readonly errorPrefix: string | undefined };
  /** Milliseconds. */
  readonly interval: number;
  /** Bytes before compression. */
  readonly size: number;
  readonly compression: "UNCOMPRESSED" | "GZIP";
  readonly extension: string;
  readonly keyArn: string | undefined;
  /** Stands behind every record. */
  readonly delimiter: Buffer;
  readonly log: { readonly group: string; readonly stream: string } | undefined;
}

const TYPE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const MIB = 2 ** 20;

/** Bounds of the buffer. Source: Firehose API reference, BufferingHints. */
const INTERVAL_SECONDS = { least: 0, most: 900, usual: 300 };
const SIZE_MIB = { least: 1, most: 128, usual: 5 };

/** Every delivery stream of the graph. @throws StageError naming the resource that asks for what the stage does not do */
export function readDeliveryStreams(graph: Graph): DeliverySettings[] {
  return graph.ofType(TYPE).map((resource) => {
    try {
      return readSettings(resource, graph);
    } catch (error) {
      if (error instanceof StageError) throw new StageError(`${describeResource(resource)}: ${error.message}`);
      throw error;
    }
  });
}

function readSettings({ inputs, outputs }: Resource, graph: Graph): DeliverySettings {
  expectOnly(inputs, "the stream", [
    "name",
    "destination",
    "kinesisSourceConfiguration",
    "extendedS3Configuration",
    "tags",
    "region",
  ]);
  const destination = textOf(inputs, "destination");
  if (destination !== "extended_s3") throw new StageError(`destination ${destination} is not modelled, extended_s3 is`);
  const s3 = recordOf(inputs, "extendedS3Configuration");
  expectOnly(s3, "extendedS3Configuration", [
    "roleArn",
    "bucketArn",
    "prefix",
    "errorOutputPrefix",
    "bufferingInterval",
    "bufferingSize",
    "compressionFormat",
    "fileExtension",
    "customTimeZone",
    "kmsKeyArn",
    "processingConfiguration",
    "cloudwatchLoggingOptions",
    "s3BackupMode",
  ]);
  if ((optionalText(s3, "customTimeZone") ?? "UTC") !== "UTC") throw new StageError("customTimeZone must be UTC here");
  if ((optionalText(s3, "s3BackupMode") ?? "Disabled") !== "Disabled")
    throw new StageError("s3BackupMode is not modelled");
  const bucketArn = textOf(s3, "bucketArn");
  const bucket = graph.ofType("aws:s3/bucket:Bucket").find((each) => each.outputs["arn"] === bucketArn);
  if (bucket === undefined) throw new StageError(`bucketArn ${bucketArn} is no bucket of this graph`);
  const prefix = optionalText(s3, "prefix") ?? "";
  const errorPrefix = optionalText(s3, "errorOutputPrefix");
  const compression = readCompression(s3);
  return {
    name: textOf(outputs, "name"),
    arn: textOf(outputs, "arn"),
    source: readSource(inputs, graph),
    roleArn: textOf(s3, "roleArn"),
    bucket: textOf(bucket.outputs, "bucket"),
    bucketArn,
    prefix: compilePrefix(prefix),
    errorPrefix: compileErrorPrefix(errorPrefix, prefix),
    declared: { prefix, errorPrefix },
    interval: within(s3, "bufferingInterval", INTERVAL_SECONDS) * 1000,
    size: within(s3, "bufferingSize", SIZE_MIB) * MIB,
    compression,
    extension: optionalText(s3, "fileExtension") ?? (compression === "GZIP" ? ".gz" : ""),
    keyArn: optionalText(s3, "kmsKeyArn"),
    delimiter: readDelimiter(s3),
    log: readLog(s3),
  };
}

function readSource(inputs: Properties, graph: Graph): DeliverySettings["source"] {
  if (inputs["kinesisSourceConfiguration"] === undefined) return undefined;
  const source = recordOf(inputs, "kinesisSourceConfiguration");
  const streamArn = textOf(source, "kinesisStreamArn");
  if (!graph.ofType("aws:kinesis/stream:Stream").some(({ outputs }) => outputs["arn"] === streamArn)) {
    throw new StageError(`kinesisStreamArn ${streamArn} is no stream of this graph`);
  }
  return { streamArn, roleArn: textOf(source, "roleArn") };
}

function readCompression(s3: Properties): DeliverySettings["compression"] {
  const format = optionalText(s3, "compressionFormat") ?? "UNCOMPRESSED";
  if (format === "UNCOMPRESSED" || format === "GZIP") return format;
  throw new StageError(`compressionFormat ${format} is not modelled, UNCOMPRESSED and GZIP are`);
}

/** The one processor that the stage runs. */
function readDelimiter(s3: Properties): Buffer {
  const none = Buffer.alloc(0);
  if (s3["processingConfiguration"] === undefined) return none;
  const processing = recordOf(s3, "processingConfiguration");
  if (!flagOf(processing, "enabled")) return none;
  const processors = listOf(processing["processors"]);
  const other = processors.find((processor) => processor["type"] !== "AppendDelimiterToRecord");
  if (other !== undefined) {
    throw new StageError(`the processor ${JSON.stringify(other["type"])} is not modelled, AppendDelimiterToRecord is`);
  }
  const [processor] = processors;
  if (processor === undefined) return none;
  const delimiter = listOf(processor["parameters"]).find(({ parameterName }) => parameterName === "Delimiter");
  return Buffer.from(unescape(delimiter === undefined ? "\\n" : textOf(delimiter, "parameterValue")));
}

/** A delimiter travels escaped: a backslash and an n are a line feed. */
function unescape(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
  return text.replace(/\\(.)/gs, (whole, char: string) => escapes[char] ?? whole);
}

function readLog(s3: Properties): DeliverySettings["log"] {
  if (s3["cloudwatchLoggingOptions"] === undefined) return undefined;
  const options = recordOf(s3, "cloudwatchLoggingOptions");
  if (!flagOf(options, "enabled")) return undefined;
  return { group: textOf(options, "logGroupName"), stream: textOf(options, "logStreamName") };
}

function within(s3: Properties, name: string, { least, most, usual }: typeof SIZE_MIB): number {
  const value = numberOf(s3, name, usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StageError(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
}

function expectOnly(properties: Properties, place: string, followed: readonly string[]): void {
  const strange = Object.keys(properties).filter((name) => !followed.includes(name) && !isOff(properties[name]));
  if (strange.length === 0) return;
  throw new StageError(`${place} has ${strange.join(", ")}, which the local stage does not do: leave it out`);
}

/** A feature that is declared, but off. */
function isOff(value: Value | undefined): boolean {
  return value === undefined || value === null || (isRecord(value) && value["enabled"] === false);
}

function recordOf(properties: Properties, name: string): Properties {
  const value = properties[name];
  if (isRecord(value)) return value;
  throw new StageError(`${name} must be given`);
}

function listOf(value: Value | undefined): readonly Properties[] {
  return Array.isArray(value) ? (value as readonly Value[]).filter(isRecord) : [];
}
