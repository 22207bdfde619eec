/** How the history tells of tasks: those of functions called by their ARN have events of their own. */
import type { Happening, TaskEvents } from "../interpreter/host";
import type { StateFailure } from "../language/failure";
import type { JsonObject } from "../language/json";
import type { TaskResource } from "./resource";

/** @param arn the task's `Resource` */
export function taskEventsOf(arn: string, resource: TaskResource, region: string): TaskEvents {
  return resource.kind === "function" ? functionEvents(arn) : serviceEvents(resource, region);
}

function functionEvents(resource: string): TaskEvents {
  return {
    scheduled: ({ work, timeoutSeconds }) => ({
      type: "LambdaFunctionScheduled",
      details: { resource, input: JSON.stringify(work), ...optional("timeoutInSeconds", timeoutSeconds) },
    }),
    started: () => ({ type: "LambdaFunctionStarted" }),
    submitted: (answer) => ({ type: "LambdaFunctionSubmitted", details: { output: JSON.stringify(answer) } }),
    succeeded: (output) => ({ type: "LambdaFunctionSucceeded", details: { output: JSON.stringify(output) } }),
    failed: (failure) => ({ type: "LambdaFunctionFailed", details: detailsOf(failure) }),
    timedOut: (failure) => ({ type: "LambdaFunctionTimedOut", details: detailsOf(failure) }),
  };
}

function serviceEvents(
  { kind, service, api, pattern }: Exclude<TaskResource, { kind: "function" }>,
  region: string,
): TaskEvents {
  const suffix = { response: "", token: ".waitForTaskToken", sync: ".sync", "sync:2": ".sync:2" }[pattern];
  const named = { resourceType: kind === "sdk" ? `aws-sdk:${service}` : service, resource: `${api}${suffix}` };
  const event = (type: string, details: JsonObject = {}): Happening => ({ type, details: { ...named, ...details } });
  return {
    scheduled: ({ work, timeoutSeconds, heartbeatSeconds }) =>
      event("TaskScheduled", {
        region,
        parameters: JSON.stringify(work),
        ...optional("timeoutInSeconds", timeoutSeconds),
        ...optional("heartbeatInSeconds", heartbeatSeconds),
      }),
    started: () => event("TaskStarted"),
    submitted: (answer) => event("TaskSubmitted", { output: JSON.stringify(answer) }),
    succeeded: (output) => event("TaskSucceeded", { output: JSON.stringify(output) }),
    failed: (failure) => event("TaskFailed", detailsOf(failure)),
    timedOut: (failure) => event("TaskTimedOut", detailsOf(failure)),
  };
}

function optional(name: string, value: number | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function detailsOf({ error, cause }: StateFailure): JsonObject {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}
