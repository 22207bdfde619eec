/** One run of the release pipeline on this machine, told action by action to whoever pushed. */
import { setTimeout as pause } from "node:timers/promises";
import {
  type ActionExecutionDetail,
  CodePipelineClient,
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
} from "@aws-sdk/client-codepipeline";
import { textOf } from "../../../local/graph/graph";
import type { CodePipelineService } from "../../../local/services/codepipeline/service";
import type { LocalStage } from "../../../local/stage";
import { EXIT } from "../../exit";

export interface Push {
  readonly commit: string;
  readonly branch: string;
  /** Zip archive of the commit's files. */
  readonly artifact: Buffer;
}

const GLANCE_MS = 250;
const UNDER_WAY = ["InProgress", "Stopping", undefined];

/** Hands a commit over to the pipeline, and waits for what becomes of it. @returns the status of the push */
export async function releaseCommit(
  stage: LocalStage,
  { commit, branch, artifact }: Push,
  say: (line: string) => void,
): Promise<number> {
  const pipelineName = textOf(stage.graph.stackOutputs, "pipelineName");
  const service = stage.service("codepipeline") as CodePipelineService;
  const revision = { id: commit, summary: `push of ${commit.slice(0, 12)}`, branch, archive: artifact };
  const pipelineExecutionId = await service.announce(pipelineName, revision);
  const client = new CodePipelineClient(stage.clientConfig);
  const told = new Set<string>();
  for (;;) {
    const { pipelineExecution } = await client.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    const { actionExecutionDetails = [] } = await client.send(
      new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId } }),
    );
    for (const line of actionExecutionDetails.toReversed().flatMap(linesOf)) {
      if (!told.has(line)) say(line);
      told.add(line);
    }
    const status = pipelineExecution?.status;
    if (!UNDER_WAY.includes(status)) return status === "Succeeded" ? EXIT.done : EXIT.refused;
    await pause(GLANCE_MS);
  }
}

function linesOf({ stageName = "", actionName = "", status, output }: ActionExecutionDetail): string[] {
  const { externalExecutionSummary: summary, errorDetails } = output?.executionResult ?? {};
  const head = `${stageName.padEnd(8)}${actionName.padEnd(8)}`;
  if (status === "InProgress") return [`${head}${summary ?? "begins"}`];
  const reasons = (errorDetails?.message ?? "").split("; ").filter((reason) => reason !== "");
  return [
    `${head}${(status ?? "").toLowerCase()}`,
    ...(status === "Succeeded" && summary ? [`  ${summary}`] : []),
    ...reasons,
  ];
}
