/**
 * What an execution really did: the events of a stack and its nested stacks that belong to one request. CloudFormation
 * marks every event of an operation with the token of the request that began it.
 */
import { readStackEvents, type ExecutedStep, type StackEvent } from "../executed";

/** What is asked of CloudFormation; events come newest first. */
export interface StackEventSource {
  events(stack: string, token: string | undefined): Promise<EventPage>;
}

export interface EventPage {
  readonly events: readonly DescribedEvent[];
  readonly next: string | undefined;
}

export interface DescribedEvent extends StackEvent {
  readonly StackId: string;
  readonly StackName: string;
  readonly PhysicalResourceId?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly ResourceStatusReason?: string | undefined;
  readonly ClientRequestToken?: string | undefined;
  readonly Timestamp?: Date | undefined;
}

export interface Execution {
  /** Status of the stack itself at the end of what was seen; nothing when the operation has not begun. */
  readonly status: string | undefined;
  readonly steps: readonly ExecutedStep[];
  /** Resources that failed, with CloudFormation's reason. */
  readonly failures: readonly { readonly resource: string; readonly reason: string }[];
}

const MOST_PAGES = 1000;
const NESTED = "AWS::CloudFormation::Stack";

/** Follows from the resource that failed first, and is no reason by itself. */
const CONSEQUENCE = /^Resource (creation|update) cancelled/i;

/** @param request the ClientRequestToken with which the operation was begun */
export async function gatherExecution(source: StackEventSource, stack: string, request: string): Promise<Execution> {
  const own = await gatherEvents(source, stack, (event) => event.ClientRequestToken === request);
  const steps = await stepsOf(source, own, "");
  const itself = own.find((event) => event.PhysicalResourceId === event.StackId);
  const failures = own
    .filter((event) => event.ResourceStatus.endsWith("_FAILED") && event.PhysicalResourceId !== event.StackId)
    .filter(({ ResourceStatusReason: reason }) => reason !== undefined && !CONSEQUENCE.test(reason))
    .map((event) => ({ resource: event.LogicalResourceId, reason: event.ResourceStatusReason ?? "" }))
    .reverse();
  return { status: itself?.ResourceStatus, steps, failures };
}

async function stepsOf(
  source: StackEventSource,
  events: readonly DescribedEvent[],
  prefix: string,
): Promise<ExecutedStep[]> {
  const steps = readStackEvents(events.filter(isResource), events[0]?.StackName ?? "", prefix);
  const since = Math.min(...events.map(({ Timestamp }) => Timestamp?.getTime() ?? 0));
  const nested = new Map(
    events
      .filter((event) => event.ResourceType === NESTED && isResource(event) && event.PhysicalResourceId !== undefined)
      .map((event) => [event.PhysicalResourceId ?? "", event.LogicalResourceId]),
  );
  for (const [stack, name] of nested) {
    if (stack === "") continue;
    // Nobody else may touch a nested stack: what happened to it since then is part of this operation.
    const own = await gatherEvents(source, stack, ({ Timestamp }) => (Timestamp?.getTime() ?? 0) >= since);
    steps.push(...(await stepsOf(source, own, `${prefix}${name}/`)));
  }
  return steps;
}

function isResource(event: DescribedEvent): boolean {
  return event.PhysicalResourceId !== event.StackId;
}

/** Events that belong, up to the first page on which none does any more. */
async function gatherEvents(
  source: StackEventSource,
  stack: string,
  belongs: (event: DescribedEvent) => boolean,
): Promise<DescribedEvent[]> {
  const found: DescribedEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { events, next } = await source.events(stack, token);
    const own = events.filter(belongs);
    found.push(...own);
    const isPast = found.length > 0 && events.length > 0 && own.length === 0;
    if (next === undefined || isPast) return found;
    token = next;
  }
  return found;
}
