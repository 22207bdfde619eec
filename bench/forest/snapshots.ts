/** How long a forest takes to become bytes and a forest again, and how many bytes. */
import { RandomCutForest } from "../../functions/detect/forest";
import { medianOf, uniformStream } from "./workload";

export interface SnapshotFigures {
  readonly forest: string;
  readonly bytes: number;
  /** Medians, milliseconds of processor time. */
  readonly snapshot: number;
  readonly restore: number;
}

const ROUNDS = 7;
const RUNS = 60;

/** Forests of distinct values: the largest snapshots there are. */
export function measureSnapshots(): SnapshotFigures[] {
  return [12, 256].map((samples) => {
    const forest = new RandomCutForest({ samples });
    const uniform = uniformStream(7);
    for (let row = 0; row < 20_000; row++) forest.update(uniform());
    const bytes = forest.snapshot();
    return {
      forest: `100 x ${samples} x 1`,
      bytes: bytes.length,
      snapshot: medianTime(() => forest.snapshot()),
      restore: medianTime(() => RandomCutForest.restore(bytes)),
    };
  });
}

/** The processor's clock ticks every few milliseconds: each time is that of many runs. */
function medianTime(act: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.threadCpuUsage();
    for (let i = 0; i < RUNS; i++) act();
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000 / RUNS;
  });
  return medianOf(times);
}
