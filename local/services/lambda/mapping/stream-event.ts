/**
 * The event of a batch, written as the bytes that go to the function's thread. A batch may be megabytes: as one text it
 * would be copied from text to text, and each copy would have to be collected.
 */
import type { StoredRecord } from "../../kinesis/record";
import { base64Length, type Batch } from "./batch";
import type { MappingSettings } from "./settings";

/** Where a batch was read, and as whom. */
export interface BatchSource {
  readonly shard: string;
  readonly region: string;
  readonly roleArn: string;
}

/** What JSON needs beside a record's data and key, and what it may make of one character. */
const RECORD_OVERHEAD = 200;
const LONGEST_CHARACTER = 6;

/** JSON in UTF-8, in memory of its own. Source of the form: Lambda developer guide, "Using Lambda with Kinesis". */
export function renderEvent(
  { records, window, closes }: Batch,
  settings: MappingSettings,
  source: BatchSource,
): Uint8Array<ArrayBuffer> {
  const tail = JSON.stringify({
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventName: "aws:kinesis:record",
    invokeIdentityArn: source.roleArn,
    awsRegion: source.region,
    eventSourceARN: settings.streamArn,
  }).slice(1);
  const state = window?.state ?? new Uint8Array();
  const end = window === undefined ? "]}" : `],${windowFields(window, closes, settings, source)},"state":`;
  let room = 64 + Buffer.byteLength(end) + state.byteLength;
  const idLength = source.shard.length + 2 * (records[0]?.sequence.length ?? 0); // those of a shard are equally long
  for (const { data, partitionKey } of records) {
    room += RECORD_OVERHEAD + idLength + base64Length(data) + LONGEST_CHARACTER * partitionKey.length + tail.length;
  }

  const event = Buffer.allocUnsafeSlow(room);
  let length = event.write('{"Records":[');
  for (const [place, record] of records.entries()) {
    length += event.write(`${place === 0 ? "" : ","}${renderRecord(record, source.shard)},${tail}`, length);
  }
  length += event.write(end, length);
  if (window === undefined) return event.subarray(0, length);
  event.set(state, length);
  length += state.byteLength;
  length += event.write("}", length);
  return event.subarray(0, length);
}

/** Without its closing brace. Sequence numbers, base64 and times need no escaping. */
function renderRecord(record: StoredRecord, shard: string): string {
  const { sequence, partitionKey, data, arrival } = record;
  return (
    `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":${JSON.stringify(partitionKey)},` +
    `"sequenceNumber":"${sequence}","data":"${data.toString("base64")}","approximateArrivalTimestamp":${arrival / 1000}},` +
    `"eventID":"${shard}:${sequence}"`
  );
}

function windowFields(
  window: NonNullable<Batch["window"]>,
  closes: Batch["closes"],
  { streamArn }: MappingSettings,
  { shard }: BatchSource,
): string {
  const iso = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");
  return JSON.stringify({
    window: { start: iso(window.start), end: iso(window.end) },
    shardId: shard,
    eventSourceARN: streamArn,
    isFinalInvokeForWindow: closes !== "no",
    isWindowTerminatedEarly: closes === "early",
  }).slice(1, -1);
}
