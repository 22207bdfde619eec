/** ARNs of machines and executions, as callers give them. */
import { AwsError, type Check } from "../service";

const MACHINE = /^arn:[^:]+:states:[^:]*:\d{12}:stateMachine:[\w-]+$/;
const EXECUTION = /^arn:[^:]+:states:[^:]*:\d{12}:execution:[\w-]+:[^:*?]+$/;

/** The permission for an action on a machine. @throws AwsError `InvalidArn` */
export function onMachine(action: string, arn: string): readonly Check[] {
  return on(action, arn, MACHINE);
}

/** The permission for an action on an execution. @throws AwsError `InvalidArn` */
export function onExecution(action: string, arn: string): readonly Check[] {
  return on(action, arn, EXECUTION);
}

/** The permission for an action that AWS scopes to no resource. */
export function onAny(action: string): readonly Check[] {
  return [{ action: `states:${action}`, resource: "*" }];
}

export function executionArn(machineArn: string, name: string): string {
  return `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}

function on(action: string, resource: string, form: RegExp): readonly Check[] {
  if (!form.test(resource)) throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN: ${resource}'`);
  return [{ action: `states:${action}`, resource }];
}
