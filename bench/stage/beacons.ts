/** The beacon path from HTTP to the durable stream, against a bare server in the same run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { resolve } from "node:path";
import type { Load } from "./generator";
import { Server } from "./server";
import type { StageReady } from "./serve-stage";

const CONNECTIONS = 64;

/** An odd number, so that there is a middle one. */
const ROUNDS = 3;

export interface BeaconFigures {
  /** Requests per second, wall clock, generator beside it. */
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
  /** Microseconds of the server's processor time per request. */
  readonly cpuOurs: number;
  readonly cpuBare: number;
  readonly refused: number;
  /** Milliseconds at half the rate above, from the moment a request is due; medians of the rounds. */
  readonly p50: number;
  readonly p99: number;
  /** Of each round: one long sync of a disk that others use too decides a round's. */
  readonly p99s: readonly number[];
  /** The bare server's, at the same rate: what the machine does to anybody. */
  readonly bareP99: number;
}

export async function measureBeacons(stage: Server<StageReady>, seconds: number): Promise<BeaconFigures> {
  const bare = await Server.start<{ beacon: string }>("serve-bare.ts");
  try {
    await generate(stage.ready.beacon, seconds / 2);
    await generate(bare.ready.beacon, seconds / 2);
    // By turns, so that a change of the machine's pace hits both.
    const runs: { ours: Measured; bare: Measured }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      runs.push({ bare: await under(bare, seconds), ours: await under(stage, seconds) });
    }
    const ours = middle(runs.map((run) => run.ours.rate));
    const halves: { ours: Load; bare: Load }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      halves.push({
        bare: await generate(bare.ready.beacon, seconds, ours / 2),
        ours: await generate(stage.ready.beacon, seconds, ours / 2),
      });
    }
    return {
      ours,
      bare: middle(runs.map((run) => run.bare.rate)),
      ratio: middle(runs.map((run) => run.ours.rate / run.bare.rate)),
      cpuOurs: middle(runs.map((run) => run.ours.cpu)),
      cpuBare: middle(runs.map((run) => run.bare.cpu)),
      refused: [...runs, ...halves].reduce((sum, run) => sum + run.ours.refused, 0),
      p50: middle(halves.map((half) => half.ours.p50)),
      p99: middle(halves.map((half) => half.ours.p99)),
      p99s: halves.map((half) => half.ours.p99),
      bareP99: middle(halves.map((half) => half.bare.p99)),
    };
  } finally {
    await bare.end();
  }
}

interface Measured {
  readonly rate: number;
  readonly cpu: number;
  readonly refused: number;
}

async function under(server: Server<{ beacon: string }>, seconds: number): Promise<Measured> {
  const before = await server.usage();
  const { accepted, refused, seconds: took } = await generate(server.ready.beacon, seconds);
  const after = await server.usage();
  return {
    rate: accepted / took,
    cpu: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / (accepted + refused),
    refused,
  };
}

async function generate(url: string, seconds: number, rate?: number): Promise<Load> {
  const args = [url, String(CONNECTIONS), String(seconds), ...(rate === undefined ? [] : [String(rate)])];
  const child = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", resolve(__dirname, "generator.ts"), ...args],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return JSON.parse(printed) as Load;
}

/** The median of an odd number of values. */
export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
