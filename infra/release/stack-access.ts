/** What may be done with stacks of CloudFormation: one family of names, and nothing beside it. */
import * as pulumi from "@pulumi/pulumi";
import { permits, type Action, type Capability, type Target } from "../core/capability";
import type { Foundation } from "../core/foundation";

/** Stacks of a release are called `<stage>-<stack>`. */
export interface StackNames {
  readonly stages: readonly string[];
}

const SEE: readonly Action[] = ["cloudformation:DescribeChangeSet", "cloudformation:DescribeStackEvents"];

/** What the deploy machine itself does; CloudFormation does the rest as its own role. */
const RELEASE: readonly Action[] = [
  "cloudformation:CreateChangeSet",
  "cloudformation:CreateStack",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DescribeStacks",
  "cloudformation:ExecuteChangeSet",
];

const CLEAR_AWAY: readonly Action[] = ["cloudformation:DeleteStack", "cloudformation:ListStackResources"];

export function canReleaseStacks(names: StackNames, on: Foundation): Capability {
  const targets = targetsOf(names, on);
  return permits(
    { sid: "ReleaseStacks", reason: "creates and updates the stacks of its stages", actions: RELEASE, targets },
    {
      sid: "ClearAwayStacks",
      reason: "deletes a stack that was never created and holds nothing",
      actions: CLEAR_AWAY,
      targets,
      idle: "only after a creation that failed",
    },
    {
      sid: "TagStacks",
      reason: "puts the tags of a release on its stack",
      actions: ["cloudformation:TagResource"],
      targets,
      idle: "only for a release with tags",
    },
  );
}

export function canSeeStacks(names: StackNames, on: Foundation): Capability {
  const reason = "reads what a change set would do, and what its execution did";
  return permits({ sid: "SeeStacks", reason, actions: SEE, targets: targetsOf(names, on) });
}

function targetsOf({ stages }: StackNames, { place: { partition, region, account } }: Foundation): Target[] {
  return stages.map((stage) => ({
    arn: pulumi.interpolate`arn:${partition}:cloudformation:${region}:${account}:stack/${stage}-*/*`,
    pattern: `arn:${partition}:cloudformation:${region}:*:stack/${stage}-*/*`,
  }));
}

/** Handing a role to the service that works with it. */
export function canPass(
  role: { readonly arn: pulumi.Output<string>; readonly logicalName: string },
  service: string,
  on: Foundation,
): Capability {
  return permits({
    sid: `Pass${role.logicalName.replace(/[^A-Za-z0-9]/g, "")}`,
    reason: `${service} works as this role`,
    actions: ["iam:PassRole"],
    targets: [{ arn: role.arn, pattern: rolePattern(role.logicalName, on) }],
    conditions: { StringEquals: { "iam:PassedToService": service } },
  });
}

/** As the role component names roles. */
function rolePattern(logicalName: string, { place, roles: { namePrefix = "" } }: Foundation): string {
  return `arn:${place.partition}:iam::*:role/${namePrefix}${logicalName}-*`;
}
