/**
 * Steps of a Pulumi preview in terms of the model. A replacement comes as up to three steps of one URN; together they are
 * one change.
 */
import { sameJson } from "../canonical";
import type { Nature, ProtectionChange, ResourceChange, Touch } from "../change";
import type { PlannedStep } from "./planned-step";
import { doubtStep } from "./doubt";
import { isReplacing, readFate } from "./fate";
import type { ResourceState } from "./shape";
import { ABSENT, look, type PropertyPath, readPropertyPath, type Sight, type View } from "../sight";
import { isProviderType, readUrn, ROOT_STACK } from "./urn";

/** One change per resource; what an earlier run left to be deleted is a change of its own. */
export function readSteps(steps: readonly PlannedStep[]): ResourceChange[] {
  const byUrn = new Map<string, PlannedStep[]>();
  for (const step of steps) {
    const own = byUrn.get(step.urn);
    if (own === undefined) byUrn.set(step.urn, [step]);
    else own.push(step);
  }
  return [...byUrn.values()].flatMap((own) => {
    const [first, ...rest] = own.filter(isReplacing);
    const others = own.filter((step) => !isReplacing(step)).map((step) => readPart([step]));
    return first === undefined ? others : [readPart([first, ...rest]), ...others];
  });
}

function readPart(steps: readonly [PlannedStep, ...PlannedStep[]]): ResourceChange {
  const [{ urn, op, falseIsSilent }] = steps;
  const before = steps.find((step) => step.before)?.before;
  const after = steps.find((step) => step.after)?.after;
  const { type, name } = readUrn(urn);
  const fate = readFate(steps, before, after);
  const nature = natureOf(type, before ?? after, falseIsSilent);
  return {
    id: urn,
    name,
    type,
    nature,
    operation: fate.operation,
    remains: before?.retainOnDelete === true ? "retained" : "nothing",
    ...(fate.replacement === undefined ? {} : { replacement: fate.replacement }),
    views: readViews(steps, before, after),
    touched: steps.flatMap(readTouched),
    protections: before && after ? readProtections(before, after) : [],
    lostOutside: op === "refresh" && before !== undefined && after === undefined,
    ...given("physicalId", before?.id),
    parent: { ...given("before", before?.parent), ...given("after", after?.parent) },
    provider: { ...given("before", before?.provider), ...given("after", after?.provider) },
    dependsOn: [...new Set([...(before?.dependencies ?? []), ...(after?.dependencies ?? [])])],
    ...given("diesWith", (before ?? after)?.deletedWith),
    doubts: [...fate.doubts, ...doubtStep(steps, fate.operation, before, after)],
  };
}

function given<Name extends string>(name: Name, value: string | null | undefined): { readonly [K in Name]?: string } {
  return (value ? { [name]: value } : {}) as { readonly [K in Name]?: string };
}

/**
 * Components hold nothing themselves. A document says so; in a stream, which leaves out what is false, it takes the
 * absence of everything that a resource has: an id, a provider, a type of a provider's module.
 */
function natureOf(type: string, state: ResourceState | undefined, falseIsSilent: boolean): Nature {
  if (type === ROOT_STACK) return "component";
  if (isProviderType(type)) return "provider";
  if (state === undefined) return "resource";
  if (state.external === true) return "external";
  if (state.custom === true || state.id) return "resource";
  if (state.custom === false) return "component";
  return falseIsSilent && !state.provider && !type.includes("/") ? "component" : "resource";
}

function readViews(
  steps: readonly PlannedStep[],
  before: ResourceState | undefined,
  after: ResourceState | undefined,
): View[] {
  if (before === undefined || after === undefined) {
    return [{ at: [], before: inputsOf(before), after: inputsOf(after) }];
  }
  // What was changed outside Pulumi shows only in the outputs, as they were refreshed last.
  const ofState = steps.flatMap(({ differences, diffReasons }) => [
    ...differences.filter(({ ofInputs }) => !ofInputs).map(({ path }) => readPropertyPath(path)),
    ...diffReasons.map((name) => readPropertyPath(name)).filter((path) => sameAt(before, after, path)),
  ]);
  return [
    { at: [], before: inputsOf(before), after: inputsOf(after) },
    ...ofState.map((at) => ({ at, before: look(before.outputs, at), after: look(after.inputs, at) })),
  ];
}

function inputsOf(state: ResourceState | undefined): Sight {
  return state === undefined ? ABSENT : { kind: "known", value: state.inputs ?? {} };
}

function sameAt(before: ResourceState, after: ResourceState, path: PropertyPath): boolean {
  const [was, is] = [look(before.inputs, path), look(after.inputs, path)];
  return was.kind === is.kind && (was.kind !== "known" || is.kind !== "known" || sameJson(was.value, is.value));
}

function readTouched({ differences, diffReasons, replaceReasons }: PlannedStep): Touch[] {
  const names = [...differences.map(({ path }) => path), ...diffReasons, ...replaceReasons];
  return names.map((name) => ({ path: readPropertyPath(name) }));
}

const SHIELDS = ["protect", "retainOnDelete"] as const;

function readProtections(before: ResourceState, after: ResourceState): ProtectionChange[] {
  return SHIELDS.filter((name) => before[name] === true).map((name) => ({
    name,
    before: { kind: "known", value: true },
    after: { kind: "known", value: after[name] === true },
  }));
}
