/** `clickstream score`: Random Cut Forest over a column of a CSV file. */
import { Command, Option } from "commander";
import { DEFAULT_PARAMETERS, MODES } from "../../functions/detect/forest/parameters";
import type { ScoreOptions } from "../score/score";
import { seedNumber, wholeNumber } from "./arguments";

export function scoreCommand(): Command {
  const { trees, samples, timeDecay, shingle, mode } = DEFAULT_PARAMETERS;
  return new Command("score")
    .description("Scores columns of a CSV file by a Random Cut Forest; prints CSV: index,value,score")
    .requiredOption("--csv <file>", "file with a header line; - for standard input")
    .requiredOption("--column <name...>", "column to score; several make one point")
    .option("--explain", "add why: direction, strength, median, difference")
    .option("--trees <count>", "trees of the forest", wholeNumber, trees)
    .option(
      "--samples <count>",
      "values that each tree holds; scores are 0 until as many were seen",
      wholeNumber,
      samples,
    )
    .option("--time-decay <count>", "values after which an observation has faded to a third", wholeNumber, timeDecay)
    .option("--shingle <count>", "values in a row that make one point", wholeNumber, shingle)
    .option("--seed <number>", "chooses the random numbers", seedNumber, 1)
    .addOption(new Option("--mode <name>", "formula of the score").choices(MODES).default(mode))
    .action(async (options: ScoreOptions) => (await import("../score/score")).score(options));
}
