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
  // Checked here first, so that the messages come without the program's frame around them.
  const stage = readStage(name, readStageFiles(ROOT, name));
  return { stage, graph: await loadGraph(name, ROOT), facts: factsOf(stage.region) };
}

/**
 * Evaluates the program of any checkout that has its dependencies.
 * @param changes keys that differ from what is committed, with their namespace
 */
export async function loadGraph(name: string, root: string, changes: Record<string, string> = {}): Promise<Graph> {
  const { values, secretKeys } = readStageFiles(root, name);
  return evaluateProgram({
    root,
    entry: ".",
    project: NAMESPACE,
    stack: name,
    config: { ...values, ...changes },
    secretKeys,
    facts: factsOf(values["aws:region"] ?? ""),
    models,
    compileCache: join(STATE_FOLDER, "compiled"),
  });
}

export function factsOf(region: string): AccountFacts {
  return { account: ACCOUNT, region, partition: "aws" };
}

/** Where the local stage serves what AWS would serve at that address. */
export function localUrl(stageUrl: string, awsUrl: string): URL {
  return new URL(new URL(awsUrl).pathname, stageUrl);
}
