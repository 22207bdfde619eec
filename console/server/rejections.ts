/**
 * Rejected records, as functions keep them in buckets, and how one goes back to the stream that it came by. A replay is
 * noted beside the record before the record is put: it is never forgotten, and a second one is refused.
 */
import type { RejectedRecord } from "../../functions/lib/rejected-records";
import { textOf, type Graph } from "../../local/graph/graph";
import { AwsError } from "../../local/services/service";
import type { Rejection } from "../model/wire";
import { findNewestObjects } from "./newest-objects";
import type { Operator } from "./operator";
import { readObject } from "./station-samples";

const PREFIX = "rejected/";
const NOTES = "replayed/";
const MOST_OBJECTS = 40;
const MOST_REJECTIONS = 200;
const LONGEST_TEXT = 2_000;

export type Replay =
  | { readonly outcome: "replayed"; readonly sequence: string }
  | { readonly outcome: "refused"; readonly status: number; readonly reason: string };

/** The newest first. */
export async function listRejections(graph: Graph, call: Operator): Promise<Rejection[]> {
  const all = await Promise.all(
    graph.ofType("aws:s3/bucket:Bucket").map(async ({ outputs }) => {
      const bucket = textOf(outputs, "bucket");
      const [objects, notes] = await Promise.all([
        findNewestObjects(call, bucket, MOST_OBJECTS, PREFIX),
        findNewestObjects(call, bucket, MOST_REJECTIONS, NOTES),
      ]);
      const replayed = new Map(notes.map(({ Key, LastModified }) => [Key, LastModified.getTime()]));
      const read = objects.map(async ({ Key }) =>
        parseLines(await readObject(call, bucket, Key)).map((record, line) =>
          describe(record, [bucket, Key, line], replayed.get(noteOf(record)) ?? null),
        ),
      );
      return (await Promise.all(read)).flat();
    }),
  );
  return all
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(0, MOST_REJECTIONS);
}

/** Puts a rejected record back where it came from. */
export async function replay(graph: Graph, call: Operator, id: string, now: number): Promise<Replay> {
  const found = await find(graph, call, id);
  if (found === undefined) return { outcome: "refused", status: 404, reason: `no rejected record has the id ${id}` };
  const { bucket, record } = found;
  const known = graph.ofType("aws:kinesis/stream:Stream").some(({ outputs }) => outputs["arn"] === record.stream);
  if (!known) return { outcome: "refused", status: 409, reason: `the stream ${record.stream} is no longer there` };
  const note = {
    Bucket: bucket,
    Key: noteOf(record),
    Body: Buffer.from(JSON.stringify({ record: id, at: now })),
    IfNoneMatch: "*",
  };
  try {
    await call("s3", "PutObject", note);
  } catch (error) {
    if (!(error instanceof AwsError) || error.status !== 412) throw error;
    return { outcome: "refused", status: 409, reason: "the record was put back before" };
  }
  const put = { StreamARN: record.stream, PartitionKey: `${record.shard}-${record.sequence}`, Data: record.data };
  try {
    const { SequenceNumber } = await call<{ readonly SequenceNumber: string }>("kinesis", "PutRecord", put);
    return { outcome: "replayed", sequence: SequenceNumber };
  } catch (error) {
    // It is not there after all: it may be tried again.
    await call("s3", "DeleteObject", { Bucket: bucket, Key: noteOf(record) });
    throw error;
  }
}

async function find(
  graph: Graph,
  call: Operator,
  id: string,
): Promise<{ readonly bucket: string; readonly record: RejectedRecord } | undefined> {
  const [bucket, key, line] = readId(id);
  const owned = graph.ofType("aws:s3/bucket:Bucket").some(({ outputs }) => outputs["bucket"] === bucket);
  if (!owned || !key.startsWith(PREFIX)) return undefined;
  try {
    const record = parseLines(await readObject(call, bucket, key))[line];
    return record === undefined ? undefined : { bucket, record };
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return undefined;
    throw error;
  }
}

/** By shard and sequence number, which name a record of a stream for ever. */
function noteOf({ component, stream, shard, sequence }: RejectedRecord): string {
  return `${NOTES}component=${component}/${encodeURIComponent(stream.split("/").at(-1) ?? stream)}/${shard}-${sequence}.json`;
}

function parseLines(text: string): RejectedRecord[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RejectedRecord);
}

function describe(
  record: RejectedRecord,
  place: readonly [string, string, number],
  replayedAt: number | null,
): Rejection {
  const { code, detail, component, version, stream, shard, sequence, arrived, data } = record;
  return {
    id: writeId(place),
    at: Date.parse(arrived),
    code,
    detail,
    component,
    version,
    stream: stream.split("/").at(-1) ?? stream,
    place: `${shard}, ${sequence}`,
    text: Buffer.from(data, "base64").toString("utf8").slice(0, LONGEST_TEXT),
    replayedAt,
  };
}

function writeId(place: readonly [string, string, number]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readId(id: string): [bucket: string, key: string, line: number] {
  try {
    const [bucket, key, line] = JSON.parse(Buffer.from(id, "base64url").toString("utf8")) as [
      unknown,
      unknown,
      unknown,
    ];
    if (typeof bucket === "string" && typeof key === "string" && typeof line === "number") return [bucket, key, line];
  } catch {
    // Not one of ours: found nowhere.
  }
  return ["", "", 0];
}
