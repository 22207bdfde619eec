/** Pipelines: looked at, started, stopped, and their stages tried again or held back. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError, operation, type Operation } from "../service";
import type { CodePipeline } from "./codepipeline";
import {
  describeActionExecution,
  describeExecution,
  describePipeline,
  describeState,
  summariseExecution,
} from "./describe";
import type { ExecutionRecord } from "./record";

const inOnePage = {
  maxResults: z.int().min(1).optional(),
  nextToken: z.never("was never given out: the local stage lists everything in one page").optional(),
};

export function pipelineOperations(codepipeline: CodePipeline): Record<string, Operation> {
  return { ...looking(codepipeline), ...running(codepipeline), ...holding(codepipeline) };
}

function looking(codepipeline: CodePipeline): Record<string, Operation> {
  const { store } = codepipeline;
  return {
    GetPipeline: operation({
      shape: z.strictObject({ name: z.string(), version: z.number().optional() }),
      checks: ({ name }) => [codepipeline.on("GetPipeline", name)],
      run: ({ name }) => {
        const pipeline = codepipeline.pipeline(name);
        return { pipeline: describePipeline(pipeline), metadata: { pipelineArn: pipeline.arn } };
      },
    }),
    ListPipelines: operation({
      shape: z.strictObject(inOnePage),
      checks: () => [{ action: "codepipeline:ListPipelines", resource: "*" }],
      run: () => ({
        pipelines: [...codepipeline.pipelines.values()].map(({ name, mode }) => ({
          name,
          version: 1,
          pipelineType: "V2",
          executionMode: mode,
        })),
      }),
    }),
    GetPipelineState: operation({
      shape: z.strictObject({ name: z.string() }),
      checks: ({ name }) => [codepipeline.on("GetPipelineState", name)],
      run: async ({ name }) => {
        await store.settled();
        return describeState(codepipeline.pipeline(name), store);
      },
    }),
    GetPipelineExecution: operation({
      shape: z.strictObject({ pipelineName: z.string(), pipelineExecutionId: z.string() }),
      checks: ({ pipelineName }) => [codepipeline.on("GetPipelineExecution", pipelineName)],
      run: async ({ pipelineName, pipelineExecutionId }) => {
        await store.settled();
        const execution = codepipeline.execution(pipelineName, pipelineExecutionId);
        return { pipelineExecution: describeExecution(execution, codepipeline.pipeline(pipelineName).mode) };
      },
    }),
    ListPipelineExecutions: operation({
      shape: z.strictObject({ pipelineName: z.string(), filter: z.unknown().optional(), ...inOnePage }),
      checks: ({ pipelineName }) => [codepipeline.on("ListPipelineExecutions", pipelineName)],
      run: async ({ pipelineName }) => {
        await store.settled();
        const { name, mode } = codepipeline.pipeline(pipelineName);
        const newest = store.of(name).toReversed();
        return { pipelineExecutionSummaries: newest.map((each) => summariseExecution(each, mode)) };
      },
    }),
    ListActionExecutions: operation({
      shape: z.strictObject({
        pipelineName: z.string(),
        filter: z.object({ pipelineExecutionId: z.string().optional() }).default({}),
        ...inOnePage,
      }),
      checks: ({ pipelineName }) => [codepipeline.on("ListActionExecutions", pipelineName)],
      run: async ({ pipelineName, filter: { pipelineExecutionId: wanted } }) => {
        await store.settled();
        const pipeline = codepipeline.pipeline(pipelineName);
        const executions = store.of(pipeline.name).filter(({ id }) => wanted === undefined || id === wanted);
        const details = executions.flatMap((execution) =>
          execution.actions.map((record) => describeActionExecution(record, execution, pipeline)),
        );
        return { actionExecutionDetails: details.toReversed() };
      },
    }),
  };
}

function running(codepipeline: CodePipeline): Record<string, Operation> {
  const { store, engine, context } = codepipeline;
  return {
    StartPipelineExecution: operation({
      shape: z.strictObject({
        name: z.string(),
        clientRequestToken: z.string().optional(),
        variables: z.array(z.never("are not modelled by the local stage")).optional(),
        sourceRevisions: z.never("are not modelled by the local stage: announce the revision instead").optional(),
      }),
      checks: ({ name }) => [codepipeline.on("StartPipelineExecution", name)],
      run: async ({ name, clientRequestToken }, { caller }) => {
        const pipeline = codepipeline.pipeline(name);
        const known = store
          .of(name)
          .find(({ clientToken }) => clientToken !== undefined && clientToken === clientRequestToken);
        if (known !== undefined) return { pipelineExecutionId: known.id };
        const execution = newExecution(codepipeline, pipeline.name, `StartPipelineExecution by ${caller.arn}`);
        await store.put({
          executions: [
            { ...execution, ...(clientRequestToken === undefined ? {} : { clientToken: clientRequestToken }) },
          ],
        });
        engine.pump(name);
        return { pipelineExecutionId: execution.id };
      },
    }),
    StopPipelineExecution: operation({
      shape: z.strictObject({
        pipelineName: z.string(),
        pipelineExecutionId: z.string(),
        abandon: z.boolean().default(false),
        reason: z.string().max(200).optional(),
      }),
      checks: ({ pipelineName }) => [codepipeline.on("StopPipelineExecution", pipelineName)],
      run: async ({ pipelineName, pipelineExecutionId, abandon, reason }) => {
        const execution = codepipeline.execution(pipelineName, pipelineExecutionId);
        if (execution.status !== "InProgress" && execution.status !== "Stopping") {
          throw new AwsError("PipelineExecutionNotStoppableException", `The execution is ${execution.status}`);
        }
        const left = abandon ? await engine.abandon(execution) : execution;
        if (left.actions.every(({ status }) => status !== "InProgress")) await engine.end(left, "Stopped", reason);
        else await store.put({ executions: [{ ...left, status: "Stopping", updated: context.clock.now() }] });
        engine.pump(pipelineName);
        return { pipelineExecutionId };
      },
    }),
    RetryStageExecution: operation({
      shape: z.strictObject({
        pipelineName: z.string(),
        stageName: z.string(),
        pipelineExecutionId: z.string(),
        retryMode: z.enum(["FAILED_ACTIONS", "ALL_ACTIONS"]),
      }),
      checks: ({ pipelineName, stageName }) => [codepipeline.on("RetryStageExecution", `${pipelineName}/${stageName}`)],
      run: async ({ pipelineName, stageName, pipelineExecutionId, retryMode }) => {
        const execution = codepipeline.execution(pipelineName, pipelineExecutionId);
        const index = codepipeline.stage(pipelineName, stageName);
        if (execution.stage !== index || (execution.status !== "Failed" && execution.status !== "Stopped")) {
          throw new AwsError("StageNotRetryableException", `Stage ${stageName} has not failed in this execution`);
        }
        const isRepeated = ({ stage, status }: ExecutionRecord["actions"][number]): boolean =>
          stage === stageName && (retryMode === "ALL_ACTIONS" || status !== "Succeeded");
        const actions = execution.actions.map((each) => (isRepeated(each) ? { ...each, isPast: true } : each));
        await store.put({
          executions: [{ ...execution, actions, status: "InProgress", isEntered: false, updated: context.clock.now() }],
        });
        engine.pump(pipelineName);
        return { pipelineExecutionId };
      },
    }),
    RollbackStage: operation({
      shape: z.strictObject({ pipelineName: z.string(), stageName: z.string(), targetPipelineExecutionId: z.string() }),
      checks: ({ pipelineName, stageName }) => [codepipeline.on("RollbackStage", `${pipelineName}/${stageName}`)],
      run: async ({ pipelineName, stageName, targetPipelineExecutionId }) => {
        const target = codepipeline.execution(pipelineName, targetPipelineExecutionId);
        const index = codepipeline.stage(pipelineName, stageName);
        if (index === 0 || target.stage < index || (target.stage === index && target.status !== "Succeeded")) {
          throw new AwsError(
            "UnableToRollbackStageException",
            `Execution ${target.id} has not passed the stage ${stageName}`,
          );
        }
        const fresh = newExecution(codepipeline, pipelineName, "ManualRollback");
        const { artifacts, variables, revision } = target;
        const execution: ExecutionRecord = {
          ...fresh,
          type: "ROLLBACK",
          rollbackOf: target.id,
          stage: index,
          artifacts,
          variables,
          ...(revision === undefined ? {} : { revision }),
        };
        await store.put({ executions: [execution] });
        engine.pump(pipelineName);
        return { pipelineExecutionId: execution.id };
      },
    }),
  };
}

function holding(codepipeline: CodePipeline): Record<string, Operation> {
  const { store, engine, context } = codepipeline;
  const named = {
    pipelineName: z.string(),
    stageName: z.string(),
    transitionType: z.literal("Inbound", { error: "must be Inbound here" }),
  };
  return {
    DisableStageTransition: operation({
      shape: z.strictObject({ ...named, reason: z.string().min(1).max(300) }),
      checks: ({ pipelineName, stageName }) => [
        codepipeline.on("DisableStageTransition", `${pipelineName}/${stageName}`),
      ],
      run: async ({ pipelineName, stageName, reason }) => {
        codepipeline.stage(pipelineName, stageName);
        await store.put({ closed: { pipeline: pipelineName, stage: stageName, reason, since: context.clock.now() } });
        return {};
      },
    }),
    EnableStageTransition: operation({
      shape: z.strictObject(named),
      checks: ({ pipelineName, stageName }) => [
        codepipeline.on("EnableStageTransition", `${pipelineName}/${stageName}`),
      ],
      run: async ({ pipelineName, stageName }) => {
        codepipeline.stage(pipelineName, stageName);
        await store.put({ opened: { pipeline: pipelineName, stage: stageName } });
        engine.pump(pipelineName);
        return {};
      },
    }),
  };
}

/** An execution of the newest announced revision, before its first stage. */
export function newExecution({ store, context }: CodePipeline, pipeline: string, trigger: string): ExecutionRecord {
  const now = context.clock.now();
  const revision = store.revision(pipeline);
  return {
    id: randomUUID(),
    pipeline,
    status: "InProgress",
    started: now,
    updated: now,
    trigger: trigger.split(" ")[0] ?? trigger,
    type: "STANDARD",
    ...(revision === undefined ? {} : { revision }),
    stage: 0,
    isEntered: false,
    artifacts: {},
    variables: {},
    actions: [],
  };
}
