/** Every integration that the stage runs, by the resource of a task. */
import { startBuild } from "./codebuild";
import { dynamodbIntegration } from "./dynamodb";
import type { Integration } from "./integration";
import { functionIntegration, lambdaInvoke } from "./lambda";
import { eventsPutEvents, snsPublish, sqsSendMessage } from "./messages";
import { startExecution } from "./nested-execution";
import { parseResource, type Pattern, type TaskResource } from "./resource";
import { SDK_SERVICES, sdkIntegration } from "./sdk";

/** An optimized integration: the patterns it can end by, and what it does. */
interface Optimized {
  readonly patterns: readonly Pattern[];
  readonly make: (pattern: Pattern) => Integration;
}

const only = (integration: Integration, ...patterns: Pattern[]): Optimized => ({
  patterns: ["response", ...patterns],
  make: () => integration,
});

const OPTIMIZED: Readonly<Record<string, Optimized>> = {
  "lambda:invoke": only(lambdaInvoke, "token"),
  "sns:publish": only(snsPublish, "token"),
  "sqs:sendMessage": only(sqsSendMessage, "token"),
  "events:putEvents": only(eventsPutEvents, "token"),
  "dynamodb:getItem": only(dynamodbIntegration("GetItem")),
  "dynamodb:putItem": only(dynamodbIntegration("PutItem")),
  "dynamodb:updateItem": only(dynamodbIntegration("UpdateItem")),
  "dynamodb:deleteItem": only(dynamodbIntegration("DeleteItem")),
  "states:startExecution": { patterns: ["response", "sync", "sync:2", "token"], make: startExecution },
  "codebuild:startBuild": {
    patterns: ["response", "sync"],
    make: (pattern) => startBuild(pattern === "sync" ? "sync" : "response"),
  },
};

/** What is wrong with the resource of a task; nothing when the stage runs it. */
export function refusalOf(arn: string): string | undefined {
  const resource = parseResource(arn);
  if (resource === undefined) {
    return `must be the ARN of a function or of an integration like arn:aws:states:::lambda:invoke, got ${arn}`;
  }
  if (resource.kind === "function") return undefined;
  const { kind, service, api, pattern } = resource;
  if (kind === "sdk") {
    if (!SDK_SERVICES.includes(service))
      return `the local stage runs aws-sdk integrations of ${SDK_SERVICES.join(", ")}; got ${service}`;
    return pattern === "response" || pattern === "token"
      ? undefined
      : `an aws-sdk integration cannot end by .${pattern}`;
  }
  const optimized = OPTIMIZED[`${service}:${api}`];
  if (optimized === undefined) {
    return `the local stage runs the integrations ${Object.keys(OPTIMIZED).join(", ")}, and arn:aws:states:::aws-sdk:<service>:<operation>; got ${service}:${api}`;
  }
  return optimized.patterns.includes(pattern) ? undefined : `${service}:${api} cannot end by .${pattern} here`;
}

/** @throws Error for a resource that {@link refusalOf} refuses */
export function integrationOf(arn: string): { readonly resource: TaskResource; readonly integration: Integration } {
  const resource = parseResource(arn);
  const integration = resource && make(resource);
  if (resource === undefined || integration === undefined) throw new Error(refusalOf(arn) ?? `no integration ${arn}`);
  return { resource, integration };
}

function make(resource: TaskResource): Integration | undefined {
  if (resource.kind === "function") return functionIntegration(resource.arn);
  const { kind, service, api, pattern } = resource;
  return kind === "sdk" ? sdkIntegration(service, api) : OPTIMIZED[`${service}:${api}`]?.make(pattern);
}
