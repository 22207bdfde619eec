/**
 * The deploy machine: two engines, one decision. Whatever changes infrastructure passes "Safe to Update Infra?", and what is
 * executed afterwards is what was inspected, or nothing.
 *
 * Source of states, parameters and verdicts: M. Mendonca, "Using AWS Step Functions State Machines to Handle
 * Workflow-Driven AWS CodePipeline Actions", AWS DevOps Blog.
 */
import type { Input } from "@pulumi/pulumi";
import { changeSetPath } from "./change-set-path";
import { expression, failure, retrying, type Machine, type State } from "./language";
import { ofReview, previewPath } from "./preview-path";
import { stackPath } from "./stack-path";

/** The two values of `changeSetAction`, as the function `inspect` answers them. */
export const CHANGE_SET_ACTION = {
  safe: "CAN-SAFELY-UPDATE-EXISTING-STACK",
  refused: "RESOURCES-BEING-DELETED-OR-REPLACED",
} as const;

export interface MachineParts {
  readonly prepare: Input<string>;
  readonly inspect: Input<string>;
  readonly stackRole: Input<string>;
  readonly previewProject: Input<string>;
  readonly applyProject: Input<string>;
  /** ARN of the topic that tells operators of a deployment that failed. */
  readonly topic: Input<string>;
}

/** Longer than everything that waits in it. */
const LONGEST_DEPLOYMENT_SECONDS = 5 * 3600;

export function renderMachine(parts: MachineParts): Machine {
  return {
    Comment: "Inspects every change before it is made, and refuses those that delete or replace",
    QueryLanguage: "JSONata",
    StartAt: "Begin Release",
    TimeoutSeconds: LONGEST_DEPLOYMENT_SECONDS,
    States: {
      ...beginning(),
      ...stackPath(parts),
      ...changeSetPath(parts),
      ...previewPath(parts),
      ...decision(),
      ...ending(parts),
    },
  };
}

function beginning(): Record<string, State> {
  return {
    "Begin Release": {
      Type: "Pass",
      Assign: {
        round: 1,
        waited: 0,
        changeSet: "none",
        deletedFor: "failure",
        outcome: "unknown",
        summary: "nothing was inspected",
        failure: { error: "DeploymentFailed", cause: "Deployment Failed" },
      },
      // What the article's input does not have.
      Output: expression('$merge([{"engine": "cloudformation", "mode": "deploy", "capabilities": []}, $states.input])'),
      Next: "Which Engine?",
    },
    "Which Engine?": {
      Type: "Choice",
      Choices: [
        { Condition: expression('$states.input.engine = "cloudformation"'), Next: "Prepare Release" },
        {
          Condition: expression('$states.input.engine = "pulumi" and $exists($states.input.reviewed)'),
          Output: ofReview,
          Next: "Apply Change",
        },
        { Condition: expression('$states.input.engine = "pulumi"'), Next: "Preview Change" },
      ],
      Default: "Tell Operators",
      Assign: failure(
        "UnknownEngine",
        '"the engine must be cloudformation or pulumi, got " & $string($states.input.engine)',
      ),
    },
  };
}

/** The one place in which it is decided. Nothing but the one word for safe is safe. */
function decision(): Record<string, State> {
  const safe = `$states.input.changeSetAction = "${CHANGE_SET_ACTION.safe}"`;
  const pulumi = '$states.input.engine = "pulumi"';
  return {
    "Safe to Update Infra?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression(`${safe} and $states.input.mode = "review"`),
          Assign: { outcome: "reviewed" },
          Next: "Deployment Succeeded",
        },
        {
          Condition: expression(`${safe} and ${pulumi} and $states.input.changes = 0`),
          Assign: { outcome: "unchanged" },
          Next: "Deployment Succeeded",
        },
        { Condition: expression(`${safe} and ${pulumi}`), Next: "Apply Change" },
        { Condition: expression(safe), Next: "Confirm Change Set" },
        {
          Condition: expression(pulumi),
          Assign: failure("Refused", "$string($states.input.summary)"),
          Next: "Tell Operators",
        },
        {
          // Blue/green: the old stack stays as it is, and a new one is made beside it.
          Condition: expression('$exists($states.input.newStackName) and $states.input.mode = "deploy"'),
          Assign: { deletedFor: "a new stack beside" },
          Next: "Delete Change Set",
        },
      ],
      Default: "Delete Change Set",
      Assign: failure("Refused", "$string($states.input.summary)"),
    },
  };
}

const TOLD = ["verdict", "digest", "subject", "evidence"];

function ending({ topic }: MachineParts): Record<string, State> {
  const told = `$sift($states.input, function($value, $key) { $key in ${JSON.stringify(TOLD)} })`;
  return {
    "Deployment Succeeded": {
      Type: "Succeed",
      Output: expression(`$merge([${told}, {"outcome": $outcome, "summary": $summary}])`),
    },
    "Tell Operators": {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Arguments: {
        TopicArn: topic,
        Subject: expression(
          '$substring("Release of " & $string($states.input.environmentName) & ": " & $failure.error, 0, 100)',
        ),
        Message: expression('$failure.error & ": " & $failure.cause'),
      },
      Output: expression("$states.input"),
      TimeoutSeconds: 60,
      Retry: retrying(),
      // That nobody could be told does not change how it ended.
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Deployment Failed", Output: expression("$states.input") }],
      Next: "Deployment Failed",
    },
    "Deployment Failed": {
      Type: "Fail",
      Error: expression("$failure.error"),
      Cause: expression("$failure.cause"),
    },
  };
}
