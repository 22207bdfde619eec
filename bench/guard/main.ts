/**
 * The guard on a preview of 5,000 steps, in a process of its own as it is deployed: `npm run bench -- guard [--json]
 * [--rounds 5]`. Beside it, by turns, the same text read as JSON and nothing more.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { bundle, runProgram, WORK } from "../bundle";
import { writePreview } from "./preview";
import type { Took } from "./subject";

const STEPS = 5_000;

interface Figures {
  readonly node: string;
  readonly steps: number;
  readonly megabytes: number;
  /** One for each round. */
  readonly judged: readonly Took[];
  readonly parsed: readonly Took[];
}

function measure(rounds: number): Figures {
  const text = writePreview(STEPS);
  const file = resolve(WORK, "guard", `${STEPS}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const subject = bundle(resolve(__dirname, "subject.ts"));
  const run = (what: string): Took => JSON.parse(runProgram(process.execPath, [subject, file, what])) as Took;
  const runs = Array.from({ length: rounds }, () => ({ judged: run("judge"), parsed: run("parse") }));
  return {
    node: process.version,
    steps: STEPS,
    megabytes: Buffer.byteLength(text) / 1e6,
    judged: runs.map(({ judged }) => judged),
    parsed: runs.map(({ parsed }) => parsed),
  };
}

function render({ node, steps, megabytes, judged, parsed }: Figures): string {
  const range = (all: readonly Took[], of: keyof Omit<Took, "verdict">): string => {
    const values = all.map((each) => each[of]);
    return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  };
  const ratios = judged.map(({ milliseconds }, round) => milliseconds / (parsed[round]?.milliseconds ?? NaN));
  return [
    `A preview of ${steps} steps, ${megabytes.toFixed(1)} MB, node ${node}`,
    `  judged ${judged[0]?.verdict}: ${range(judged, "milliseconds")} ms of processor time (goal: < 1000), ` +
      `${range(judged, "megabytes")} MB resident (goal: < 200)`,
    `  read as JSON only: ${range(parsed, "milliseconds")} ms, ${range(parsed, "megabytes")} MB; ` +
      `judging takes ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)} times that`,
  ].join("\n");
}

const given = process.argv.slice(2);
const rounds = given.includes("--rounds") ? Number(given[given.indexOf("--rounds") + 1]) : 5;
const figures = measure(rounds);
process.stdout.write(`${given.includes("--json") ? JSON.stringify(figures) : render(figures)}\n`);
