/**
 * A log group on disk: what it keeps, gives up and brings back.
 * Does not prove: durability under a crash, which the segment log's own tests prove.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { LogGroup } from "./log-group";
import { decodeRecord, encodeRecord } from "./record";

const SETTINGS = { name: "g", arn: "arn:g", retentionDays: 1, keyArn: undefined, streams: ["declared"] };
const BOUNDS = { mostBytes: 8_000, segmentBytes: 1_000 };

describe("A log group", () => {
  let folder: string;
  let group: LogGroup;

  const open = async (): Promise<LogGroup> => LogGroup.open(SETTINGS, folder, 0, { sync: false }, BOUNDS);
  const append = (stream: string, ingestion: number, message = "x".repeat(50)): Promise<void> =>
    group.append([{ stream, timestamp: ingestion, ingestion, message }]);
  const ingested = (): number[] => [...group.read(group.oldest, group.tip)].map(({ ingestion }) => ingestion);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "logs-"));
    group = await open();
  });

  afterEach(async () => {
    await group.close();
    await rm(folder, { recursive: true });
  });

  it("gives up what arrived before a time, in whole segments, and streams with nothing left", async () => {
    await group.createStream("brief", 0);
    await append("brief", 1);
    for (let time = 2; time <= 100; time++) await append("declared", time);
    await group.trim(51);
    const kept = ingested();
    assert.ok(kept[0] !== undefined && kept[0] > 30 && kept[0] <= 51, `the oldest kept arrived at ${kept[0]}`);
    assert.equal(kept.at(-1), 100);
    assert.deepEqual(
      group.streams.map(({ name }) => name),
      ["declared"],
    );
  });

  it("keeps a declared stream that has nothing left", async () => {
    await group.createStream("busy", 0);
    for (let time = 1; time <= 100; time++) await append("busy", time);
    await group.trim(90);
    assert.ok(group.stream("declared") !== undefined);
  });

  it("stays within its bounds by giving up the oldest", async () => {
    for (let time = 1; time <= 1_000; time++) await append("declared", time);
    assert.ok(group.bytes <= BOUNDS.mostBytes + BOUNDS.segmentBytes, `${group.bytes} bytes`);
    const kept = ingested();
    assert.equal(kept.at(-1), 1_000);
    assert.ok(kept.length > 20);
  });

  it("knows its streams again when it is opened again", async () => {
    await group.createStream("a", 5);
    await append("a", 9);
    await append("a", 7);
    const before = group.streams;
    await group.close();
    group = await open();
    assert.deepEqual(group.streams, before);
    assert.deepEqual(group.stream("a"), {
      name: "a",
      created: 5,
      firstEvent: 7,
      lastEvent: 9,
      lastIngestion: 7,
      newest: 3,
    });
  });
});

describe("A record of a log group", () => {
  it("is read as it was written", () => {
    const time = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.constantFrom("event", "stream"),
        text,
        text,
        time,
        time,
        (kind, stream, message, timestamp, ingestion) => {
          const record = { kind, stream, message, timestamp, ingestion } as const;
          assert.deepEqual(decodeRecord(encodeRecord(record)), record);
        },
      ),
    );
  });
});
