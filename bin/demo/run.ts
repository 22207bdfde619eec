/**
 * One run of the main job from end to end, in virtual time: traffic through the front door, windows, detection, alerts,
 * archive. What was sent is noted on the way; what came of it is read back from the outside.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { ExternalProducer } from "../../docs/examples/external-producer";
import { VirtualClock } from "../../local/clock";
import { textOf } from "../../local/graph/graph";
import type { SnsService } from "../../local/services/sns/service";
import { LocalStage } from "../../local/stage";
import { loadStage, localUrl, type StageGraph } from "../project";
import { BeaconClient } from "../traffic/beacon-client";
import { PASSES } from "../traffic/click-generator";
import { readFunctionLine, type FunctionLine } from "../../functions/lib/function-lines";
import { readArchive, type Archive } from "./archive";
import { Tally } from "./tally";
import { DemoTraffic, PASS_MS, type PlannedBeacon } from "./traffic";

/** Where virtual time begins: the run crosses an hour. */
const START = Date.UTC(2026, 0, 5, 9, 56, 0);

/** Until windows are closed and the archive is written, and before every site counts as silent. */
const AFTERMATH_MS = 65_000;

const CONNECTIONS = 16;

export interface Alert {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Everything that was sent, and everything that was found afterwards. */
export interface DemoRun {
  readonly tally: Tally;
  readonly archive: Archive;
  readonly lines: readonly FunctionLine[];
  readonly emails: readonly Alert[];
  readonly texts: readonly Alert[];
  readonly stage: LocalStage;
}

/** Runs the demonstration on a folder; whoever gets the run closes its stage. */
export async function runDemo(
  folder: string,
  say: (line: string) => void,
  onProgress: (pass: number) => void,
): Promise<DemoRun> {
  const loaded = await loadStage("local");
  const clock = new VirtualClock(START);
  const lines: FunctionLine[] = [];
  const stage = await LocalStage.open(loaded.graph, {
    facts: loaded.facts,
    clock,
    folder,
    port: 0,
    sync: false,
    say,
    onLog: (_, line) => {
      const read = readFunctionLine(line);
      if (read !== undefined) lines.push(read);
    },
  });
  try {
    const tally = await drive(loaded, stage, clock, onProgress);
    await clock.advance(AFTERMATH_MS);
    return { tally, lines, stage, ...(await readBack(loaded, stage)) };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** Sends the traffic, pass by pass. */
async function drive(
  { stage: settings, graph }: StageGraph,
  stage: LocalStage,
  clock: VirtualClock,
  onProgress: (pass: number) => void,
): Promise<Tally> {
  const outputs = graph.stackOutputs;
  const client = new BeaconClient(localUrl(stage.url, textOf(outputs, "beaconUrl")), CONNECTIONS);
  const producer = await ExternalProducer.open({
    roleArn: textOf(outputs, "producerRoleArn"),
    externalId: settings.producer.externalId,
    stream: textOf(outputs, "inputStreamName"),
    aws: stage.clientConfig,
  });
  const tally = new Tally();
  const send = async (beacons: readonly PlannedBeacon[]): Promise<void> => {
    const replies = await Promise.all(beacons.map((beacon) => client.send(beacon)));
    beacons.forEach((beacon, index) => tally.beacon(beacon, replies[index], clock.now()));
  };
  try {
    const traffic = new DemoTraffic();
    const later = new Map<number, PlannedBeacon[]>();
    for (let pass = 0; pass < PASSES; pass++) {
      await clock.advanceTo(START + pass * PASS_MS);
      const planned = traffic.beaconsOf(pass);
      await send([...planned, ...(later.get(pass) ?? [])]);
      await send(planned.filter(({ againAfter }) => againAfter === 0));
      for (const beacon of planned) {
        if (beacon.againAfter)
          later.set(pass + beacon.againAfter, [...(later.get(pass + beacon.againAfter) ?? []), beacon]);
      }
      const [first, ...rest] = traffic.recordsOf(pass, clock.now());
      if (first !== undefined) await producer.put(first);
      await producer.putAll(rest);
      [first, ...rest].forEach((record) => record && tally.record(record, clock.now()));
      onProgress(pass + 1);
    }
  } finally {
    client.close();
    producer.close();
  }
  return tally;
}

/** Looks at the archive and the mailbox as an outsider would. */
async function readBack(
  { graph }: StageGraph,
  stage: LocalStage,
): Promise<Pick<DemoRun, "archive" | "emails" | "texts">> {
  const topic = textOf(graph.only("aws:sns/topic:Topic", ({ name }) => name === "people").outputs, "arn");
  const mails = (stage.service("sns") as SnsService).mailbox.filter((mail) => mail.topic === topic);
  const alertsBy = (kind: "email" | "sms"): Alert[] =>
    mails.filter((mail) => mail.kind === kind).map(({ to, subject = "", text }) => ({ to, subject, text }));
  const s3 = new S3Client(stage.clientConfig);
  try {
    const archive = await readArchive(s3, textOf(graph.stackOutputs, "rawBucketName"));
    return { archive, emails: alertsBy("email"), texts: alertsBy("sms") };
  } finally {
    s3.destroy();
  }
}
