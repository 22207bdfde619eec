/** From a template to a stack that exists: whether there is one, whether it can be worked with, and its creation. */
import type { Input } from "@pulumi/pulumi";
import { AFTER_CREATION, statesOf } from "../stack-states";
import { added, among, call, expression, failure, onFailure, quoted, task, wait, type State } from "./language";

export interface StackParts {
  /** ARNs of the functions. */
  readonly prepare: Input<string>;
  readonly inspect: Input<string>;
  /** ARN of the role as which CloudFormation works. */
  readonly stackRole: Input<string>;
}

/** Waits of ten seconds: two hours for a stack, five minutes for one that others work on. */
const MOST_WAITS = 720;
const MOST_CHECKS = 30;

const FAILED = "Tell Operators";
const STATUS = "$states.input.stackStatus";
const found = `{"doesStackExist": true, "stackStatus": $states.result.Stacks[0].StackStatus, "stackId": $states.result.Stacks[0].StackId}`;

export function stackPath({ prepare, inspect, stackRole }: StackParts): Record<string, State> {
  return {
    "Prepare Release": call(
      prepare,
      { execution: expression("$states.context.Execution.Name"), order: expression("$states.input") },
      {
        adds: "$states.result.Payload",
        catches: onFailure("ReleaseNotPrepared", FAILED),
        next: "Check Stack Existence",
      },
    ),

    "Check Stack Existence": task("aws-sdk:cloudformation:describeStacks", {
      arguments: { StackName: expression("$states.input.stack") },
      adds: found,
      // CloudFormation says in the same error that there is no such stack, and that it is asked too often.
      retries: ["States.Timeout", "CloudFormation.SdkClientException"],
      catches: [
        {
          ErrorEquals: ["States.ALL"],
          Next: "Is Stack Absent?",
          Output: added('{"check": $states.errorOutput}'),
        },
      ],
      next: "Does Stack Exist?",
    }),
    "Is Stack Absent?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression(
            '$contains($states.input.check.Cause, "Stack with id " & $states.input.stack & " does not exist")',
          ),
          Output: added('{"doesStackExist": false}'),
          Next: "Does Stack Exist?",
        },
        { Condition: expression(`$waited < ${MOST_CHECKS}`), Next: "Wait For Stack" },
      ],
      Default: FAILED,
      Assign: failure("StackNotChecked", '$states.input.check.Error & ": " & $states.input.check.Cause'),
    },
    "Does Stack Exist?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression('$states.input.doesStackExist = false and $states.input.mode = "review"'),
          Assign: { outcome: "reviewed", summary: "safe: the stack does not exist yet, and is created" },
          Next: "Deployment Succeeded",
        },
        { Condition: expression("$states.input.doesStackExist = false"), Next: "Create Stack" },
      ],
      Default: "Is Stack Ready?",
    },
    "Is Stack Ready?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression(`${among(STATUS, statesOf("ready"))} and $exists($states.input.reviewed)`),
          Assign: { changeSet: expression("$states.input.reviewed.subject"), waited: 0 },
          Output: added("$states.input.reviewed"),
          Next: "Confirm Change Set",
        },
        { Condition: expression(among(STATUS, statesOf("ready"))), Assign: { waited: 0 }, Next: "Create Change Set" },
        {
          Condition: expression(`${among(STATUS, statesOf("pending"))} and $waited < ${MOST_CHECKS}`),
          Next: "Wait For Stack",
        },
        {
          Condition: expression(`${among(STATUS, statesOf("hollow"))} and $states.input.mode = "review"`),
          Assign: { outcome: "reviewed", summary: "safe: the stack was never created, and is created anew" },
          Next: "Deployment Succeeded",
        },
        { Condition: expression(among(STATUS, statesOf("hollow"))), Next: "List Stack Remains" },
      ],
      Default: FAILED,
      Assign: failure(
        "StackNotReady",
        `"the stack " & $states.input.stack & " is in the state " & ${STATUS} & ": bring it into a state that ends in COMPLETE by hand, then retry"`,
      ),
    },
    "Wait For Stack": wait(10, "Check Stack Existence"),

    "List Stack Remains": task("aws-sdk:cloudformation:listStackResources", {
      arguments: { StackName: expression("$states.input.stackId") },
      // A further page counts as remains, unread: what may still hold something is not deleted.
      adds: '{"remains": $append([$states.result.StackResourceSummaries[ResourceStatus != "DELETE_COMPLETE"].LogicalResourceId], $exists($states.result.NextToken) ? ["what a further page lists"] : [])}',
      catches: onFailure("StackNotChecked", FAILED),
      next: "Is Stack Empty?",
    }),
    "Is Stack Empty?": {
      Type: "Choice",
      Choices: [{ Condition: expression("$count($states.input.remains) = 0"), Next: "Delete Empty Stack" }],
      Default: FAILED,
      Assign: failure(
        "StackNotReady",
        `"the stack " & $states.input.stack & " was never created, and still holds " & $join($states.input.remains, ", ") & ": delete it by hand, then retry"`,
      ),
    },
    "Delete Empty Stack": task("aws-sdk:cloudformation:deleteStack", {
      arguments: {
        StackName: expression("$states.input.stackId"),
        ClientRequestToken: expression('$states.input.request & "-delete"'),
      },
      assigns: { waited: 0 },
      catches: onFailure("StackNotDeleted", FAILED),
      next: "Wait Stack Deletion",
    }),
    "Wait Stack Deletion": wait(5, "Get Stack Deletion Status"),
    "Get Stack Deletion Status": task("aws-sdk:cloudformation:describeStacks", {
      // By its ARN: a stack that is deleted has no name any more.
      arguments: { StackName: expression("$states.input.stackId") },
      adds: '{"stackStatus": $states.result.Stacks[0].StackStatus}',
      catches: onFailure("StackNotDeleted", FAILED),
      next: "Stack Deleted?",
    }),
    "Stack Deleted?": {
      Type: "Choice",
      Choices: [
        { Condition: expression(`${STATUS} = "DELETE_COMPLETE"`), Assign: { waited: 0 }, Next: "Create Stack" },
        {
          Condition: expression(`${STATUS} != "DELETE_FAILED" and $waited < ${MOST_CHECKS}`),
          Next: "Wait Stack Deletion",
        },
      ],
      Default: FAILED,
      Assign: failure("StackNotDeleted", `"the stack is in the state " & ${STATUS}`),
    },

    "Create Stack": task("aws-sdk:cloudformation:createStack", {
      arguments: {
        ...whatIsReleased(stackRole),
        OnFailure: "ROLLBACK",
        ClientRequestToken: expression("$states.input.request"),
      },
      adds: '{"stackCreationDetails": $states.result, "stackId": $states.result.StackId}',
      assigns: { waited: 0 },
      catches: onFailure("StackNotCreated", FAILED),
      next: "Wait Stack Creation",
    }),
    "Wait Stack Creation": wait(10, "Get Stack Creation Status"),
    "Get Stack Creation Status": task("aws-sdk:cloudformation:describeStacks", {
      arguments: { StackName: expression("$states.input.stackId") },
      adds: `{"stackCreationStatus": ${progress("$states.result.Stacks[0].StackStatus", AFTER_CREATION)}}`,
      catches: onFailure("StackNotCreated", FAILED),
      next: "Stack Created?",
    }),
    "Stack Created?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression('$states.input.stackCreationStatus = "complete"'),
          Assign: { outcome: "created", summary: expression('"the stack " & $states.input.stack & " is created"') },
          Next: "Deployment Succeeded",
        },
        {
          Condition: expression(`$states.input.stackCreationStatus = "in_progress" and $waited < ${MOST_WAITS}`),
          Next: "Wait Stack Creation",
        },
      ],
      Default: "Explain Failure",
    },

    "Explain Failure": call(
      inspect,
      {
        task: "explain-stack",
        stack: expression("$states.input.stackId"),
        request: expression("$states.input.request"),
      },
      {
        assigns: failure("StackFailed", "$states.result.Payload.summary"),
        catches: onFailure("StackFailed", FAILED, quoted("the stack failed, and why cannot be told: ")),
        next: FAILED,
      },
    ),
  };
}

/** What both a new stack and a change set consist of. */
export function whatIsReleased(stackRole: Input<string>): Record<string, unknown> {
  return {
    StackName: expression("$states.input.stack"),
    TemplateURL: expression("$states.input.templateUrl"),
    // In JSONata a list of one is the one: the brackets make it a list again.
    Parameters: expression("[$states.input.parameters]"),
    Capabilities: expression("[$states.input.capabilities]"),
    Tags: expression("[$states.input.tags]"),
    RoleARN: stackRole,
  };
}

/** `complete`, `in_progress` or `failed`, out of the state of a stack. */
export function progress(
  status: string,
  { complete, in_progress }: Readonly<Record<"complete" | "in_progress", readonly string[]>>,
): string {
  return `(${among(status, complete)} ? "complete" : ${among(status, in_progress)} ? "in_progress" : "failed")`;
}
