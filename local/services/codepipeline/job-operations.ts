/** How functions say what became of their jobs, and people of what they were asked. */
import { z } from "zod";
import { AwsError, operation, type Operation } from "../service";
import { AGAIN_MS, jobData } from "./actions/function";
import type { Standing } from "./actions/action";
import type { CodePipeline } from "./codepipeline";
import type { ActionRecord, ExecutionRecord } from "./record";

const details = z
  .object({
    summary: z.string().max(2048).optional(),
    externalExecutionId: z.string().max(1500).optional(),
    percentComplete: z.int().min(0).max(100).optional(),
  })
  .default({});
const FAILURES = [
  ...(["JobFailed", "ConfigurationError", "PermissionError", "RevisionOutOfSync"] as const),
  ...(["RevisionUnavailable", "SystemUnavailable"] as const),
] as const;

export function jobOperations(codepipeline: CodePipeline): Record<string, Operation> {
  const { store, engine, context } = codepipeline;
  const onAny = (action: string) => () => [{ action: `codepipeline:${action}`, resource: "*" }];
  const answer = async (jobId: string, standing: Standing): Promise<object> => {
    const { execution, record } = findJob(codepipeline, jobId);
    const isTaken = await engine.settle(execution.id, record.id, standing);
    if (!isTaken)
      throw new AwsError(
        "InvalidJobStateException",
        `Job ${jobId} is in a state that takes no result: ${record.status}`,
      );
    return {};
  };
  return {
    PutJobSuccessResult: operation({
      shape: z.strictObject({
        jobId: z.string(),
        continuationToken: z.string().min(1).max(2048).optional(),
        executionDetails: details,
        outputVariables: z.record(z.string().regex(/^[A-Za-z0-9@\-_]+$/), z.string()).default({}),
        currentRevision: z.unknown().optional(),
      }),
      checks: onAny("PutJobSuccessResult"),
      run: ({ jobId, continuationToken, executionDetails, outputVariables }) => {
        const change = changeOf(executionDetails);
        if (continuationToken === undefined)
          return answer(jobId, { kind: "succeeded", variables: outputVariables, change });
        const heard = context.clock.now();
        return answer(jobId, {
          kind: "waiting",
          again: AGAIN_MS,
          change: { ...change, heard, isCalled: false, continuation: continuationToken },
        });
      },
    }),
    PutJobFailureResult: operation({
      shape: z.strictObject({
        jobId: z.string(),
        failureDetails: z.object({
          type: z.enum(FAILURES),
          message: z.string().min(1).max(5000),
          externalExecutionId: z.string().optional(),
        }),
      }),
      checks: onAny("PutJobFailureResult"),
      run: ({ jobId, failureDetails: { type, message, externalExecutionId } }) =>
        answer(jobId, {
          kind: "failed",
          code: type,
          message,
          change: { summary: message.slice(0, 2048), ...changeOf({ externalExecutionId }) },
        }),
    }),
    GetJobDetails: operation({
      shape: z.strictObject({ jobId: z.string() }),
      checks: onAny("GetJobDetails"),
      run: async ({ jobId }) => {
        await store.settled();
        const { execution, record } = findJob(codepipeline, jobId);
        const pipelineContext = {
          pipelineName: execution.pipeline,
          stage: { name: record.stage },
          action: { name: record.name, actionExecutionId: record.id },
          pipelineExecutionId: execution.id,
        };
        const data = { ...jobData(codepipeline.call(execution, record)), pipelineContext };
        return { jobDetails: { id: jobId, accountId: context.facts.account, data } };
      },
    }),
    PutApprovalResult: operation({
      shape: z.strictObject({
        pipelineName: z.string(),
        stageName: z.string(),
        actionName: z.string(),
        token: z.string(),
        result: z.object({ summary: z.string().max(512), status: z.enum(["Approved", "Rejected"]) }),
      }),
      checks: ({ pipelineName, stageName, actionName }) => [
        codepipeline.on("PutApprovalResult", `${pipelineName}/${stageName}/${actionName}`),
      ],
      run: async ({ pipelineName, stageName, actionName, token, result }) => {
        const found = store
          .of(codepipeline.pipeline(pipelineName).name)
          .flatMap((execution) => execution.actions.map((record) => ({ execution, record })))
          .find(({ record }) => record.stage === stageName && record.name === actionName && record.token === token);
        if (found === undefined) throw new AwsError("InvalidApprovalTokenException", "The approval token is not valid");
        const { execution, record } = found;
        const change = { summary: result.summary };
        const standing: Standing =
          result.status === "Approved"
            ? { kind: "succeeded", change }
            : { kind: "failed", code: "Rejected", message: `Rejected: ${result.summary}`, change };
        if (!(await engine.settle(execution.id, record.id, standing))) {
          throw new AwsError("ApprovalAlreadyCompletedException", "The approval has already been given or refused");
        }
        return { approvedAt: context.clock.now() / 1000 };
      },
    }),
  };
}

function changeOf({
  summary,
  externalExecutionId,
  percentComplete,
}: Partial<z.output<typeof details>>): Partial<ActionRecord> {
  return {
    ...(summary === undefined ? {} : { summary }),
    ...(externalExecutionId === undefined ? {} : { externalId: externalExecutionId }),
    ...(percentComplete === undefined ? {} : { percent: percentComplete }),
  };
}

function findJob({ store }: CodePipeline, jobId: string): { execution: ExecutionRecord; record: ActionRecord } {
  for (const execution of store.all) {
    const record = execution.actions.find(({ id }) => id === jobId);
    if (record !== undefined) return { execution, record };
  }
  throw new AwsError("JobNotFoundException", `Job ${jobId} was not found`);
}
