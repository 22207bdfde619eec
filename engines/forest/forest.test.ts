/**
 * Our forest beside AWS's own: same series, same parameters, the open-source formula. Two forests of different random
 * numbers never agree exactly, so agreement is held against how far the library agrees with itself.
 * Does not prove the formula of the SQL function (`kda`), which the library does not have: recorded scores prove that.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Peer } from "../../bench/forest/peer";
import { measureRates } from "../../bench/forest/rates";
import { RandomCutForest } from "../../functions/detect/forest";
import { correlation } from "../../functions/detect/forest/test-streams";
import { runToEnd } from "../harness/child";
import { engineSetting } from "../harness/contract";
import { noteFigure } from "../harness/figures";
import { agreementOf, meanOfRuns } from "./agreement";
import { SERIES, type Series } from "./series";

const SEEDS = [1, 2, 3];
const TIME_DECAY = 100_000;
/** Of ours and the library's runs in turn. */
const ROUNDS = 1;
/** What both may differ by in their mean score when they do the same work. */
const SAME_WORK = 0.1;

describe("our forest beside AWS's library", () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), "forest-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const series of SERIES) {
    it(`gives scores of the same distribution: ${series.name}`, async () => {
      // Both give 0 until a sample is full enough; how full differs.
      const scored = (scores: readonly number[]): readonly number[] => scores.slice(series.samples);
      const ours = SEEDS.map((seed) => scored(scoreHere(series, seed)));
      const theirs: (readonly number[])[] = [];
      for (const seed of SEEDS) theirs.push(scored(await scoreThere(folder, series, seed)));

      const floor = correlation(theirs[0] ?? [], theirs[1] ?? []);
      const single = agreementOf(ours[0] ?? [], theirs[0] ?? []);
      const mean = agreementOf(meanOfRuns(ours), meanOfRuns(theirs));
      noteFigure(
        series.name,
        `correlation ${single.correlation.toFixed(4)} (the library with itself ${floor.toFixed(4)}), ` +
          `means of ${SEEDS.length} runs ${mean.correlation.toFixed(4)}, median ratio ${mean.medianRatio.toFixed(4)}, ` +
          Object.entries(mean.quantileRatios)
            .map(([share, ratio]) => `${share} ${ratio.toFixed(3)}`)
            .join(", "),
      );
      assert.ok(
        single.correlation > floor - 0.02,
        `correlation ${single.correlation}, the library with itself ${floor}`,
      );
      assert.ok(Math.abs(mean.medianRatio - 1) < 0.02, `median ratio ${mean.medianRatio}`);
      for (const [share, ratio] of Object.entries(mean.quantileRatios))
        assert.ok(Math.abs(ratio - 1) < 0.05, `${share} of the scores: ratio ${ratio}`);
    });
  }

  it("does the same work as the library when both are timed", () => {
    const peer: Peer = {
      command: "java",
      prefix: ["-cp", engineSetting("ENGINE_FOREST_CLASS_PATH"), "bench.ForestRate"],
      version: engineSetting("ENGINE_FOREST_RUNTIME"),
    };
    // How fast each is stands in the report, not in a verdict: a neighbour's load on the caches decides it too.
    for (const { workload, ours, peer: theirs, ratio, goal, meanScores } of measureRates(
      peer,
      ROUNDS,
      () => undefined,
    )) {
      noteFigure(
        `rows per second, ${workload}`,
        `ours ${Math.round(ours)}, library ${Math.round(theirs ?? 0)}, ratio ${ratio?.toFixed(2)}, goal ${goal}`,
      );
      const [here = NaN, there = NaN] = meanScores;
      assert.ok(Math.abs(here / there - 1) < SAME_WORK, `${workload}: mean score ${here}, the library's ${there}`);
    }
  });
});

function scoreHere({ rows, trees, samples }: Series, seed: number): number[] {
  const dimensions = rows[0]?.length ?? 1;
  const forest = new RandomCutForest({ dimensions, trees, samples, timeDecay: TIME_DECAY, mode: "rcf", seed });
  return rows.map((row) => forest.scoreAndUpdate([...row]));
}

async function scoreThere(folder: string, { rows, trees, samples }: Series, seed: number): Promise<number[]> {
  const file = join(folder, "series.f64");
  writeFileSync(file, new Uint8Array(Float64Array.from(rows.flat()).buffer));
  const dimensions = rows[0]?.length ?? 1;
  const given = [file, ...[dimensions, trees, samples, TIME_DECAY, seed].map(String)];
  const program = join(__dirname, "ForestScores.java");
  const ended = await runToEnd("java", ["-cp", engineSetting("ENGINE_FOREST_CLASS_PATH"), program, ...given], {
    milliseconds: 300_000,
  });
  assert.ok(ended.how === "done", JSON.stringify(ended));
  return ended.stdout.trim().split("\n").map(Number);
}
