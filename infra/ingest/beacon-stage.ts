/** The API of the beacons as it is published: a snapshot of its answers, its access log, its bounds. */
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import type { Foundation } from "../core/foundation";
import { days } from "../core/units";
import { Role } from "../iam/role";
import type { Answer } from "./beacon-answers";
import { ACCESS_LOG_FORMAT } from "./beacon-templates";

export interface PublishedApi {
  readonly api: aws.apigateway.RestApi;
  readonly answers: readonly Answer[];
  readonly on: Foundation;
  /** The first part of every path. */
  readonly stageName: string;
  /** Requests per second in the long run, and at once on top of it. */
  readonly rateLimit: number;
  readonly burstLimit: number;
  readonly parent: pulumi.Resource;
}

export function publishBeacons(
  name: string,
  { api, answers, on, stageName, rateLimit, burstLimit, parent }: PublishedApi,
): aws.apigateway.Stage {
  const deployment = new aws.apigateway.Deployment(
    name,
    {
      restApi: api.id,
      // A deployment is a snapshot: it is made anew when anything it holds changes.
      triggers: { definition: pulumi.all(answers.map((answer) => answer.definition)).apply(digest) },
    },
    { parent, dependsOn: answers.map((answer) => answer.resource) },
  );
  const accessLog = new aws.cloudwatch.LogGroup(
    name,
    { retentionInDays: days(on.logRetention), kmsKeyId: on.key.arn },
    { parent },
  );
  const stage = new aws.apigateway.Stage(
    name,
    {
      restApi: api.id,
      deployment: deployment.id,
      stageName,
      accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
    },
    { parent, dependsOn: [letApisWriteLogs(name, on, parent)] },
  );
  new aws.apigateway.MethodSettings(
    name,
    {
      restApi: api.id,
      stageName: stage.stageName,
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: rateLimit,
        throttlingBurstLimit: burstLimit,
        metricsEnabled: true,
        loggingLevel: "OFF",
        dataTraceEnabled: false,
      },
    },
    { parent },
  );
  return stage;
}

/** API Gateway writes the logs of all its stages by one role, which the account names. */
function letApisWriteLogs(name: string, on: Foundation, parent: pulumi.Resource): aws.apigateway.Account {
  const role = new Role(
    `${name}-log`,
    {
      on,
      trust: { kind: "service", service: "apigateway.amazonaws.com" },
      description: "API Gateway writes the access logs of this account and region",
      access: [canWriteAccessLogs(on)],
    },
    { parent },
  );
  return new aws.apigateway.Account(
    name,
    { cloudwatchRoleArn: role.arn },
    // One setting per account and region: it stays when this stage goes.
    { parent, dependsOn: [role.ready], retainOnDelete: true },
  );
}

function canWriteAccessLogs({ place: { partition, region, account } }: Foundation): Capability {
  const reason = "API Gateway writes access logs with one role per account and region";
  const target = {
    arn: pulumi.interpolate`arn:${partition}:logs:${region}:${account}:log-group:*`,
    pattern: `arn:${partition}:logs:${region}:*:log-group:*`,
  };
  return permits(
    { sid: "WriteAccessLogs", reason, actions: ["logs:CreateLogStream", "logs:PutLogEvents"], targets: [target] },
    {
      sid: "InspectAccessLogs",
      reason,
      actions: [
        "logs:CreateLogGroup",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
      ],
      targets: [target],
      idle: "API Gateway demands it of its account role before it accepts the role",
    },
  );
}

function digest(definitions: readonly string[]): string {
  return createHash("sha256").update(definitions.join("\n")).digest("hex");
}
