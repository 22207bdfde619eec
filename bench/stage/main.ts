/**
 * The local stage's figures, each beside its goal: `npm run bench -- stage [--json] [--seconds 5]`. Peers run in the same
 * run and by turns; what is compared are ratios. `PROFILE=FOLDER` leaves a CPU profile of each server there.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { measureBeacons, type BeaconFigures } from "./beacons";
import { measureRecords, type RecordFigures } from "./records";
import { Server } from "./server";
import type { StageReady } from "./serve-stage";

interface Figures {
  readonly node: string;
  readonly cores: number;
  readonly beacons: BeaconFigures;
  readonly records: RecordFigures;
  /** Share of one core that a stage takes without traffic. */
  readonly idle: number;
  /** Megabytes after each million of five million records, and records that a reader saw. */
  readonly memory: { readonly megabytes: readonly number[]; readonly read: number };
}

/** A whole minute: one function runs every minute. */
const IDLE_SECONDS = 60;
/** Until what a start leaves behind, compiling and collecting, is done. */
const SETTLING_SECONDS = 10;

async function measure(seconds: number, tell: (line: string) => void): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "bench-stage-"));
  try {
    tell("idle, beacons");
    const { idle, beacons } = await measureStage(join(folder, "stage"), seconds);
    tell("records");
    const records = await measureRecords(join(folder, "stream"), seconds);
    tell("memory over five million records");
    const memory = await memoryOver(join(folder, "memory"));
    return { node: process.version, cores: cpus().length, beacons, records, idle, memory };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureStage(folder: string, seconds: number): Promise<Pick<Figures, "idle" | "beacons">> {
  const stage = await Server.start<StageReady>("serve-stage.ts", folder);
  try {
    return { idle: await idleShare(stage), beacons: await measureBeacons(stage, seconds) };
  } finally {
    await stage.end();
  }
}

async function idleShare(stage: Server<StageReady>): Promise<number> {
  await pause(SETTLING_SECONDS * 1000);
  const before = await stage.usage();
  await pause(IDLE_SECONDS * 1000);
  return ((await stage.usage()).cpuSeconds - before.cpuSeconds) / IDLE_SECONDS;
}

async function memoryOver(folder: string): Promise<Figures["memory"]> {
  const program = resolve(__dirname, "memory.ts");
  const child = spawn(process.execPath, ["--expose-gc", "-r", "ts-node/register/transpile-only", program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return JSON.parse(printed) as Figures["memory"];
}

function render({ node, cores, beacons, records, idle, memory }: Figures): string {
  const rate = (value: number): string => Math.round(value).toLocaleString("en");
  return [
    `node ${node}, ${cores} cores, generator and server beside each other`,
    `Beacons, HTTP to durable stream: ${rate(beacons.ours)} requests/s, bare node:http ${rate(beacons.bare)}, ratio ${beacons.ratio.toFixed(3)}  (goal: >= 10,000 or a ratio >= 0.2)`,
    `  processor time per request: ${beacons.cpuOurs.toFixed(0)} µs, bare ${beacons.cpuBare.toFixed(0)} µs; refused: ${beacons.refused}`,
    `  at half that rate: p50 ${beacons.p50.toFixed(1)} ms, p99 ${beacons.p99.toFixed(1)} ms (rounds ${beacons.p99s.map((each) => each.toFixed(1)).join(", ")}; goal: < 20); bare at the same rate: p99 ${beacons.bareP99.toFixed(1)} ms`,
    `PutRecords of 500 by the AWS SDK: ${rate(records.ours)} records/s, ` +
      (records.peer === undefined
        ? `peer SKIPPED: ${records.skipped ?? ""}`
        : `kinesalite ${rate(records.peer)}, ratio ${(records.ratio ?? 0).toFixed(1)}  (goal: >= 5)`),
    `Memory after each of five million records: ${memory.megabytes.join(", ")} MB; a reader saw ${rate(memory.read)}  (goal: flat)`,
    `Idle: ${(idle * 100).toFixed(2)} % of a core  (goal: < 1 %)`,
  ].join("\n");
}

const pause = (milliseconds: number): Promise<void> => new Promise((wake) => setTimeout(wake, milliseconds));

const given = process.argv.slice(2);
const seconds = given.includes("--seconds") ? Number(given[given.indexOf("--seconds") + 1]) : 5;
void measure(seconds, (line) => void process.stderr.write(`${line}\n`)).then((figures) => {
  process.stdout.write(`${given.includes("--json") ? JSON.stringify(figures) : render(figures)}\n`);
});
