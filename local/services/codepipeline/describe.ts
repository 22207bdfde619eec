/** Pipelines and their executions as the API shows them; times are seconds. */
import type { Pipeline, PipelineAction, PipelineStage } from "./pipeline";
import type { PipelineStore } from "./pipeline-store";
import type { ActionRecord, Artifact, ExecutionRecord } from "./record";

export function describePipeline(pipeline: Pipeline): object {
  const { name, roleArn, bucket, keyId, mode, stages } = pipeline;
  const encryptionKey = keyId === undefined ? undefined : { id: keyId, type: "KMS" };
  return {
    name,
    roleArn,
    artifactStore: { type: "S3", location: bucket, encryptionKey },
    stages: stages.map((stage) => ({ name: stage.name, actions: stage.actions.map(describeAction) })),
    version: 1,
    executionMode: mode,
    pipelineType: "V2",
  };
}

function describeAction(action: PipelineAction): object {
  return {
    name: action.name,
    actionTypeId: typeOf(action),
    runOrder: action.runOrder,
    configuration: action.configuration,
    inputArtifacts: action.inputs.map((name) => ({ name })),
    outputArtifacts: action.outputs.map((name) => ({ name })),
    namespace: action.namespace,
    timeoutInMinutes: action.timeoutMinutes,
  };
}

function typeOf({ category, provider }: PipelineAction): object {
  return { category, owner: "AWS", provider, version: "1" };
}

export function describeState(pipeline: Pipeline, store: PipelineStore): object {
  const executions = store.of(pipeline.name);
  return {
    pipelineName: pipeline.name,
    pipelineVersion: 1,
    stageStates: pipeline.stages.map((stage, index) => describeStage(pipeline, stage, index, executions, store)),
  };
}

function describeStage(
  pipeline: Pipeline,
  stage: PipelineStage,
  index: number,
  executions: readonly ExecutionRecord[],
  store: PipelineStore,
): object {
  const closed = store.closed(pipeline.name, stage.name);
  const inside = executions.findLast((each) => each.stage > index || (each.stage === index && each.isEntered));
  const waiting = executions.filter((each) => each.stage === index && !each.isEntered && each.status === "InProgress");
  const inbound = waiting.map(({ id, type }) => ({ pipelineExecutionId: id, status: "InProgress", type }));
  return {
    stageName: stage.name,
    inboundTransitionState: {
      enabled: closed === undefined,
      disabledReason: closed?.reason,
      lastChangedAt: closed === undefined ? undefined : closed.since / 1000,
    },
    inboundExecution: inbound[0],
    inboundExecutions: inbound,
    actionStates: stage.actions.map(({ name }) => ({
      actionName: name,
      latestExecution: latestOf(inside, stage.name, name),
    })),
    latestExecution:
      inside === undefined
        ? undefined
        : {
            pipelineExecutionId: inside.id,
            status: inside.stage > index ? "Succeeded" : inside.status,
            type: inside.type,
          },
  };
}

function latestOf(execution: ExecutionRecord | undefined, stage: string, name: string): object | undefined {
  const record = execution?.actions.findLast((each) => each.stage === stage && each.name === name);
  if (record === undefined) return undefined;
  return {
    actionExecutionId: record.id,
    status: record.status,
    summary: record.summary,
    lastStatusChange: record.updated / 1000,
    token: record.status === "InProgress" ? record.token : undefined,
    externalExecutionId: record.externalId,
    percentComplete: record.percent,
    errorDetails: record.error,
  };
}

export function describeExecution(execution: ExecutionRecord, mode: string): object {
  const { id, pipeline, status, summary, revision, trigger, type, rollbackOf } = execution;
  return {
    pipelineName: pipeline,
    pipelineVersion: 1,
    pipelineExecutionId: id,
    status,
    statusSummary: summary,
    artifactRevisions:
      revision === undefined
        ? []
        : [{ name: "SourceOutput", revisionId: revision.id, revisionSummary: revision.summary }],
    trigger: { triggerType: trigger },
    executionMode: mode,
    executionType: type,
    rollbackMetadata: rollbackOf === undefined ? undefined : { rollbackTargetPipelineExecutionId: rollbackOf },
  };
}

export function summariseExecution(execution: ExecutionRecord, mode: string): object {
  const { id, status, summary, started, updated, revision, trigger, type, rollbackOf } = execution;
  return {
    pipelineExecutionId: id,
    status,
    statusSummary: summary,
    startTime: started / 1000,
    lastUpdateTime: updated / 1000,
    sourceRevisions:
      revision === undefined
        ? []
        : [{ actionName: "Source", revisionId: revision.id, revisionSummary: revision.summary }],
    trigger: { triggerType: trigger },
    executionMode: mode,
    executionType: type,
    rollbackMetadata: rollbackOf === undefined ? undefined : { rollbackTargetPipelineExecutionId: rollbackOf },
  };
}

export function describeActionExecution(record: ActionRecord, execution: ExecutionRecord, pipeline: Pipeline): object {
  const action = pipeline.stages
    .find(({ name }) => name === record.stage)
    ?.actions.find(({ name }) => name === record.name);
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: record.id,
    pipelineVersion: 1,
    stageName: record.stage,
    actionName: record.name,
    startTime: record.started / 1000,
    lastUpdateTime: record.updated / 1000,
    status: record.status,
    input: {
      actionTypeId: action === undefined ? undefined : typeOf(action),
      configuration: action?.configuration,
      resolvedConfiguration: record.configuration,
      inputArtifacts: record.inputs.map(located),
      namespace: action?.namespace,
    },
    output: {
      outputArtifacts: record.outputs.map(located),
      outputVariables: record.variables,
      executionResult: {
        externalExecutionId: record.externalId,
        externalExecutionSummary: record.summary,
        errorDetails: record.error,
      },
    },
  };
}

function located({ name, bucket, key }: Artifact): object {
  return { name, s3location: { bucket, key } };
}
