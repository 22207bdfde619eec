/**
 * A stage that is killed with everything it started, again and again, at moments nobody chose for their convenience, while
 * browsers and a producer send. Afterwards its folder is opened once more and held against what was acknowledged.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { loadStage, type StageGraph } from "../bin/project";
import { BeaconClient } from "../bin/traffic/beacon-client";
import { randomFrom } from "../bin/traffic/random";
import { digestOf, unpackDigests } from "../functions/detect/digests";
import { readBeacon } from "../functions/lib/beacon";
import { VirtualClock } from "../local/clock";
import { textOf, type Graph } from "../local/graph/graph";
import type { StoredRecord } from "../local/services/kinesis/record";
import type { KinesisService } from "../local/services/kinesis/service";
import type { Mail } from "../local/services/sns/mailbox";
import type { SnsService } from "../local/services/sns/service";
import type { LocalStage } from "../local/stage";
import { openStage } from "./stage";

const COMMAND = join(__dirname, "../bin/clickstream.js");
const BROWSERS = 12;
const RECORDS_PER_PUT = 20;

/** How long a life lasts once the stage is ready: 0.1 to 2 seconds. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2_000;

/** How long windows surely remember what they counted: the stage's retry horizon of five minutes, less some. */
const REMEMBERED_MS = 240_000;

/** What is told of a site that says nothing more, as every site does in the end. */
const SILENCE = /has sent nothing since/;

interface Ready {
  readonly beacon: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function describeKills({ kills, seed }: { kills: number; seed: number }): void {
  describe(`A stage that is killed ${kills} times under load`, function () {
    this.timeout(60_000 + kills * 30_000);
    let folder: string;
    const children: ChildProcess[] = [];
    const sent = new Sent();
    const killedAt: number[] = [];
    let loaded: StageGraph;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "kills-"));
      loaded = await loadStage("local");
      const random = randomFrom(seed);
      const stream = textOf(loaded.graph.stackOutputs, "inputStreamName");
      for (let life = 0; life < kills; life++) {
        const { child, ready } = await startStage(folder, children);
        const load = sent.underLoad(ready, stream, life);
        await new Promise((wake) => setTimeout(wake, SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS)));
        killedAt.push(Date.now());
        killGroup(child);
        await once(child, "close");
        await load;
      }
    });

    it("ends with status 0 when it is told to stop under load", async () => {
      const { child, ready } = await startStage(folder, children);
      const load = sent.underLoad(ready, textOf(loaded.graph.stackOutputs, "inputStreamName"), kills);
      await new Promise((wake) => setTimeout(wake, SHORTEST_MS));
      killedAt.push(Date.now());
      child.kill("SIGTERM");
      const [code] = (await once(child, "close")) as [number | null];
      await load;
      // It ends itself with status 1 when stopping takes longer than five seconds.
      assert.equal(code, 0);
    });

    after(async () => {
      children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).forEach(killGroup);
      await rm(folder, { recursive: true, force: true });
    });

    it("has every acknowledged record, in stream and archive; each is counted once, each alert told once", async () => {
      const { graph, facts } = loaded;
      const clock = new VirtualClock(Date.now());
      const said: string[] = [];
      const say = (line: string): void => void said.push(line);
      const stage = await openStage(graph, { facts, clock, folder, port: 0, sync: false, say });
      try {
        await clock.advance(60_000);
        const uneven = await countedOtherThanOnce(loaded, stage, clock.now() - REMEMBERED_MS);
        // A difference of thousands of lines would take longer than the test.
        assert.equal(uneven.length, 0, `each beacon is counted in one window: ${uneven.slice(0, 20).join(", ")}`);
        for (let minute = 0; minute < 5; minute++) await clock.advance(60_000);
        assert.ok(sent.acknowledged.size > kills * 20, String(sent.acknowledged.size));

        const streamed = idsOnStream(loaded, stage);
        const archived = await idsInArchive(loaded, stage);
        const [onStream, inArchive] = [new Set(streamed), new Set(archived)];
        assert.deepEqual(missing(sent.acknowledged, onStream), []);
        assert.deepEqual(missing(onStream, sent.all), []);
        assert.deepEqual(missing(onStream, inArchive), []);
        assert.deepEqual(missing(inArchive, onStream), []);
        assert.equal(archived.length, streamed.length, "the archive holds each record of the stream once");

        const mails = mailsToPeople(loaded, stage);
        for (const site of sent.clickedOnly) {
          const told = mails.filter(({ text }) => text.includes(site) && !SILENCE.test(text));
          assert.ok(told.length >= 1, `nobody was told of ${site}`);
          // SNS cannot tell a second publication from the first: only a kill right behind the first excuses it.
          const excused = told.filter(({ time }) => killedAt.some((kill) => kill >= time && kill - time < 1_000));
          assert.ok(told.length - excused.length <= 1, `told of ${site} ${told.length} times`);
        }
        assert.deepEqual(
          said.filter((line) => !/taken over from process|unfinished write/.test(line)),
          [],
        );
      } finally {
        await stage.close();
      }
    });
  });
}

/** Everything that was sent, and what of it was acknowledged. */
class Sent {
  readonly all = new Set<string>();
  readonly acknowledged = new Set<string>();
  /** Sites of which only clicks were acknowledged: each is an anomaly at the end of its window. */
  readonly clickedOnly = new Set<string>();

  /** Sends until the stage is gone. */
  async underLoad(ready: Ready, stream: string, life: number): Promise<void> {
    const browser = new BeaconClient(new URL(ready.beacon), BROWSERS);
    const senders = Array.from({ length: BROWSERS }, (_, number) => this.#browse(browser, `${life}-${number}`));
    await Promise.all([...senders, this.#click(browser, life), this.#produce(ready, stream, life)]);
    browser.close();
  }

  async #browse(browser: BeaconClient, name: string): Promise<void> {
    for (let number = 0; ; number++) {
      const id = `b-${name}-${number}`;
      this.all.add(id);
      const action = number % 9 === 0 ? "Click" : "Impression";
      const reply = await browser.send({ action, site: `site-${number % 5}.example`, id }).catch(() => undefined);
      if (reply === undefined) return;
      if (reply.status === 200) this.acknowledged.add(id);
    }
  }

  async #click(browser: BeaconClient, life: number): Promise<void> {
    const [site, id] = [`clicks-${life}.example`, `click-${life}`];
    this.all.add(id);
    const reply = await browser.send({ action: "Click", site, id }).catch(() => undefined);
    if (reply?.status !== 200) return;
    this.acknowledged.add(id);
    this.clickedOnly.add(site);
  }

  async #produce(
    { endpoint, region, accessKeyId, secretAccessKey }: Ready,
    StreamName: string,
    life: number,
  ): Promise<void> {
    const credentials = { accessKeyId, secretAccessKey };
    const kinesis = new KinesisClient({ endpoint, region, credentials, maxAttempts: 1 });
    for (let batch = 0; ; batch++) {
      const ids = Array.from({ length: RECORDS_PER_PUT }, (_, number) => `p-${life}-${batch}-${number}`);
      ids.forEach((id) => this.all.add(id));
      const Records = ids.map((id) => ({
        PartitionKey: `partner-${batch % 3}.example`,
        Data: Buffer.from(
          JSON.stringify({ browseraction: "Impression", site: `partner-${batch % 3}.example`, id, time: Date.now() }),
        ),
      }));
      const answer = await kinesis.send(new PutRecordsCommand({ StreamName, Records })).catch(() => undefined);
      if (answer === undefined) break;
      (answer.Records ?? []).forEach(({ SequenceNumber }, index) => {
        if (SequenceNumber !== undefined) this.acknowledged.add(ids[index] ?? "");
      });
    }
    kinesis.destroy();
  }
}

async function startStage(folder: string, children: ChildProcess[]): Promise<{ child: ChildProcess; ready: Ready }> {
  const args = [COMMAND, "start", "--port", "0", "--data", folder, "--json", "--no-traffic"];
  // A group of its own, so that all it starts dies with it.
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  children.push(child);
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  const [first] = (await Promise.race([once(lines, "line"), once(child, "close")])) as [string | number | null];
  if (typeof first !== "string") throw new Error(`the stage ended before it was ready: ${complaints}`);
  return { child, ready: JSON.parse(first) as Ready };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

function missing(wanted: ReadonlySet<string>, there: ReadonlySet<string>): string[] {
  return [...wanted].filter((id) => !there.has(id));
}

function idOf(line: string): string {
  const outcome = readBeacon(line);
  return outcome.kind === "accepted" ? (outcome.value.id ?? line) : line;
}

function idsOnStream({ graph }: StageGraph, stage: LocalStage): string[] {
  return recordsOf(graph, stage).map(({ data }) => idOf(data.toString("utf8")));
}

function recordsOf(graph: Graph, stage: LocalStage): StoredRecord[] {
  const { outputs } = graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "input");
  return (stage.service("kinesis") as KinesisService).newest(textOf(outputs, "arn"), 10_000_000);
}

async function idsInArchive({ graph }: StageGraph, stage: LocalStage): Promise<string[]> {
  const s3 = new S3Client(stage.clientConfig);
  const Bucket = textOf(graph.stackOutputs, "rawBucketName");
  const ids: string[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      for (const { Key } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8");
        ids.push(...text.split("\n").filter(Boolean).map(idOf));
      }
    }
    return ids;
  } finally {
    s3.destroy();
  }
}

/** Beacons since a time that windows have not counted, or more than once, by the digests that windows remember. */
async function countedOtherThanOnce({ graph }: StageGraph, stage: LocalStage, since: number): Promise<string[]> {
  const dynamodb = new DynamoDBClient(stage.clientConfig);
  const { outputs } = graph.only("aws:dynamodb/table:Table", ({ name }) => name === "forests");
  const counted = new Map<string, number>();
  try {
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: textOf(outputs, "name") })) {
      for (const { site, digests } of Items) {
        for (const digest of unpackDigests(digests?.S ?? "")) {
          const beacon = `${site?.S ?? ""}/${digest}`;
          counted.set(beacon, (counted.get(beacon) ?? 0) + 1);
        }
      }
    }
  } finally {
    dynamodb.destroy();
  }
  const recent = recordsOf(graph, stage).filter(({ arrival }) => arrival >= since);
  return recent.flatMap(({ data }) => {
    const outcome = readBeacon(data.toString("utf8"));
    if (outcome.kind !== "accepted") return [];
    const { site, action, id = "" } = outcome.value;
    const times = counted.get(`${site}/${digestOf(action, id)}`) ?? 0;
    return times === 1 ? [] : [`${id} ${times} times`];
  });
}

function mailsToPeople({ graph }: StageGraph, stage: LocalStage): Mail[] {
  const { outputs } = graph.only("aws:sns/topic:Topic", ({ name }) => name === "people");
  const mailbox = (stage.service("sns") as SnsService).mailbox;
  return mailbox.filter(({ topic, kind }) => topic === textOf(outputs, "arn") && kind === "email");
}
