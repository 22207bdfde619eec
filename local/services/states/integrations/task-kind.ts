/** Performs the tasks of an execution as its machine's role. */
import type { RoleSession } from "../../../iam/principal";
import type { ServiceContext } from "../../context";
import { AwsError } from "../../service";
import type { Answers } from "../answers";
import type { TaskCall, TaskKind } from "../interpreter/host";
import { RUNTIME, StateFailure } from "../language/failure";
import type { Json } from "../language/json";
import { integrationOf } from "./catalog";
import type { Integration, IntegrationCall } from "./integration";
import { taskEventsOf } from "./task-events";

export type TaskStage = Pick<ServiceContext, "dispatch" | "facts" | "clock" | "say">;

/** For whom tasks are performed. */
export interface TaskOwner {
  readonly executionArn: string;
  readonly machineArn: string;
  readonly session: RoleSession;
  readonly answers: Answers;
}

export function taskKindOf(arn: string, owner: TaskOwner, stage: TaskStage): TaskKind {
  const { resource, integration } = integrationOf(arn);
  const awaitsToken = resource.kind !== "function" && resource.pattern === "token";
  return {
    awaitsToken,
    events: taskEventsOf(arn, resource, stage.facts.region),
    async perform({ work, flow, branch, submitted, onSubmitted, heartbeatSeconds }: TaskCall): Promise<Json> {
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
        if (flow.isGivenUp)
          await job
            .cancel(answer, call)
            .catch((reason: unknown) => stage.say(`a job of ${owner.executionArn} goes on: ${String(reason)}`));
        throw error;
      }
    },
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
