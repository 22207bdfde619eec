/** What CodePipeline tells EventBridge. Source: CodePipeline user guide, "Monitoring CodePipeline events". */
import type { ServiceEvent } from "../context";
import type { Pipeline, PipelineAction } from "./pipeline";
import type { ActionRecord, ExecutionRecord } from "./record";

export function executionEvent({ name, arn }: Pipeline, execution: ExecutionRecord, state: string): ServiceEvent {
  const { id, trigger, type } = execution;
  return {
    source: "aws.codepipeline",
    detailType: "CodePipeline Pipeline Execution State Change",
    resources: [arn],
    detail: {
      pipeline: name,
      "execution-id": id,
      state,
      version: 1,
      "execution-trigger": { "trigger-type": trigger },
      "pipeline-execution-attempt": 1,
      ...(type === "ROLLBACK" ? { "execution-type": type } : {}),
    },
  };
}

export function actionEvent(
  { name, arn }: Pipeline,
  execution: ExecutionRecord,
  { category, provider }: PipelineAction,
  record: ActionRecord,
): ServiceEvent {
  const { externalId, summary, error } = record;
  return {
    source: "aws.codepipeline",
    detailType: "CodePipeline Action Execution State Change",
    resources: [arn],
    detail: {
      pipeline: name,
      "execution-id": execution.id,
      stage: record.stage,
      action: record.name,
      "action-execution-id": record.id,
      state: record.status === "InProgress" ? "STARTED" : record.status.toUpperCase(),
      type: { owner: "AWS", category, provider, version: "1" },
      version: 1,
      "execution-result": {
        ...(externalId === undefined ? {} : { "external-execution-id": externalId }),
        ...(summary === undefined ? {} : { "external-execution-summary": summary }),
        ...(error === undefined ? {} : { "error-code": error.code }),
      },
    },
  };
}
