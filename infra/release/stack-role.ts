/**
 * As which CloudFormation works on the stacks of a release: what templates may hold, by the names that CloudFormation gives.
 * It may not write IAM, so that no template can give itself more.
 */
import * as pulumi from "@pulumi/pulumi";
import { permits, type Action, type Capability, type Statement, type Target } from "../core/capability";
import type { Foundation } from "../core/foundation";
import { Role } from "../iam/role";

interface Service {
  readonly name: "dynamodb" | "sqs" | "sns";
  /** What stands before the stack's name in an ARN. */
  readonly kind: string;
  readonly create: readonly Action[];
  /** Used while it waits, and when a template changes or takes something out. */
  readonly change: readonly Action[];
}

/** Source: the handler permissions of each resource type in the CloudFormation registry. */
const SERVICES: readonly Service[] = [
  {
    name: "dynamodb",
    kind: "table/",
    create: ["dynamodb:CreateTable"],
    change: [
      ...(["dynamodb:DeleteTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable"] as const),
      ...(["dynamodb:DescribeTimeToLive"] as const),
      ...(["dynamodb:ListTagsOfResource", "dynamodb:TagResource", "dynamodb:UntagResource"] as const),
      ...(["dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive"] as const),
    ],
  },
  {
    name: "sqs",
    kind: "",
    create: ["sqs:CreateQueue"],
    change: [
      ...(["sqs:DeleteQueue", "sqs:GetQueueAttributes", "sqs:ListQueueTags", "sqs:SetQueueAttributes"] as const),
      ...(["sqs:TagQueue", "sqs:UntagQueue"] as const),
    ],
  },
  {
    name: "sns",
    kind: "",
    create: ["sns:CreateTopic"],
    change: [
      ...(["sns:DeleteTopic", "sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:SetTopicAttributes"] as const),
      ...(["sns:TagResource", "sns:UntagResource"] as const),
    ],
  },
];

export function createStackRole(
  { on, stages }: { readonly on: Foundation; readonly stages: readonly string[] },
  opts?: pulumi.ComponentResourceOptions,
): Role {
  return new Role(
    "stacks",
    {
      on,
      trust: {
        kind: "service",
        service: "cloudformation.amazonaws.com",
        conditions: { StringEquals: { "aws:SourceAccount": on.place.account } },
      },
      description: "CloudFormation works on the stacks of a release as this role",
      access: canKeepStacks(on, stages),
    },
    opts,
  );
}

function canKeepStacks(on: Foundation, stages: readonly string[]): Capability[] {
  return SERVICES.map((service) => {
    const targets = stages.map((stage) => targetOf(service, stage, on));
    const statement = (verb: string, actions: readonly Action[], reason: string, idle?: string): Statement => ({
      sid: `${verb}${service.name}`,
      reason,
      actions,
      targets,
      ...(idle === undefined ? {} : { idle }),
    });
    return permits(
      statement("Create", service.create, "makes what a template asks for"),
      statement(
        "Change",
        service.change,
        "keeps it as the template says",
        "CloudFormation asks for it where it waits, changes or deletes",
      ),
    );
  });
}

function targetOf(
  { name, kind }: Service,
  stage: string,
  { place: { partition, region, account } }: Foundation,
): Target {
  return {
    arn: pulumi.interpolate`arn:${partition}:${name}:${region}:${account}:${kind}${stage}-*`,
    pattern: `arn:${partition}:${name}:${region}:*:${kind}${stage}-*`,
  };
}
