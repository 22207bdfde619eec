/** The role that a machine acts as, and what Step Functions itself needs of it when the machine is made. */
import { describeDenial } from "../../iam/decision";
import type { RoleSession } from "../../iam/principal";
import { refuse } from "../cloudwatch/declared";
import type { ServiceContext } from "../context";
import { arnOf } from "../model";
import { integrationOf } from "./integrations/catalog";
import type { StateGraph } from "./language/definition";
import type { StateMachine } from "./state-machine";

export type RoleContext = Pick<ServiceContext, "assume" | "authorizer" | "facts">;

/** What a role needs for the rule by which Step Functions hears of a job's end. Source: its developer guide, IAM policies of integrated services. */
const RULE_ACTIONS = ["PutTargets", "PutRule", "DescribeRule"];

/** What a role needs for its machine to log. Source: Step Functions developer guide, "Logging using CloudWatch Logs". */
const LOG_ACTIONS = [
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
  "ListLogDeliveries",
  "PutResourcePolicy",
  "DescribeResourcePolicies",
  "DescribeLogGroups",
];

/** @throws StageError when the role does not trust Step Functions, or lacks what AWS asks for when the machine is made */
export function takeRole(machine: StateMachine, context: RoleContext): RoleSession {
  const session = assumeRole(machine.roleArn, machine.name, machine.arn, context);
  for (const rule of new Set(managedRules(machine.machine))) {
    for (const action of RULE_ACTIONS) {
      expectAllowed(machine, session, `events:${action}`, arnOf(context.facts, "events", `rule/${rule}`), context);
    }
  }
  if (machine.logging !== undefined) {
    for (const action of LOG_ACTIONS) expectAllowed(machine, session, `logs:${action}`, "*", context);
  }
  return session;
}

/** @throws StageError when the role does not trust Step Functions */
export function assumeRole(roleArn: string, name: string, machineArn: string, { assume }: RoleContext): RoleSession {
  return assume(roleArn, "states.amazonaws.com", name.slice(0, 64).padEnd(2, "-"), { "aws:SourceArn": machineArn });
}

function expectAllowed(
  machine: StateMachine,
  principal: RoleSession,
  action: string,
  resource: string,
  { authorizer }: RoleContext,
): void {
  const request = { principal, action, resource };
  const decision = authorizer.authorize(request);
  if (!decision.allowed)
    refuse(machine.resource, `Step Functions would not take it: ${describeDenial(request, decision)}`);
}

/** The rules for jobs that tasks wait for, in branches and iterations too. */
function managedRules({ states }: StateGraph): string[] {
  return [...states.values()].flatMap((state) => {
    switch (state.type) {
      case "Task":
        return integrationOf(state.resource).integration.job?.managedRule ?? [];
      case "Parallel":
        return state.branches.flatMap(managedRules);
      case "Map":
        return managedRules(state.processor);
      case "Pass":
      case "Choice":
      case "Wait":
      case "Succeed":
      case "Fail":
        return [];
    }
  });
}
