/** What lies at a station right now: the last records of a stream, objects of a bucket, items of a table. */
import { gunzipSync } from "node:zlib";
import { textOf, type Graph, type Resource } from "../../local/graph/graph";
import type { KinesisService } from "../../local/services/kinesis/service";
import { Stations } from "../model/stations";
import type { Sample, StationSamples } from "../model/wire";
import { findNewestObjects } from "./newest-objects";
import { operatorOf, type ConsoleStage, type Operator } from "./operator";

const MOST_SAMPLES = 40;
const MOST_OBJECTS = 8;
const LONGEST_TEXT = 2_000;
/** Larger objects are named and not opened. */
const LARGEST_OPENED = 1024 * 1024;

/** @returns nothing when the graph has no such station */
export async function readSamples(stage: ConsoleStage, station: string): Promise<StationSamples | undefined> {
  const { graph } = stage;
  const stations = new Stations(graph);
  if (!stations.all.some(({ id }) => id === station)) return undefined;
  const own = (type: string): Resource | undefined =>
    graph.ofType(type).find(({ urn }) => stations.ofUrn(urn)?.id === station);
  const [stream, bucket, table] = [
    own("aws:kinesis/stream:Stream"),
    own("aws:s3/bucket:Bucket"),
    own("aws:dynamodb/table:Table"),
  ];
  const call = operatorOf(stage);
  if (stream !== undefined)
    return { station, what: "records", samples: sampleStream(stage, textOf(stream.outputs, "arn")) };
  if (bucket !== undefined)
    return { station, what: "objects", samples: await sampleBucket(call, textOf(bucket.outputs, "bucket")) };
  if (table !== undefined) return { station, what: "items", samples: await sampleTable(call, table) };
  const group = logGroupOf(graph, stations, station);
  if (group !== undefined)
    return { station, what: "log lines", samples: await sampleLog(call, group, stage.clock.now()) };
  return { station, what: null, samples: [] };
}

function sampleStream(stage: ConsoleStage, arn: string): Sample[] {
  return (stage.service("kinesis") as KinesisService).newest(arn, MOST_SAMPLES).map((record) => ({
    id: `${record.shard} ${record.sequence}`,
    at: record.arrival,
    place: `${record.shard.replace(/^shardId-0*(?=\d)/, "shard ")}, key ${record.partitionKey}`,
    bytes: record.data.length,
    text: excerpt(record.data.toString("utf8")),
  }));
}

async function sampleBucket(call: Operator, bucket: string): Promise<Sample[]> {
  const objects = await findNewestObjects(call, bucket, MOST_OBJECTS);
  return Promise.all(
    objects.map(async ({ Key, Size, LastModified }) => ({
      id: Key,
      at: LastModified.getTime(),
      place: Key,
      bytes: Size,
      text: Size > LARGEST_OPENED ? "" : excerpt(await readObject(call, bucket, Key)),
    })),
  );
}

/** An object's content as text, unpacked. */
export async function readObject(call: Operator, bucket: string, key: string): Promise<string> {
  const { Body } = await call<{ readonly Body: Buffer }>("s3", "GetObject", { Bucket: bucket, Key: key });
  const isPacked = Body[0] === 0x1f && Body[1] === 0x8b;
  return (isPacked ? gunzipSync(Body, { maxOutputLength: 64 * LARGEST_OPENED }) : Body).toString("utf8");
}

async function sampleTable(call: Operator, { outputs }: Resource): Promise<Sample[]> {
  const TableName = textOf(outputs, "name");
  const { Items } = await call<{
    readonly Items: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
  }>("dynamodb", "Scan", { TableName, Limit: MOST_SAMPLES });
  const [partition, sort] = [outputs["hashKey"], outputs["rangeKey"]];
  return Items.map((item) => {
    const key = [partition, sort]
      .filter((name): name is string => typeof name === "string")
      .map((name) => textOfKey(item[name] ?? {}))
      .join(" / ");
    const text = JSON.stringify(
      Object.fromEntries(Object.entries(item).map(([name, value]) => [name, showAttribute(value)])),
    );
    return { id: key, at: null, place: key, bytes: text.length, text: excerpt(text) };
  });
}

/** Keys are texts, numbers or bytes, all of which travel as text. */
function textOfKey(attribute: Readonly<Record<string, unknown>>): string {
  const [value] = Object.values(attribute);
  return typeof value === "string" ? value : "";
}

/** Without its type; bytes are only counted. */
function showAttribute(attribute: Readonly<Record<string, unknown>>): unknown {
  const [type, value] = Object.entries(attribute)[0] ?? ["NULL", true];
  if (type === "B") return `[${Buffer.from(String(value), "base64").length} bytes]`;
  return type === "N" ? Number(value) : value;
}

function logGroupOf(graph: Graph, stations: Stations, station: string): string | undefined {
  const group = graph.ofType("aws:cloudwatch/logGroup:LogGroup").find(({ urn }) => stations.ofUrn(urn)?.id === station);
  return group === undefined ? undefined : textOf(group.outputs, "name");
}

async function sampleLog(call: Operator, group: string, now: number): Promise<Sample[]> {
  const { logStreams } = await call<{ readonly logStreams: readonly { readonly logStreamName: string }[] }>(
    "logs",
    "DescribeLogStreams",
    { logGroupName: group, orderBy: "LastEventTime", descending: true, limit: 1 },
  );
  const stream = logStreams[0]?.logStreamName;
  if (stream === undefined) return [];
  const { events } = await call<{
    readonly events: readonly { readonly timestamp: number; readonly message: string }[];
  }>("logs", "GetLogEvents", {
    logGroupName: group,
    logStreamName: stream,
    limit: MOST_SAMPLES,
    startTime: Math.max(0, now - 86_400_000),
  });
  return events
    .map(({ timestamp, message }, index) => ({
      id: `${stream} ${timestamp} ${index}`,
      at: timestamp,
      place: stream,
      bytes: Buffer.byteLength(message),
      text: excerpt(message),
    }))
    .reverse();
}

function excerpt(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
