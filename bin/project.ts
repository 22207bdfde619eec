/** The project that the command belongs to: the graph of any of its stages. */
import { join } from "node:path";
import type { Graph } from "../local/graph/graph";
import { evaluateProgram } from "../local/monitor/evaluate";
import type { AccountFacts } from "../local/services/model";
import { models } from "../local/services/models";
import { readStageFiles } from "../stacks/stage-files";
import { NAMESPACE, readStage, type Stage } from "../stacks/stage";
import { ROOT, STATE_FOLDER } from "./folders";

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
    compileCache: join(STATE_FOLDER, "compiled"),
  });
  return { stage, graph, facts };
}

/** Where the local stage serves what AWS would serve at that address. */
export function localUrl(stageUrl: string, awsUrl: string): URL {
  return new URL(new URL(awsUrl).pathname, stageUrl);
}
