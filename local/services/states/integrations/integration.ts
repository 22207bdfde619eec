/** What a service integration is: a call as the machine's role, and for some a job to wait for. */
import type { ServiceContext } from "../../context";
import type { RoleSession } from "../../../iam/principal";
import type { Flow } from "../interpreter/flow";
import type { StateFailure } from "../language/failure";
import type { Json } from "../language/json";
import type { AwsError } from "../../service";

/** Who calls, and for which execution. */
export interface IntegrationCall {
  readonly work: Json;
  readonly session: RoleSession;
  readonly executionArn: string;
  readonly machineArn: string;
  readonly stage: Pick<ServiceContext, "dispatch" | "facts" | "clock">;
}

export interface Integration {
  /** Calls the service. @throws AwsError as the service refuses, StateFailure where it answers with a failure */
  request(call: IntegrationCall): Promise<Json>;
  /** How a refusal of the service is named to Retry and Catch. */
  nameOf(error: AwsError): StateFailure;
  /** The job that the request began; only for `.sync`. */
  readonly job?: Job;
}

/** Something that goes on after the request for it was answered. */
export interface Job {
  /** Permissions for the rule by which Step Functions hears of the job's end: its name. */
  readonly managedRule: string;
  /** Waits for the end. @throws StateFailure when the job failed */
  finish(answer: Json, call: IntegrationCall, flow: Flow): Promise<Json>;
  /** Stops a job that nobody waits for any more. */
  cancel(answer: Json, call: IntegrationCall): Promise<void>;
}
