/**
 * From a stack that exists to its update: a change set is made, inspected, looked at once more right before it is executed,
 * and what was done is compared with what was inspected. One that is not executed is deleted, whatever the reason, in one
 * place.
 */
import type { Input } from "@pulumi/pulumi";
import { AFTER_UPDATE } from "../stack-states";
import { call, expression, failure, onFailure, task, wait, type State } from "./language";
import { progress, whatIsReleased } from "./stack-path";

export interface ChangeSetParts {
  readonly inspect: Input<string>;
  readonly stackRole: Input<string>;
}

/** Waits of five and ten seconds: ten minutes for a change set, two hours for its execution. */
const MOST_WAITS_FOR_CREATION = 120;
const MOST_WAITS_FOR_EXECUTION = 720;

/** Change sets that may be overtaken by another update before the release gives up. */
const MOST_ROUNDS = 3;

const DELETE = "Delete Change Set";
const FAILED = "Tell Operators";

export function changeSetPath({ inspect, stackRole }: ChangeSetParts): Record<string, State> {
  return {
    "Create Change Set": task("aws-sdk:cloudformation:createChangeSet", {
      arguments: {
        ...whatIsReleased(stackRole),
        ChangeSetName: expression('$states.input.changeSetName & "-" & $string($round)'),
        ChangeSetType: "UPDATE",
        IncludeNestedStacks: true,
        ClientToken: expression('$states.input.request & "-" & $string($round)'),
        Description: expression('"release " & $states.context.Execution.Name'),
      },
      assigns: { waited: 0, changeSet: expression("$states.result.Id") },
      catches: onFailure("ChangeSetNotCreated", FAILED),
      next: "Wait Change Set Creation",
    }),
    "Wait Change Set Creation": wait(5, "Get Change Set Creation Status"),
    "Get Change Set Creation Status": call(
      inspect,
      // Never by the machine itself: a page of a change set may be larger than a state.
      { task: "check-change-set", changeSet: expression("$changeSet") },
      {
        adds: "$states.result.Payload",
        catches: onFailure("ChangeSetNotCreated", DELETE),
        next: "Change Set Created?",
      },
    ),
    "Change Set Created?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression('$states.input.changeSetCreationStatus = "complete"'),
          Next: "Inspect Change Set Changes",
        },
        {
          Condition: expression(
            `$states.input.changeSetCreationStatus = "in_progress" and $waited < ${MOST_WAITS_FOR_CREATION}`,
          ),
          Next: "Wait Change Set Creation",
        },
        {
          Condition: expression('$states.input.changeSetCreationStatus = "empty"'),
          Assign: { deletedFor: "nothing to change", outcome: "unchanged", summary: "safe: nothing changes" },
          Next: DELETE,
        },
      ],
      Default: DELETE,
      Assign: failure(
        "ChangeSetNotCreated",
        '$states.input.changeSetCreationStatus = "failed" ? $states.input.changeSetReason : "the change set took too long to be created"',
      ),
    },

    "Inspect Change Set Changes": call(
      inspect,
      {
        task: "inspect-change-set",
        changeSet: expression("$changeSet"),
        evidence: expression('"evidence/" & $states.context.Execution.Name & "/" & $string($round) & ".json"'),
        approval: expression('"approvals/" & $states.input.stack & ".json"'),
      },
      {
        adds: "$states.result.Payload",
        assigns: { summary: expression("$states.result.Payload.summary") },
        catches: onFailure("NotInspected", DELETE),
        next: "Safe to Update Infra?",
      },
    ),

    "Confirm Change Set": call(
      inspect,
      {
        task: "confirm-change-set",
        changeSet: expression("$changeSet"),
        digest: expression("$states.input.digest"),
      },
      {
        adds: '{"confirmed": $states.result.Payload.confirmed}',
        catches: onFailure("NotConfirmed", DELETE),
        next: "Still As Inspected?",
      },
    ),
    "Still As Inspected?": {
      Type: "Choice",
      Choices: [
        { Condition: expression("$states.input.confirmed"), Next: "Execute Change Set" },
        {
          Condition: expression(`$round < ${MOST_ROUNDS} and $not($exists($states.input.reviewed))`),
          Assign: { deletedFor: "outdated" },
          Next: DELETE,
        },
      ],
      Default: DELETE,
      Assign: failure(
        "Outdated",
        `$exists($states.input.reviewed) ? "what was reviewed and approved is out of date: release again" : "another update came between, ${MOST_ROUNDS} times"`,
      ),
    },

    "Execute Change Set": task("aws-sdk:cloudformation:executeChangeSet", {
      arguments: {
        ChangeSetName: expression("$changeSet"),
        ClientRequestToken: expression('$states.input.request & "-" & $string($round)'),
      },
      adds: '{"changeSetExecutionDetails": $states.result}',
      assigns: { waited: 0 },
      catches: [
        {
          // It was overtaken after the last look.
          ErrorEquals: ["CloudFormation.InvalidChangeSetStatusException"],
          Next: "Still As Inspected?",
          Output: expression('$merge([$states.input, {"confirmed": false}])'),
        },
        ...onFailure("NotExecuted", DELETE),
      ],
      next: "Wait Change Set Execution",
    }),
    "Wait Change Set Execution": wait(10, "Get Change Set Execution Status"),
    "Get Change Set Execution Status": task("aws-sdk:cloudformation:describeStacks", {
      arguments: { StackName: expression("$states.input.stackId") },
      adds: `{"changeSetExecutionStatus": ${progress("$states.result.Stacks[0].StackStatus", AFTER_UPDATE)}}`,
      catches: onFailure("StackFailed", FAILED),
      next: "Change Set Executed?",
    }),
    "Change Set Executed?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression(
            `$states.input.changeSetExecutionStatus = "in_progress" and $waited < ${MOST_WAITS_FOR_EXECUTION}`,
          ),
          Next: "Wait Change Set Execution",
        },
      ],
      // Whether it succeeded or was rolled back, and whether it has begun at all, is told by its events.
      Default: "Compare With Inspected",
    },
    "Compare With Inspected": call(inspect, comparison(), {
      adds: '{"comparison": $states.result.Payload}',
      catches: onFailure("NotCompared", FAILED),
      next: "Done As Inspected?",
    }),
    "Done As Inspected?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression(
            '$states.input.changeSetExecutionStatus = "complete" and $states.input.comparison.begun and $states.input.comparison.matches',
          ),
          Assign: { outcome: "updated" },
          Next: "Deployment Succeeded",
        },
        {
          Condition: expression(`$not($states.input.comparison.begun) and $waited < ${MOST_WAITS_FOR_EXECUTION}`),
          Next: "Wait Change Set Execution",
        },
      ],
      Default: FAILED,
      Assign: failure(
        "NotAsInspected",
        '$not($states.input.comparison.begun) ? "the update did not begin" : $states.input.changeSetExecutionStatus = "complete" ? $states.input.comparison.summary : "the update failed, and what it did was undone: " & $states.input.comparison.summary',
      ),
    },

    [DELETE]: task("aws-sdk:cloudformation:deleteChangeSet", {
      arguments: { ChangeSetName: expression("$changeSet") },
      adds: '{"changeSetDeletionDetails": $states.result}',
      catches: onFailure(
        "ChangeSetNotDeleted",
        FAILED,
        '$failure.cause & "; and its change set could not be deleted: "',
      ),
      next: "Why Was It Deleted?",
    }),
    "Why Was It Deleted?": {
      Type: "Choice",
      Choices: [
        { Condition: expression('$deletedFor = "nothing to change"'), Next: "Deployment Succeeded" },
        {
          Condition: expression('$deletedFor = "outdated"'),
          Assign: { round: expression("$round + 1"), deletedFor: "failure" },
          Next: "Create Change Set",
        },
        {
          Condition: expression('$deletedFor = "a new stack beside"'),
          Output: expression(
            '$merge([$states.input, {"stack": $states.input.environmentName & "-" & $states.input.newStackName}])',
          ),
          Next: "Create Stack",
        },
      ],
      Default: FAILED,
    },
  };
}

function comparison(): object {
  return {
    task: "compare-change-set",
    stack: expression("$states.input.stackId"),
    request: expression('$states.input.request & "-" & $string($round)'),
    evidence: expression("$states.input.evidence"),
  };
}
