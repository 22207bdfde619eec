/** PutRecords by the AWS SDK: the local stage, durable, against kinesalite, in memory. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { STATE_FOLDER } from "../../bin/folders";
import { middle } from "./beacons";
import type { PutRate, PutTarget } from "./put-records";
import { Server } from "./server";
import type { StreamReady } from "./serve-stream";

/** MIT; frozen at this version. */
const PEER = "kinesalite@3.3.3";
const CACHE = join(STATE_FOLDER, "bench", "kinesalite");

export interface RecordFigures {
  /** Records per second. */
  readonly ours: number;
  /** Nothing where the peer cannot be had, with the reason. */
  readonly peer: number | undefined;
  readonly skipped: string | undefined;
  readonly ratio: number | undefined;
}

export async function measureRecords(folder: string, seconds: number): Promise<RecordFigures> {
  const stage = await Server.start<StreamReady>("serve-stream.ts", folder);
  try {
    return await compare(stage.ready, seconds);
  } finally {
    await stage.end();
  }
}

async function compare(ready: StreamReady, seconds: number): Promise<RecordFigures> {
  const skipped = installPeer();
  const ours: PutTarget = { ...ready, creates: false };
  await rateOf(ours, 1);
  if (skipped !== undefined) {
    return { ours: await rateOf(ours, seconds), peer: undefined, skipped, ratio: undefined };
  }
  const peer = await Server.start<{ endpoint: string }>("serve-kinesalite.ts", CACHE);
  try {
    const theirs: PutTarget = { ...ours, endpoint: peer.ready.endpoint, stream: "bench" };
    await rateOf({ ...theirs, creates: true }, 1);
    const runs: { ours: number; peer: number }[] = [];
    for (let round = 0; round < 3; round++) {
      runs.push({ peer: await rateOf(theirs, seconds), ours: await rateOf(ours, seconds) });
    }
    return {
      ours: middle(runs.map((run) => run.ours)),
      peer: middle(runs.map((run) => run.peer)),
      skipped: undefined,
      ratio: middle(runs.map((run) => run.ours / run.peer)),
    };
  } finally {
    await peer.end();
  }
}

async function rateOf(target: PutTarget, seconds: number): Promise<number> {
  const program = resolve(__dirname, "put-records.ts");
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", program, String(seconds)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(target));
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const { records, seconds: took } = JSON.parse(printed) as PutRate;
  return records / took;
}

/** Puts the peer into the cache; answers why it cannot be had. */
function installPeer(): string | undefined {
  if (existsSync(join(CACHE, "node_modules", "kinesalite"))) return undefined;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, "package.json"), "{}");
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--prefix", CACHE];
  const { status, stderr } = spawnSync("npm", ["install", ...options, PEER], { encoding: "utf8", timeout: 180_000 });
  return status === 0 ? undefined : `${PEER} cannot be installed: ${stderr.trim().split("\n")[0] ?? ""}`;
}
