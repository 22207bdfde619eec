/** `release compare`: this checkout against another one, stage by stage. */
import { resolve } from "node:path";
import { Command } from "commander";
import { RefusedError } from "../../exit";
import { ROOT } from "../../folders";
import { loadGraph } from "../../project";
import { compareGraphs, type StageComparison } from "./compare";
import { renderComparisons } from "./table";

interface CompareOptions {
  readonly base: string;
  readonly stage: readonly string[];
  readonly json?: boolean;
}

export function compareCommand(): Command {
  return new Command("compare")
    .description("What this checkout changes against another one: verdict, findings, new permissions")
    .requiredOption("--base <folder>", "checkout to compare with, with its dependencies")
    .requiredOption("--stage <names...>", "stages to compare")
    .option("--json", "one JSON document for machines")
    .action(async ({ base, stage, json }: CompareOptions) => {
      const comparisons: StageComparison[] = [];
      for (const name of stage) {
        const [before, after] = [await loadGraph(name, resolve(base)), await loadGraph(name, ROOT)];
        comparisons.push(compareGraphs(name, before, after, ROOT));
      }
      console.log(json === true ? JSON.stringify(comparisons) : renderComparisons(comparisons));
      const refused = comparisons.filter(({ verdict }) => verdict === "refused");
      if (refused.length > 0) throw new RefusedError(`refused: ${refused.map(({ stage: name }) => name).join(", ")}`);
    });
}
