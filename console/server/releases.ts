/** Releases as CodePipeline and Step Functions tell of them: pipelines, deploy machines, and the way each execution took. */
import { textOf, type Graph, type Resource } from "../../local/graph/graph";
import { isRecord, type Value } from "../../local/graph/value";
import { AwsError } from "../../local/services/service";
import { drawMachine, pathOf, verdictOf, type HistoryEvent } from "../model/state-machine";
import type { Execution, Machine, Pipeline, PipelineAction, Releases } from "../model/wire";
import { operatorOf, type ConsoleStage, type Operator } from "./operator";

const MOST_EXECUTIONS = 20;
const MOST_EVENTS = 1_000;

interface PipelineState {
  readonly stageStates?: readonly {
    readonly stageName: string;
    readonly latestExecution?: { readonly status: string };
    readonly actionStates?: readonly {
      readonly actionName: string;
      readonly latestExecution?: {
        readonly status?: string;
        readonly summary?: string;
        readonly lastStatusChange?: Time;
      };
    }[];
  }[];
}

/** As it travels: seconds since the epoch. */
type Time = number | Date;

interface PipelineExecutions {
  readonly pipelineExecutionSummaries?: readonly {
    readonly pipelineExecutionId: string;
    readonly status: string;
    readonly startTime?: Time;
    readonly lastUpdateTime?: Time;
    readonly sourceRevisions?: readonly { readonly revisionId?: string; readonly revisionSummary?: string }[];
  }[];
}

interface Executions {
  readonly executions: readonly {
    readonly executionArn: string;
    readonly name: string;
    readonly status: string;
    readonly startDate: Time;
    readonly stopDate?: Time;
  }[];
}

/** What is looked at of a stage that releases run in. */
export type ReleaseStage = Pick<ConsoleStage, "graph" | "dispatch" | "authorizer">;

/** @param find the stage in which releases run, as soon as it does; without it nothing is claimed */
export async function describeReleases(find: (() => ReleaseStage | undefined) | undefined): Promise<Releases> {
  const stage = find?.();
  if (stage === undefined) return { state: find === undefined ? "none" : "waiting", pipelines: [], machines: [] };
  const call = operatorOf(stage);
  const [pipelines, machines] = await Promise.all([
    Promise.all(stage.graph.ofType("aws:codepipeline/pipeline:Pipeline").map((each) => describePipeline(call, each))),
    Promise.all(machinesOf(stage.graph).map((machine) => describeMachine(call, machine))),
  ]);
  return { state: "running", pipelines, machines };
}

function machinesOf(graph: Graph): { readonly name: string; readonly arn: string }[] {
  return graph
    .ofType("aws:sfn/stateMachine:StateMachine")
    .flatMap(({ name, outputs }) => (typeof outputs["arn"] === "string" ? { name, arn: outputs["arn"] } : []));
}

async function describePipeline(call: Operator, declared: Resource): Promise<Pipeline> {
  const name = textOf(declared.outputs, "name");
  let state: PipelineState;
  try {
    state = await call<PipelineState>("codepipeline", "GetPipelineState", { name });
  } catch (error) {
    if (error instanceof AwsError && error.code === "UnknownOperationException")
      return describeDeclared(name, declared);
    throw error;
  }
  const executions = await call<PipelineExecutions>("codepipeline", "ListPipelineExecutions", {
    pipelineName: name,
    maxResults: MOST_EXECUTIONS,
  });
  return {
    name,
    runs: true,
    stages: (state.stageStates ?? []).map(({ stageName, latestExecution, actionStates = [] }) => ({
      name: stageName,
      status: latestExecution?.status ?? null,
      actions: actionStates.map(({ actionName, latestExecution: latest }): PipelineAction => ({
        name: actionName,
        status: latest?.status ?? null,
        summary: latest?.summary ?? null,
        at: timeOf(latest?.lastStatusChange),
      })),
    })),
    history: (executions.pipelineExecutionSummaries ?? []).map((each) => ({
      id: each.pipelineExecutionId,
      status: each.status,
      started: timeOf(each.startTime),
      updated: timeOf(each.lastUpdateTime),
      revision: each.sourceRevisions?.[0]?.revisionSummary ?? each.sourceRevisions?.[0]?.revisionId ?? null,
    })),
  };
}

/** What the program says of a pipeline that nobody runs here. */
function describeDeclared(name: string, { inputs }: Resource): Pipeline {
  const recordsOf = (value: Value | undefined) =>
    Array.isArray(value) ? (value as readonly Value[]).filter(isRecord) : [];
  const stages = recordsOf(inputs["stages"]).map((stage) => ({
    name: textOf(stage, "name"),
    status: null,
    actions: recordsOf(stage["actions"]).map((action) => ({
      name: textOf(action, "name"),
      status: null,
      summary: null,
      at: null,
    })),
  }));
  return { name, runs: false, stages, history: [] };
}

async function describeMachine(call: Operator, { name, arn }: { name: string; arn: string }): Promise<Machine> {
  const { definition } = await call<{ readonly definition: string }>("states", "DescribeStateMachine", {
    stateMachineArn: arn,
  });
  const { executions } = await call<Executions>("states", "ListExecutions", {
    stateMachineArn: arn,
    maxResults: MOST_EXECUTIONS,
  });
  return {
    name,
    ...drawMachine(definition),
    executions: await Promise.all(executions.map((execution) => describeExecution(call, execution))),
  };
}

async function describeExecution(call: Operator, listed: Executions["executions"][number]): Promise<Execution> {
  const { executionArn, name, status, startDate, stopDate } = listed;
  const [{ events }, described] = await Promise.all([
    call<{ readonly events: readonly HistoryEvent[] }>("states", "GetExecutionHistory", {
      executionArn,
      maxResults: MOST_EVENTS,
    }),
    call<{ readonly error?: string; readonly cause?: string }>("states", "DescribeExecution", { executionArn }),
  ]);
  return {
    name,
    status,
    started: timeOf(startDate) ?? 0,
    stopped: timeOf(stopDate),
    path: pathOf(events),
    verdict: verdictOf(events),
    error: described.cause ?? described.error ?? null,
  };
}

function timeOf(time: Time | undefined): number | null {
  if (time === undefined) return null;
  return typeof time === "number" ? time * 1000 : time.getTime();
}
