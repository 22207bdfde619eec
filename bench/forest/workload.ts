/** What is measured, and the one stream that subject and peer both read. */
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { WORK } from "../bundle";

/** Everything that this bench generates goes here. */
export const FOLDER = resolve(WORK, "forest");

export interface Workload {
  readonly trees: number;
  readonly samples: number;
  readonly dimensions: number;
  /** Rows that warm up forest and compiler, then rows that are measured. */
  readonly warmUp: number;
  readonly rows: number;
  /** How many times the peer's rate ours is to be. */
  readonly goal: number;
  /** The peer's rows per second on another machine (two cores, Java 17): printed where it cannot run, never compared. */
  readonly pinned: number;
}

export const WORKLOADS: readonly Workload[] = [
  { trees: 100, samples: 256, dimensions: 1, warmUp: 20_000, rows: 20_000, goal: 1.5, pinned: 27_000 },
  { trees: 100, samples: 12, dimensions: 1, warmUp: 20_000, rows: 20_000, goal: 2, pinned: 45_000 },
  { trees: 50, samples: 256, dimensions: 8, warmUp: 20_000, rows: 20_000, goal: 1.5, pinned: 31_000 },
  { trees: 100, samples: 256, dimensions: 30, warmUp: 6_000, rows: 6_000, goal: 1, pinned: 6_100 },
];

export const nameOf = ({ trees, samples, dimensions }: Workload): string => `${trees} x ${samples} x ${dimensions}`;

/** The command line that subject and peer share: file, dimensions, trees, samples, timeDecay, warm-up rows, rows. */
export function argumentsOf(workload: Workload): string[] {
  const { dimensions, trees, samples, warmUp, rows } = workload;
  return [writeStream(dimensions, warmUp + rows), ...[dimensions, trees, samples, 100_000, warmUp, rows].map(String)];
}

/** Normal numbers as little-endian doubles. */
function writeStream(dimensions: number, rows: number): string {
  const normal = normalStream(dimensions);
  const bytes = new DataView(new ArrayBuffer(8 * dimensions * rows));
  for (let at = 0; at < bytes.byteLength; at += 8) bytes.setFloat64(at, normal(), true);
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `normal-${dimensions}x${rows}.f64`);
  writeFileSync(file, bytes);
  return file;
}

/** Uniform numbers in [0, 1). */
export function uniformStream(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5f356495 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

function normalStream(seed: number): () => number {
  const uniform = uniformStream(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

export const medianOf = (values: readonly number[]): number => {
  const ascending = values.toSorted((a, b) => a - b);
  return (ascending[(ascending.length - 1) >> 1]! + ascending[ascending.length >> 1]!) / 2;
};
