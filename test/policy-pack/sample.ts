/** A stack small enough to read in a test, as rules see it and as a graph that goes through the real pack server. */
import { Graph, type Resource as GraphResource } from "../../local/graph/graph";
import { unknown, type Properties as GraphProperties, type Value as GraphValue } from "../../local/graph/value";
import { Stack, type Resource } from "../../policies/core/resource";
import { isRecord, UNKNOWN, type Properties, type Value } from "../../policies/core/value";

export interface Sample {
  readonly type: string;
  /** @default "it" */
  readonly name?: string;
  readonly properties: Properties;
  /** For each property the names of the samples it was made of. */
  readonly wiring?: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean;
  /** Name of the parent. */
  readonly parent?: string;
  readonly provider?: Properties;
}

const STACK = "test";
const PROJECT = "clickstream";
const STACK_URN = `urn:pulumi:${STACK}::${PROJECT}::pulumi:pulumi:Stack::${PROJECT}-${STACK}`;
const PROVIDER_URN = `urn:pulumi:${STACK}::${PROJECT}::pulumi:providers:aws::aws`;

export function nameOf({ name = "it" }: Sample): string {
  return name;
}

function urnOf(sample: Sample): string {
  return `urn:pulumi:${STACK}::${PROJECT}::${sample.type}::${nameOf(sample)}`;
}

export function stackOf(samples: readonly Sample[]): Stack {
  return new Stack(samples.map((sample) => resourceOf(sample, samples)));
}

function resourceOf(sample: Sample, samples: readonly Sample[]): Resource {
  const { type, properties, protect = false, provider, parent } = sample;
  return {
    urn: urnOf(sample),
    type,
    name: nameOf(sample),
    protect,
    properties,
    provider,
    parent: parent === undefined ? undefined : urnsOf([parent], samples)[0],
    wiring: wiringOf(sample, samples),
  };
}

function wiringOf({ wiring = {} }: Sample, samples: readonly Sample[]): Record<string, string[]> {
  return Object.fromEntries(Object.entries(wiring).map(([property, names]) => [property, urnsOf(names, samples)]));
}

function urnsOf(names: readonly string[], samples: readonly Sample[]): string[] {
  return names.map((name) => {
    const found = samples.find((sample) => nameOf(sample) === name);
    if (found === undefined) throw new Error(`no sample is named ${name}`);
    return urnOf(found);
  });
}

/** The same stack for the pack server. */
export function graphOf(samples: readonly Sample[]): Graph {
  const graph = new Graph(PROJECT, STACK);
  const base = { kind: "component", id: "", parent: undefined, inputs: {}, outputs: {}, ...PLAIN } as const;
  graph.set({ ...base, urn: STACK_URN, type: "pulumi:pulumi:Stack", name: `${PROJECT}-${STACK}` });
  const provider = samples.find((sample) => sample.provider !== undefined)?.provider;
  if (provider !== undefined) {
    const inputs = toGraph(provider);
    graph.set({
      ...base,
      kind: "custom",
      urn: PROVIDER_URN,
      type: "pulumi:providers:aws",
      name: "aws",
      id: "1",
      inputs,
    });
  }
  for (const sample of samples) {
    const { urn, type, name, protect, parent, wiring } = resourceOf(sample, samples);
    const properties = toGraph(sample.properties);
    graph.set({
      ...base,
      urn,
      type,
      name,
      kind: type.startsWith("clickstream:") ? "component" : "custom",
      id: typeof properties["id"] === "string" ? properties["id"] : "",
      parent: parent ?? STACK_URN,
      inputs: properties,
      outputs: properties,
      wiring,
      options: {
        ...PLAIN.options,
        protect,
        provider: sample.provider === undefined ? undefined : `${PROVIDER_URN}::1`,
      },
    });
  }
  return graph;
}

const PLAIN: Pick<GraphResource, "secrets" | "secretOutputs" | "wiring" | "source" | "options"> = {
  secrets: [],
  secretOutputs: [],
  wiring: {},
  source: undefined,
  options: {
    protect: false,
    retainOnDelete: false,
    deleteBeforeReplace: false,
    ignoreChanges: [],
    replaceOnChanges: [],
    dependsOn: [],
    aliases: [],
    provider: undefined,
    deletedWith: undefined,
    importId: undefined,
  },
};

function toGraph(properties: Properties): GraphProperties {
  const convert = (value: Value): GraphValue => {
    if (value === UNKNOWN) return unknown;
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== "object" || value === null) return value;
    return isRecord(value) ? toGraph(value) : null;
  };
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, convert(value)]));
}
