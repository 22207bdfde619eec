/** The committed stages, for what the policies say of them. */
import { join } from "node:path";
import type { Graph, Resource as GraphResource } from "../../local/graph/graph";
import { Asset, unknown, type Value as GraphValue } from "../../local/graph/value";
import { Stack, type Resource } from "../../policies/core/resource";
import { isRecord, UNKNOWN, type Properties, type Value } from "../../policies/core/value";
import { platform } from "../../stacks/platform";
import { release } from "../../stacks/release";
import { readStage } from "../../stacks/stage";
import { readStageFiles, stageNames } from "../../stacks/stage-files";
import { FACTS, render } from "../stage";

const ROOT = join(__dirname, "../..");

export const STAGES = stageNames(ROOT);

const rendered = new Map<string, Promise<Graph>>();

export function stageGraph(name: string): Promise<Graph> {
  const graph = rendered.get(name) ?? renderStage(name);
  rendered.set(name, graph);
  return graph;
}

function renderStage(name: string): Promise<Graph> {
  const { values, secretKeys } = readStageFiles(ROOT, name);
  const program = (): object => {
    const stage = readStage(name, { values, secretKeys });
    return { ...(stage.release === undefined ? platform(stage) : release(stage, stage.release)) };
  };
  return render(program, {
    stack: name,
    config: { ...values },
    secretKeys: [...secretKeys],
  });
}

/** A graph as rules see it in the end: with outputs. */
export function stackOfGraph(graph: Graph): Stack {
  return new Stack(graph.resources.map((resource) => resourceOf(graph, resource)));
}

function resourceOf(graph: Graph, resource: GraphResource): Resource {
  const { urn, type, name, options, outputs, id, kind, parent, wiring } = resource;
  const provider = options.provider?.replace(/::[^:]*$/, "");
  return {
    urn,
    type,
    name,
    parent,
    wiring,
    protect: options.protect,
    properties: fromGraph(kind === "custom" ? { ...outputs, id } : outputs),
    provider: provider === undefined ? undefined : fromGraph(graph.get(provider).inputs),
  };
}

function fromGraph(properties: Readonly<Record<string, GraphValue>>): Properties {
  const convert = (value: GraphValue): Value => {
    if (value === unknown) return UNKNOWN;
    if (value instanceof Asset) return "(asset)";
    if (Array.isArray(value)) return (value as readonly GraphValue[]).map(convert);
    if (typeof value === "object" && value !== null) return fromGraph(value as Record<string, GraphValue>);
    return value;
  };
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, convert(value)]));
}

/**
 * The stack as the first preview of a new stage shows it: whatever AWS will name or number is not known yet, nor is any
 * text made of it.
 */
export function beforeFirstDeployment(graph: Graph): Stack {
  const coming = new Set(graph.resources.flatMap(computedTexts));
  const hide = (value: Value): Value => {
    if (typeof value === "string") return [...coming].some((text) => value.includes(text)) ? UNKNOWN : value;
    if (Array.isArray(value)) return (value as readonly Value[]).map(hide);
    return isRecord(value) ? hideAll(value) : value;
  };
  const hideAll = (properties: Properties): Properties =>
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, hide(value)]));
  return new Stack(
    stackOfGraph(graph).resources.map((resource) => ({ ...resource, properties: hideAll(resource.properties) })),
  );
}

/** Texts among a resource's outputs that its program did not give. */
function computedTexts({ id, inputs, outputs, kind }: GraphResource): string[] {
  if (kind === "component") return [];
  const given = JSON.stringify(inputs, (_, value: unknown) => (typeof value === "symbol" ? null : value));
  const leaves = (value: GraphValue): string[] => {
    if (typeof value === "string") return [value];
    if (Array.isArray(value)) return (value as readonly GraphValue[]).flatMap(leaves);
    return typeof value === "object" && value !== null && !(value instanceof Asset)
      ? Object.values(value as Record<string, GraphValue>).flatMap(leaves)
      : [];
  };
  // The account and the region are known before anything is made.
  const known: readonly string[] = [FACTS.account, FACTS.region];
  return [id, ...leaves(outputs)].filter(
    (text) => /\d/.test(text) && text.length > 6 && !known.includes(text) && !given.includes(JSON.stringify(text)),
  );
}
