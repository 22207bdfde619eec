/**
 * The journey of an event, small: two sites for a quarter of an hour, one burst of clicks, a producer outside AWS, silence
 * at the end. What was acknowledged is noted on the way; what came of it is read back and held against it.
 */
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { BeaconClient, type Beacon } from "../bin/traffic/beacon-client";
import { randomFrom } from "../bin/traffic/random";
import { ExternalProducer } from "../docs/examples/external-producer";
import { readBeacon } from "../functions/lib/beacon";
import { HISTORY_ENTRY } from "../functions/lib/forest-table";
import { readFunctionLine, type SiteWindow } from "../functions/lib/function-lines";
import { textOf, type Graph } from "../local/graph/graph";
import type { KinesisService } from "../local/services/kinesis/service";
import type { SnsService } from "../local/services/sns/service";
import { platform } from "../stacks/platform";
import { readStage } from "../stacks/stage";
import { readStageFiles } from "../stacks/stage-files";
import { render, START, type TestStage } from "./stage";

/** The platform as it runs on this machine. */
export function renderLocal(changes: Readonly<Record<string, string>> = {}): Promise<Graph> {
  const { values, secretKeys } = readStageFiles(join(__dirname, ".."), "local");
  const config = { ...values, ...changes };
  return render(() => ({ ...platform(readStage("local", { values: config, secretKeys })) }), {
    stack: "local",
    config,
    secretKeys: [...secretKeys],
  });
}

export function frontDoor({ stage, graph }: Pick<TestStage, "stage" | "graph">): URL {
  return new URL(new URL(textOf(graph.stackOutputs, "beaconUrl")).pathname, stage.url);
}

/** What a journey came to. */
export interface Journey {
  /** Ids of beacons and records that were acknowledged, and of all that were sent. */
  readonly acknowledged: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
  /** Ids found on the stream and in the archive, as often as they are there. */
  readonly streamed: readonly string[];
  readonly archived: readonly string[];
  /** Windows as the detector said them, each once: `a.example 10:00:00` to `10 impressions, 1 clicks, usual`. */
  readonly windows: Readonly<Record<string, string>>;
  /** What each site's forest has learned, and the rates that it learned from. */
  readonly learned: Readonly<Record<string, unknown>>;
  /** E-mails to people, and records of anomalies, sorted. */
  readonly mails: readonly string[];
  readonly recorded: readonly string[];
}

const SITES = ["a.example", "b.example"] as const;
const WINDOW_MS = 10_000;
const WINDOWS = 34;
/** The window in which the first site is clicked like never before. */
const BURST = 30;
const VIEWS = 10;
/** The window in which the producer sends what is no beacon: it has no id but itself. */
const BROKEN = 3;
const BROKEN_RECORD = '{"browseraction":"Click","site":';

export interface TravelOptions {
  /** How often a browser sends a beacon while it is told to try again. @default 60 */
  readonly patience?: number;
  /** Ends the journey early: asked after each window and each minute. */
  readonly until?: () => boolean;
  /** When the journey begins, in milliseconds since the epoch: its ids tell it apart from one begun at another time. */
  readonly start?: number;
}

export async function travel(
  test: TestStage,
  { patience = 60, until = () => false, start = START }: TravelOptions = {},
): Promise<Journey> {
  const { clock, graph, stage, client } = test;
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  const browser = new BeaconClient(frontDoor(test), 8);
  const producer = await openProducer(test);
  const random = randomFrom(5);
  try {
    for (let window = 0; window < WINDOWS && !until(); window++) {
      await clock.advanceTo(start + window * WINDOW_MS + 1_000);
      const beacons = beaconsOf(window, random, start);
      await Promise.all(
        beacons.map(async (beacon) => {
          sent.add(beacon.id);
          if (await sendUntilTaken(browser, beacon, patience)) acknowledged.add(beacon.id);
        }),
      );
      const records = recordsOf(window, start);
      records.forEach(({ id }) => sent.add(id));
      await producer.putAll(records.slice(1));
      for (const record of records.slice(0, 1)) await producer.put(record);
      records.forEach(({ id }) => acknowledged.add(id));
    }
    for (let minute = 0; minute < 11 && !until(); minute++) await clock.advance(60_000);
  } finally {
    browser.close();
    producer.close();
  }
  const s3 = new S3Client({ ...client(), maxAttempts: 20 });
  try {
    const people = textOf(graph.only("aws:sns/topic:Topic", ({ name }) => name === "people").outputs, "arn");
    const mailbox = (stage.service("sns") as SnsService).mailbox.filter(
      ({ topic, kind }) => topic === people && kind === "email",
    );
    return {
      acknowledged,
      sent,
      streamed: idsOnStream(test),
      archived: (await linesOf(s3, textOf(graph.stackOutputs, "rawBucketName"))).map(idOf),
      windows: windowsIn(test.logged),
      learned: await learnedIn(test),
      mails: mailbox.map(({ subject = "", text }) => `${subject}\n${text}`).sort(),
      recorded: (await keysOf(s3, textOf(graph.stackOutputs, "processedBucketName"), "anomalies/")).sort(),
    };
  } finally {
    s3.destroy();
  }
}

/** What does not come out even; empty when all is well. */
export function faultsOf({ acknowledged, sent, streamed, archived, mails }: Journey): string[] {
  const onStream = new Set(streamed);
  const inArchive = new Set(archived);
  const mailsTwice = mails.filter((mail, index) => mails.indexOf(mail) !== index);
  return [
    ...[...acknowledged]
      .filter((id) => !onStream.has(id))
      .map((id) => `${id} was acknowledged and is not on the stream`),
    ...[...onStream].filter((id) => !sent.has(id)).map((id) => `${id} is on the stream and was never sent`),
    ...[...onStream].filter((id) => !inArchive.has(id)).map((id) => `${id} is on the stream and not in the archive`),
    ...[...inArchive].filter((id) => !onStream.has(id)).map((id) => `${id} is in the archive and not on the stream`),
    ...mailsTwice.map((mail) => `told twice: ${mail}`),
  ];
}

function beaconsOf(window: number, random: () => number, start: number): (Beacon & { readonly id: string })[] {
  return SITES.flatMap((site, index) => {
    const clicks = window === BURST && index === 0 ? 8 : random() < 0.5 ? 1 : 2;
    return Array.from({ length: VIEWS + clicks }, (_, number) => ({
      action: number < VIEWS ? "Impression" : "Click",
      site,
      id: `${site}-${start}-${window}-${number}`,
    }));
  });
}

function recordsOf(window: number, start: number): { key: string; data: string; id: string }[] {
  const key = "partner.example";
  const whole = [0, 1].map((number) => {
    const id = `partner-${start}-${window}-${number}`;
    return { key, id, data: JSON.stringify({ browseraction: "Impression", site: key, id, time: start }) };
  });
  return window === BROKEN ? [...whole, { key, id: BROKEN_RECORD, data: BROKEN_RECORD }] : whole;
}

/** As a page does: the same beacon again while the answer says that this may help. */
async function sendUntilTaken(browser: BeaconClient, beacon: Beacon, patience: number): Promise<boolean> {
  for (let attempt = 1; attempt <= patience; attempt++) {
    const { status } = await browser.send(beacon);
    if (status === 200) return true;
    if (status < 500 && status !== 429) return false;
  }
  return false;
}

/** The producer tries again as the SDK does by itself. */
function openProducer({ graph, stage }: TestStage): Promise<ExternalProducer> {
  return ExternalProducer.open({
    roleArn: textOf(graph.stackOutputs, "producerRoleArn"),
    externalId: "clickstream-producer",
    stream: textOf(graph.stackOutputs, "inputStreamName"),
    aws: stage.clientConfig,
  });
}

async function learnedIn({ graph, client }: TestStage): Promise<Record<string, unknown>> {
  const dynamodb = new DynamoDBClient({ ...client(), maxAttempts: 20 });
  const TableName = textOf(graph.only("aws:dynamodb/table:Table", ({ name }) => name === "forests").outputs, "name");
  try {
    const entries = SITES.map(async (site) => {
      const { Item = {} } = await dynamodb.send(
        new GetItemCommand({ TableName, Key: { site: { S: site }, entry: { S: HISTORY_ENTRY } } }),
      );
      const forest = Buffer.from(Item["forest"]?.B ?? new Uint8Array()).toString("base64");
      return [site, { rates: Item["recent"]?.S, rules: Item["rules"]?.S, forest }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  } finally {
    dynamodb.destroy();
  }
}

/** Ids of everything on the input stream. */
export function idsOnStream({ stage, graph }: Pick<TestStage, "stage" | "graph">): string[] {
  const input = graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "input");
  const records = (stage.service("kinesis") as KinesisService).newest(textOf(input.outputs, "arn"), 100_000);
  return records.map(({ data }) => idOf(data.toString("utf8")));
}

function idOf(line: string): string {
  const outcome = readBeacon(line);
  return outcome.kind === "accepted" ? (outcome.value.id ?? "") : line;
}

async function keysOf(s3: S3Client, Bucket: string, Prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    keys.push(...Contents.map(({ Key = "" }) => Key));
  }
  return keys;
}

async function linesOf(s3: S3Client, Bucket: string): Promise<string[]> {
  const lines: string[] = [];
  for (const Key of await keysOf(s3, Bucket)) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8");
    lines.push(...text.split("\n").filter((line) => line !== ""));
  }
  return lines;
}

function windowsIn(logged: readonly string[]): Record<string, string> {
  const lines = logged.map(readFunctionLine).filter((line): line is SiteWindow => line?.event === "site-window");
  return Object.fromEntries(
    lines
      // A beacon that comes again after its window opens a window in which nothing counts.
      .filter(({ impressions, clicks }) => impressions + clicks > 0)
      .map(({ Site, windowStart, impressions, clicks, anomalous }): [string, string] => [
        `${Site} ${windowStart.slice(11, 19)}`,
        `${impressions} impressions, ${clicks} clicks, ${anomalous ? "anomalous" : "usual"}`,
      ])
      .sort(),
  );
}
