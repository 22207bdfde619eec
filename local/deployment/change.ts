/** What becomes of each resource between what runs and what is wanted, in the engine's terms. */
import { StageError } from "../diagnostics";
import type { ReplacementFact } from "../services/model";
import { differencesOf, type Differences } from "./difference";
import { holds, isCovered } from "./property-path";
import { KNOWN_AFTER_UPDATE, stableJson, type Recorded, type RecordedProperties } from "./recorded-value";
import type { ResourceState, Wanted } from "./resource-state";

export type ReplacementFacts = Readonly<Record<string, ReplacementFact>>;

export interface Change {
  readonly kind: "same" | "create" | "import" | "update" | "replace" | "delete";
  /** The URN it is known by from now on, or was known by last. */
  readonly urn: string;
  readonly before?: ResourceState;
  readonly after?: ResourceState;
  readonly differences: Differences;
  /** Properties that force a new resource. */
  readonly replaceReasons: readonly string[];
  /** The old one goes before the new one is there. */
  readonly deletesFirst: boolean;
  /** `Stream input (stacks/platform.ts:41)`. */
  readonly label: string;
}

/**
 * Compares what runs with what is wanted. As in the engine's preview, what a replaced resource will be called is not
 * known yet, and whatever is made of its name, id or ARN changes with it.
 * @returns wanted resources in their order, then those that go, dependents first
 * @throws StageError naming every resource of a type of which nobody has said what can be changed in place
 */
export function changesBetween(
  running: readonly ResourceState[],
  wanted: readonly Wanted[],
  facts: ReplacementFacts,
): Change[] {
  if (running.length > 0) refuseUnknownTypes(wanted, facts);
  const byUrn = new Map(running.map((state) => [state.urn, state]));
  const gone = new Map(byUrn);
  const upstream: Upstream = { replaced: new Map(), before: new Map() };
  const changes = wanted.map((each) => {
    const before = findBefore(each, gone);
    if (before === undefined) return made(each);
    gone.delete(before.urn);
    upstream.before.set(each.state.urn, before.urn);
    const change = compare(before, each, facts, upstream);
    if (change.kind === "replace") {
      const { deletesFirst } = change;
      upstream.replaced.set(each.state.urn, { computed: computedOf(each.state), deletesFirst });
    }
    return change;
  });
  return [...changes, ...[...gone.values()].reverse().map(removed)];
}

/** A resource that is made anew: what it answers is not known until it is there. */
interface Replaced {
  readonly computed: readonly string[];
  readonly deletesFirst: boolean;
}

/** What is known already when a resource is compared: everything it was made of comes before it. */
interface Upstream {
  readonly replaced: Map<string, Replaced>;
  /** The URN that each resource had, by the URN that it has. */
  readonly before: Map<string, string>;
}

/** By its URN, else by the first of its former URNs that still runs. */
export function findBefore(
  { state, formerly }: Pick<Wanted, "state" | "formerly">,
  running: ReadonlyMap<string, ResourceState>,
): ResourceState | undefined {
  return [state.urn, ...formerly].map((urn) => running.get(urn)).find((each) => each !== undefined);
}

function refuseUnknownTypes(wanted: readonly Wanted[], facts: ReplacementFacts): void {
  const unknown = wanted.filter(({ state: { custom, type } }) => custom && !Object.hasOwn(facts, type));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    ({ label, state }) =>
      `${label}: nobody has said what of ${state.type} can be changed in place: add it to replacedBy in local/services/<service>/model.ts`,
  );
  throw new StageError(lines.join("\n"));
}

function made({ state, imported, label }: Wanted): Change {
  const kind = imported ? "import" : "create";
  return { kind, urn: state.urn, after: state, ...UNTOUCHED, label };
}

function removed(state: ResourceState): Change {
  return { kind: "delete", urn: state.urn, before: state, ...UNTOUCHED, label: labelOf(state) };
}

const UNTOUCHED = { differences: new Map() as Differences, replaceReasons: [], deletesFirst: false } as const;

function labelOf({ type, urn }: ResourceState): string {
  return `${type.split(":").at(-1) ?? type} ${urn.split("::").at(-1) ?? urn}`;
}

function compare(
  before: ResourceState,
  { state, deleteBeforeReplace, label }: Wanted,
  facts: ReplacementFacts,
  upstream: Upstream,
): Change {
  const moved = propertiesOfReplaced(state, upstream.replaced);
  const inputs = withUnknown(state.inputs, moved.keys());
  const after = { ...state, inputs };
  const all = differencesOf(before.inputs, inputs);
  const differences = new Map([...all].filter(([path]) => !state.ignoreChanges.some((each) => isCovered(path, each))));
  const forcing = [...(facts[state.type]?.inputs ?? []), ...state.replaceOnChanges];
  const forced = [...differences.keys()].filter((path) =>
    forcing.some((each) => isCovered(path, each) || holds(path, each)),
  );
  const shared = { urn: state.urn, before, after, differences, label };
  if (state.custom && (forced.length > 0 || isElsewhere(before, state, upstream))) {
    const replaceReasons = forced.length > 0 ? forced : ["provider"];
    const deletesFirst =
      deleteBeforeReplace || forced.some((path) => moved.get(path.split(/[.[]/)[0] ?? path)?.deletesFirst === true);
    return { kind: "replace", ...shared, replaceReasons, deletesFirst };
  }
  const kind = differences.size === 0 ? "same" : "update";
  return { kind, ...shared, replaceReasons: [], deletesFirst: false };
}

/** Under another provider it is another resource. */
function isElsewhere(before: ResourceState, after: ResourceState, upstream: Upstream): boolean {
  const [was, is] = [providerUrn(before), providerUrn(after)];
  if (was === undefined || is === undefined) return false;
  return upstream.replaced.has(is) || (upstream.before.get(is) ?? is) !== was;
}

/** A reference is the provider's URN and id. */
function providerUrn({ provider }: ResourceState): string | undefined {
  return provider?.slice(0, provider.lastIndexOf("::"));
}

/** Inputs that are made of what a replaced resource answered. */
function propertiesOfReplaced(
  { inputs, propertyDependencies }: ResourceState,
  replaced: ReadonlyMap<string, Replaced>,
): ReadonlyMap<string, Replaced> {
  const found = new Map<string, Replaced>();
  for (const [property, sources] of Object.entries(propertyDependencies)) {
    const value = inputs[property];
    if (value === undefined) continue;
    const text = stableJson(value);
    const source = sources
      .map((urn) => replaced.get(urn))
      .find((each) => each?.computed.some((answer) => text.includes(answer)));
    if (source !== undefined) found.set(property, source);
  }
  return found;
}

/** Texts among the outputs of a resource that do not stand in its inputs: its id, its ARN, the name it was given. */
function computedOf({ id, inputs, outputs }: ResourceState): string[] {
  const given = stableJson(inputs);
  const answers = [id, ...Object.values(outputs)].filter((value): value is string => typeof value === "string");
  return answers.filter((answer) => answer.length > 3 && !given.includes(JSON.stringify(answer)));
}

function withUnknown(inputs: RecordedProperties, properties: Iterable<string>): RecordedProperties {
  const unknown = Object.fromEntries([...properties].map((name) => [name, KNOWN_AFTER_UPDATE] as [string, Recorded]));
  return { ...inputs, ...unknown };
}
