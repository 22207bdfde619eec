/**
 * What a wanted graph takes over from the running one: the names, ids and ARNs that its resources have already (a renamed
 * resource is known by an alias, and keeps what AWS calls it), and the values of inputs whose changes are ignored.
 */
import { Graph, type Resource } from "../graph/graph";
import { Asset, isRecord, type Properties, type Value } from "../graph/value";
import { differencesOf } from "./difference";
import { findBefore, type ReplacementFacts } from "./change";
import { holds, isCovered, readPath, type PathSteps } from "./property-path";
import { isOpaque, type Recorded, type RecordedProperties, type Seal } from "./recorded-value";
import { wantedOf, type ResourceState } from "./resource-state";

export function inherit(wanted: Graph, running: readonly ResourceState[], facts: ReplacementFacts, seal: Seal): Graph {
  const known = new Map(running.map((state) => [state.urn, state]));
  const formerly = new Map(wantedOf(wanted, seal).map((each) => [each.state.urn, each.formerly]));
  const names = new Names();
  const graph = new Graph(wanted.project, wanted.stack);
  for (const declared of wanted.resources) {
    let resource = names.applyTo(declared);
    const urns = { state: { urn: resource.urn } as ResourceState, formerly: formerly.get(resource.urn) ?? [] };
    const before = findBefore(urns, known);
    if (before !== undefined) {
      resource = keepIgnored(resource, before);
      if (resource.id !== before.id && resource.kind !== "component" && !isReplaced(resource, before, facts, seal)) {
        names.learn(resource, before);
        resource = keepIgnored(names.applyTo(declared), before);
      }
    }
    graph.set(resource);
  }
  return graph;
}

function isReplaced(resource: Resource, before: ResourceState, facts: ReplacementFacts, seal: Seal): boolean {
  const alone = new Graph("", "");
  alone.set(resource);
  const inputs = wantedOf(alone, seal)[0]?.state.inputs ?? {};
  const forcing = [...(facts[resource.type]?.inputs ?? []), ...resource.options.replaceOnChanges];
  return [...differencesOf(before.inputs, inputs).keys()].some((path) =>
    forcing.some((each) => isCovered(path, each) || holds(path, each)),
  );
}

/** Texts that stand for what already has another name. */
class Names {
  #pairs: (readonly [made: string, kept: string])[] = [];

  /** A model makes names from a resource's URN: what it made of the new one stands for what it made of the old one. */
  learn({ id, inputs, outputs }: Resource, before: ResourceState): void {
    const given = JSON.stringify(inputs);
    const answers: [Value | undefined, Recorded | undefined][] = [
      [id, before.id],
      ...Object.entries(outputs).map(([name, value]): [Value, Recorded | undefined] => [value, before.outputs[name]]),
    ];
    for (const [made, kept] of answers) {
      if (typeof made !== "string" || typeof kept !== "string" || made === kept) continue;
      if (!given.includes(JSON.stringify(made))) this.#pairs.push([made, kept]);
    }
    // A name is part of an ARN: the longer text goes first.
    this.#pairs.sort(([a], [b]) => b.length - a.length);
  }

  applyTo(resource: Resource): Resource {
    if (this.#pairs.length === 0) return resource;
    return {
      ...resource,
      id: this.#inText(resource.id),
      inputs: this.#in(resource.inputs) as Properties,
      outputs: this.#in(resource.outputs) as Properties,
    };
  }

  #in(value: Value): Value {
    if (typeof value === "string") return this.#inText(value);
    if (Array.isArray(value)) return value.map((item: Value) => this.#in(item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.#inText(key), this.#in(item)]));
  }

  #inText(text: string): string {
    return this.#pairs.reduce((known, [made, kept]) => known.replaceAll(made, kept), text);
  }
}

/** Secrets and code are only known by a seal or a hash: they stay as the program has them. */
function keepIgnored(resource: Resource, before: ResourceState): Resource {
  const inputs = resource.options.ignoreChanges.reduce<Value>(
    (value, path) => keep(value, before.inputs, readPath(path)),
    resource.inputs,
  );
  return { ...resource, inputs: inputs as Properties };
}

function keep(wanted: Value | undefined, kept: Recorded | undefined, path: PathSteps): Value {
  const [step, ...rest] = path;
  if (step === undefined) return isOpaque(kept) || wanted instanceof Asset ? (wanted ?? null) : (kept ?? null);
  if (!isRecord(wanted)) return wanted ?? null;
  const before = typeof kept === "object" && kept !== null && !isOpaque(kept) ? (kept as RecordedProperties) : {};
  const names = step === "*" ? [...new Set([...Object.keys(wanted), ...Object.keys(before)])] : [step];
  const fields: Record<string, Value> = { ...wanted };
  for (const name of names) {
    const gone = rest.length === 0 && before[name] === undefined;
    if (gone) delete fields[name];
    else if (name in fields || rest.length === 0) fields[name] = keep(fields[name], before[name], rest);
  }
  return fields;
}
