/** Scores the rates of any number of sites, each by a forest of its own that travels as a snapshot. */
import { createHash } from "node:crypto";
import { differingParameters, planParameters, RandomCutForest, type ForestParameters } from "./forest";

export interface ScoredRate {
  /** 0 until the forest has seen as many windows as it samples. */
  readonly score: number;
  /** Whether the rate is unusual for being high or for being low, and what is usual. */
  readonly direction: "high" | "low" | "neither";
  readonly usualRate: number | null;
  /** Whether the forest has seen enough for its scores to be trusted: see SETTLED. */
  readonly settled: boolean;
  /** The forest after it has learnt the rate. */
  readonly snapshot: Uint8Array;
}

export interface RateForest {
  /**
   * Scores a rate against the site's earlier ones, then learns it.
   * @param snapshot the site's forest; nothing for a site never seen
   * @param recent the site's latest rates, which a forest with other parameters begins with
   */
  score(site: string, snapshot: Uint8Array | undefined, recent: readonly number[], rate: number): ScoredRate;
}

/**
 * Times its samples that a forest must have learnt before an anomaly is raised on its word. Right after its first samples a
 * forest calls one quiet window in twenty unusual, later one in eighty (bench/forest).
 */
export const SETTLED = 2;

/** @throws ForestError when a parameter is out of range */
export function createRateForest(parameters: Pick<ForestParameters, "trees" | "samples" | "timeDecay">): RateForest {
  planParameters(parameters);
  return {
    score(site, snapshot, recent, rate) {
      const forest = forestOf({ ...parameters, seed: seedOf(site) }, snapshot, recent);
      const settled = forest.learned >= SETTLED * forest.parameters.samples;
      const [column] = forest.attribute([rate]).columns;
      const score = forest.scoreAndUpdate([rate]);
      return {
        score,
        settled,
        direction: column?.direction ?? "neither",
        usualRate: column?.median ?? null,
        snapshot: forest.snapshot(),
      };
    },
  };
}

/** The site's forest, or a new one that has learnt the recent rates when the stage was given other parameters since. */
function forestOf(
  parameters: Partial<ForestParameters>,
  snapshot: Uint8Array | undefined,
  recent: readonly number[],
): RandomCutForest {
  if (snapshot !== undefined) {
    const forest = RandomCutForest.restore(snapshot);
    if (differingParameters(forest.parameters, planParameters(parameters)).length === 0) return forest;
  }
  const forest = new RandomCutForest(parameters);
  for (const rate of recent) forest.update([rate]);
  return forest;
}

/** The same site draws the same random numbers for ever. */
function seedOf(site: string): number {
  return createHash("sha256").update(site).digest().readUIntBE(0, 6);
}
