/** After the change: whether what was done is what was inspected, and nothing else. */
import type { InspectedChange, Operation } from "./change";

/** What was really done to a resource; `id` as in the inspected change. */
export interface ExecutedStep {
  readonly id: string;
  readonly did: "create" | "update" | "delete" | "import";
}

export interface Discrepancy {
  readonly resource: string;
  readonly reason: string;
}

/** What each planned operation may turn out to be. A replacement that only may happen can settle to an update or nothing. */
const ALLOWED: Readonly<Record<Operation, readonly ExecutedStep["did"][]>> = {
  create: ["create", "update"],
  adopt: ["import", "update"],
  update: ["update"],
  replace: ["create", "update", "delete"],
  delete: ["delete"],
  none: [],
  unclear: [],
};

/** Everything that was done and not inspected, or done otherwise; what was planned and not done is no discrepancy. */
export function compareExecuted(change: InspectedChange, executed: readonly ExecutedStep[]): readonly Discrepancy[] {
  const planned = new Map<string, Operation[]>();
  for (const { id, operation } of change.resources) planned.set(id, [...(planned.get(id) ?? []), operation]);
  return executed.flatMap(({ id, did }) => {
    const operations = planned.get(id);
    if (operations === undefined) return [{ resource: id, reason: `${did}: it is not in the inspected change` }];
    if (operations.some((operation) => ALLOWED[operation].includes(did))) return [];
    return [{ resource: id, reason: `${did}: the inspected change says ${operations.join(" and ")}` }];
  });
}

/** An event of a stack, as DescribeStackEvents answers it. */
export interface StackEvent {
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
}

/**
 * What the events of one stack say was done, without those of the stack itself.
 * @param prefix logical ids of the stacks around it, `Orders/`, empty for the root stack
 */
export function readStackEvents(events: readonly StackEvent[], stackName: string, prefix = ""): ExecutedStep[] {
  return events.flatMap(({ LogicalResourceId: name, ResourceStatus: status }) => {
    const [, verb] = /^(CREATE|UPDATE|DELETE|IMPORT)_COMPLETE$/.exec(status) ?? [];
    if (verb === undefined || name === stackName) return [];
    return [{ id: `${prefix}${name}`, did: verb.toLowerCase() as ExecutedStep["did"] }];
  });
}
