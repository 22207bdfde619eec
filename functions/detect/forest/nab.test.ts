/**
 * The forest against what the SQL function itself answered: six labelled series of the Numenta Anomaly Benchmark
 * (numenta/NAB, commit ea702d7, MIT) with the recorded scores of 100 trees, 256 samples, time decay 100000, shingle 1.
 * Runs where a copy of them lies in shared/data/nab beside the repository. Does not prove agreement on the other 52
 * series, in several columns or with shingles: there are no such recordings here.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { RandomCutForest } from ".";
import { normalise, standingOf, type Profile, type Window } from "./nab-scorer";
import { correlation, medianOf } from "./test-streams";

interface Series {
  readonly name: string;
  readonly values: readonly number[];
  readonly recorded: readonly number[];
  readonly windows: readonly Window[];
}

const SAMPLES = 256;
const SEEDS = [1, 2, 3, 4, 5];

/** The folder of the recordings; undefined where there is none. */
function findRecordings(): string | undefined {
  const folder = resolve(__dirname, "../../../../shared/data/nab");
  return existsSync(resolve(folder, "labels/combined_windows.json")) ? folder : undefined;
}

/** The recorded `anomaly_score` is the function's answer divided by 8 = log2 256. */
function readSeries(folder: string): Series[] {
  const labels = JSON.parse(readFileSync(resolve(folder, "labels/combined_windows.json"), "utf8")) as Record<
    string,
    [string, string][]
  >;
  return Object.entries(labels).map(([path, windows]) => {
    const [group, file] = path.split("/");
    const text = readFileSync(resolve(folder, `results/randomCutForest/${group}/randomCutForest_${file}`), "utf8");
    const rows = text
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(","));
    const rowAt = (time: string): number => rows.findIndex(([stamp]) => stamp === time.slice(0, 19));
    return {
      name: file!.replace(/(_results)?\.csv$/, ""),
      values: rows.map((row) => Number(row[1])),
      recorded: rows.map((row) => 8 * Number(row[2])),
      windows: windows.map(([first, last]) => [rowAt(first), rowAt(last)] as const),
    };
  });
}

function readProfiles(folder: string): Record<string, Profile> {
  const profiles = JSON.parse(readFileSync(resolve(folder, "config/profiles.json"), "utf8")) as Record<
    string,
    { CostMatrix: Profile }
  >;
  return Object.fromEntries(Object.entries(profiles).map(([name, { CostMatrix }]) => [name, CostMatrix]));
}

/** Our scores of a series, computed once per seed. */
const known = new Map<string, readonly number[]>();
function scores({ name, values }: Series, seed: number): readonly number[] {
  const key = `${name} ${seed}`;
  const computed = known.get(key) ?? scoreAll(values, seed);
  known.set(key, computed);
  return computed;
}

function scoreAll(values: readonly number[], seed: number): number[] {
  const forest = new RandomCutForest({ seed });
  return values.map((value) => forest.scoreAndUpdate(value));
}

/** Published thresholds, and per series the true positive rows and the score: profiles standard, low FP, low FN. */
const THRESHOLDS = {
  standard: 0.45391845703125,
  reward_low_FP_rate: 0.57519550323486,
  reward_low_FN_rate: 0.44804840087891,
};
const PUBLISHED: Record<string, readonly (readonly [rows: number, score: number])[]> = {
  art_flatline: [
    [0, 0],
    [0, 0],
    [0, 0],
  ],
  art_daily_jumpsup: [
    [17, 0.860672],
    [3, 0.860672],
    [20, 0.860672],
  ],
  "exchange-2_cpc": [
    [0, -1],
    [0, -1],
    [0, -2],
  ],
  "exchange-2_cpm": [
    [2, -0.135878],
    [0, -2],
    [2, -1.135878],
  ],
  "exchange-3_cpc": [
    [4, 2.612662],
    [1, -1.133384],
    [4, 2.612662],
  ],
  nyc_taxi: [
    [2, -3.184631],
    [1, -3.184631],
    [2, -7.184631],
  ],
};
const NORMALISED = { standard: 46.47, reward_low_FP_rate: 23.09, reward_low_FN_rate: 47.65 };
const PROFILES = ["standard", "reward_low_FP_rate", "reward_low_FN_rate"] as const;

function describeRecordings(folder: string): void {
  const corpus = readSeries(folder);
  const profiles = readProfiles(folder);
  const windows = corpus.reduce((sum, series) => sum + series.windows.length, 0);
  const total = (profile: Profile, threshold: number, scoresOf: (series: Series) => readonly number[]): number => {
    const sum = corpus.reduce(
      (all, each) => all + standingOf(scoresOf(each), each.windows, threshold, profile).score,
      0,
    );
    return normalise(sum, windows, profile);
  };

  for (const series of corpus)
    it(`answers 0 for the first ${SAMPLES} rows of ${series.name}, as the function did`, () => {
      assert.ok(series.recorded.slice(0, SAMPLES).every((score) => score === 0));
      assert.ok(
        scores(series, 1)
          .slice(0, SAMPLES)
          .every((score) => score === 0),
      );
    });

  it("answers the flat series exactly", () => {
    const flat = corpus.find(({ name }) => name === "art_flatline")!;
    for (const seed of SEEDS.slice(0, 2))
      scores(flat, seed).forEach((score, row) => assert.ok(Math.abs(score - flat.recorded[row]!) < 1e-11));
  });

  for (const series of corpus.filter(({ name }) => name !== "art_flatline"))
    it(`agrees with the function on ${series.name} as closely as with itself under another seed`, () => {
      const recorded = series.recorded.slice(SAMPLES);
      const ours = SEEDS.map((seed) => scores(series, seed).slice(SAMPLES));
      const floor = medianOf(ours.slice(1).map((other) => correlation(ours[0]!, other)));
      for (const each of ours) {
        const agreement = correlation(each, recorded);
        assert.ok(agreement >= 0.98, `correlation ${agreement}`);
        assert.ok(agreement >= floor - 0.02, `correlation ${agreement}, between seeds ${floor}`);
        const ratio = medianOf(each.map((score, row) => score / recorded[row]!));
        assert.ok(ratio > 0.95 && ratio < 1.05, `median ratio ${ratio}`);
        const highest = recorded.indexOf(Math.max(...recorded));
        assert.ok(Math.abs(each[highest]! / recorded[highest]! - 1) < 0.1, `highest row scores ${each[highest]}`);
      }
    });

  PROFILES.forEach((profile, column) =>
    it(`scores the recorded rows as published with the profile ${profile}`, () => {
      for (const series of corpus) {
        const standing = standingOf(series.recorded, series.windows, 8 * THRESHOLDS[profile], profiles[profile]!);
        const [rows, score] = PUBLISHED[series.name]![column]!;
        assert.equal(standing.truePositives, rows, series.name);
        assert.equal(standing.falsePositives, 0, series.name);
        assert.ok(Math.abs(standing.score - score) < 1e-6, `${series.name}: ${standing.score}`);
      }
      const sum = total(profiles[profile]!, 8 * THRESHOLDS[profile], ({ recorded }) => recorded);
      assert.ok(Math.abs(sum - NORMALISED[profile]) < 0.01, String(sum));
    }),
  );

  it("stands where the function stood, each at its own best threshold", () => {
    // The published threshold is the score of one recorded row: another seed finds it or not, a matter of 8 points.
    // As the benchmark does for every detector, each gets the threshold that serves it best on these series.
    const best = (scoresOf: (series: Series) => readonly number[]): number => {
      let highest = -Infinity;
      for (let threshold = 2; threshold < 6; threshold += 0.02)
        highest = Math.max(highest, total(profiles["standard"]!, threshold, scoresOf));
      return highest;
    };
    const recorded = best((series) => series.recorded);
    const ours = medianOf(SEEDS.map((seed) => best((series) => scores(series, seed))));
    assert.ok(Math.abs(ours - recorded) < 1.5, `median over seeds ${ours}, recorded ${recorded}`);
  });
}

describe("recorded answers of RANDOM_CUT_FOREST", () => {
  const folder = findRecordings();
  if (folder === undefined)
    it("are compared where shared/data/nab stands beside the repository, which it does not here", function () {
      this.skip();
    });
  else describeRecordings(folder);
});
