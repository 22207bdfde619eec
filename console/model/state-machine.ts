/**
 * A state machine as a picture, and the way that one execution took through it. Reads the Amazon States Language as far as
 * it says what follows what; states inside a Map or Parallel belong to that one state.
 */
import { z } from "zod";
import { layOut } from "./layered-layout";
import type { Machine, ReleaseVerdict, Transition } from "./wire";

const next = z.looseObject({ Next: z.string().optional() });
const state = z.looseObject({
  Type: z.string(),
  Comment: z.string().optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Default: z.string().optional(),
  Choices: z.array(next.extend({ Comment: z.string().optional() })).optional(),
  Catch: z.array(next.extend({ ErrorEquals: z.array(z.string()).default([]) })).optional(),
});
const definition = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), state) });

/** @throws z.ZodError where the text is no state machine */
export function drawMachine(text: string): Omit<Machine, "name" | "executions"> {
  const { StartAt, States } = definition.parse(JSON.parse(text));
  const names = [StartAt, ...Object.keys(States).filter((name) => name !== StartAt)];
  const transitions = Object.entries(States).flatMap(([from, each]) => transitionsOf(from, each));
  const ways = transitions.filter(({ caught }) => !caught);
  const { places, routes, columns, rows } = layOut(names, ways);
  return {
    states: names.flatMap((name) => {
      const found = States[name];
      const place = places.get(name);
      if (found === undefined || place === undefined) return [];
      return { name, type: found.Type, comment: found.Comment ?? null, ...place };
    }),
    transitions: transitions.map((each) => ({
      ...each,
      route: routes.get(each.id) ?? [each.from, each.to].flatMap((name) => places.get(name) ?? []),
    })),
    columns,
    rows,
  };
}

/** One for each pair of states: several ways from one to another share a line. */
function transitionsOf(
  from: string,
  { Next, Default, Choices = [], Catch = [] }: z.output<typeof state>,
): Omit<Transition, "route">[] {
  const found = new Map<string, string[]>();
  const add = (to: string | undefined, label: string): void => {
    if (to !== undefined) found.set(to, [...(found.get(to) ?? []), label]);
  };
  add(Next, "");
  for (const choice of Choices) add(choice.Next, choice.Comment ?? "");
  add(Default, "otherwise");
  const planned = new Set(found.keys());
  for (const each of Catch)
    add(each.Next, each.ErrorEquals.includes("States.ALL") ? "on error" : each.ErrorEquals.join(", "));
  return [...found].map(([to, labels]) => ({
    id: `${from}>${to}`,
    from,
    to,
    label: labels.filter((label) => label !== "").join(" or ") || null,
    caught: !planned.has(to),
  }));
}

/** An event of GetExecutionHistory, as far as it is read here. */
export interface HistoryEvent {
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name: string };
  readonly stateExitedEventDetails?: { readonly name: string; readonly output?: string };
}

/** @param events in the order in which they happened */
export function pathOf(events: readonly HistoryEvent[]): string[] {
  return events.flatMap(({ stateEnteredEventDetails: entered }) => (entered === undefined ? [] : [entered.name]));
}

/** A finding in full, or by its id alone: `orphan:Orders`. */
const finding = z.union([
  z.looseObject({ id: z.string(), resource: z.string(), change: z.string(), reason: z.string() }),
  z.string().transform((id) => {
    const [change = id, ...resource] = id.split(":");
    return { id, change, resource: resource.join(":"), reason: "" };
  }),
]);

const verdict = z.looseObject({
  verdict: z.enum(["safe", "refused"]),
  engine: z.string().optional(),
  digest: z.string().optional(),
  summary: z.string().optional(),
  findings: z.array(finding).default([]),
});

/** The last verdict that any state put out, wherever in its output. */
export function verdictOf(events: readonly HistoryEvent[]): ReleaseVerdict | null {
  for (const { stateExitedEventDetails: exited } of [...events].reverse()) {
    const found = exited?.output === undefined ? undefined : findVerdict(JSON.parse(exited.output), 4);
    if (found !== undefined) return found;
  }
  return null;
}

function findVerdict(value: unknown, depth: number): ReleaseVerdict | undefined {
  if (typeof value !== "object" || value === null || depth === 0) return undefined;
  const read = verdict.safeParse(value);
  if (read.success) {
    const { engine = null, digest = null, summary = null, findings } = read.data;
    return {
      verdict: read.data.verdict,
      engine,
      digest,
      summary,
      findings: findings.map(({ id, resource, change, reason }) => ({ id, resource, change, reason })),
    };
  }
  for (const inside of Object.values(value)) {
    const found = findVerdict(inside, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
