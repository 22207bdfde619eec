/** Performs the tasks of an execution as its machine's role. */
import type { RoleSession } from "../../../iam/principal";
import type { ServiceContext } from "../../context";
import { AwsError, type Dispatch } from "../../service";
import type { Answers } from "../answers";
import type { Flow } from "../interpreter/flow";
import type { TaskCall, TaskKind } from "../interpreter/host";
import { RUNTIME, StateFailure } from "../language/failure";
import type { Json } from "../language/json";
import { integrationOf } from "./catalog";
import type { Integration, IntegrationCall, Job } from "./integration";
import { taskEventsOf } from "./task-events";

export type TaskStage = Pick<ServiceContext, "dispatch" | "facts" | "clock" | "say">;

/** For whom tasks are performed. */
export interface TaskOwner {
  readonly executionArn: string;
  readonly machineArn: string;
  readonly session: RoleSession;
  readonly answers: Answers;
}

export function taskKindOf(arn: string, owner: TaskOwner, given: TaskStage): TaskKind {
  const { resource, integration } = integrationOf(arn);
  const awaitsToken = resource.kind !== "function" && resource.pattern === "token";
  return {
    awaitsToken,
    events: taskEventsOf(arn, resource, given.facts.region),
    async perform({ work, flow, branch, submitted, onSubmitted, heartbeatSeconds }: TaskCall): Promise<Json> {
      const stage = { ...given, dispatch: dispatchSafely(given, flow) };
      const call: IntegrationCall = { ...owner, work, stage };
      const answer = submitted ?? (await flow.race(named(integration, stage, () => integration.request(call))));
      if (!awaitsToken && integration.job === undefined) return answer;
      if (submitted === undefined) await onSubmitted(answer);
      const { job } = integration;
      if (job === undefined) return owner.answers.next(branch, heartbeatSeconds, flow);
      try {
        return await named(integration, stage, () => job.finish(answer, call, flow));
      } catch (error) {
        // Interrupted or too late: nobody waits for the job any more.
        if (flow.isGivenUp) await cancel(job, answer, call, stage.say);
        throw error;
      }
    },
  };
}

async function cancel(job: Job, answer: Json, call: IntegrationCall, say: TaskStage["say"]): Promise<void> {
  try {
    await job.cancel(answer, call);
  } catch (error) {
    say(`a job of ${call.executionArn} goes on, as it could not be stopped: ${String(error)}`);
  }
}

/** A service that fails inside of the stage has an internal failure for whoever calls it, as from outside. */
function dispatchSafely({ dispatch, say }: TaskStage, flow: Flow): Dispatch {
  return async (...call) => {
    try {
      return await dispatch(...call);
    } catch (error) {
      if (error instanceof AwsError) throw error;
      // Of a call that was given up, as the stage closes, nobody needs to hear.
      if (!flow.signal.aborted) say(String(error));
      throw new AwsError("InternalFailure", `the local stage failed: ${String(error)}`, 500);
    }
  };
}

/** A refusal of the service, as a failure by the name that Retry and Catch know. */
async function named<Result>(integration: Integration, stage: TaskStage, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // What the stage does not model must not be mistaken for a refusal that the machine can handle.
    if (error.code === "UnknownOperationException") {
      stage.say(error.message);
      throw new StateFailure(RUNTIME, error.message);
    }
    throw integration.nameOf(error);
  }
}
