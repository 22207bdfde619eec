/** The project that the command belongs to: its folder, and the graph of any of its stages. */
import { join, resolve } from "node:path";
import type { Graph } from "../local/graph/graph";
import { evaluateProgram } from "../local/monitor/evaluate";
import type { AccountFacts } from "../local/services/model";
import { models } from "../local/services/models";
import { readStageFiles } from "../stacks/stage-files";
import { NAMESPACE, readStage, type Stage } from "../stacks/stage";

export const ROOT = resolve(__dirname, "..");

/** Git-ignored: what runs on this machine leave behind. */
export const STATE_FOLDER = join(ROOT, ".clickstream");

/** The account that stands for yours wherever none is asked. */
const ACCOUNT = "000000000000";

export interface StageGraph {
  readonly stage: Stage;
  readonly graph: Graph;
  readonly facts: AccountFacts;
}

/**
 * Evaluates the program for a stage, without cloud or CLI.
 * @throws StageConfigurationError, StageError with everything that is wrong
 */
export async function loadStage(name: string): Promise<StageGraph> {
  const configuration = readStageFiles(ROOT, name);
  // Checked here first, so that the messages come without the program's frame around them.
  const stage = readStage(name, configuration);
  const facts = { account: ACCOUNT, region: stage.region, partition: "aws" };
  const graph = await evaluateProgram({
    root: ROOT,
    entry: ".",
    project: NAMESPACE,
    stack: name,
    config: configuration.values,
    secretKeys: configuration.secretKeys,
    facts,
    models,
  });
  return { stage, graph, facts };
}

/** Where the local stage serves what AWS would serve at that address. */
export function localUrl(stageUrl: string, awsUrl: string): URL {
  return new URL(new URL(awsUrl).pathname, stageUrl);
}
