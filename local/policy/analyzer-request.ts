/** A graph's resources as the engine presents them to an analyzer: inputs before, outputs after. */
import * as protocol from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Graph, Resource } from "../graph/graph";
import type { WireProperties } from "../monitor/wire";
import { send } from "./wire";

/** One resource with its inputs, which a remediation may have changed. */
export function analyzeRequest(graph: Graph, resource: Resource, inputs: WireProperties): protocol.AnalyzeRequest {
  const request = new protocol.AnalyzeRequest()
    .setType(resource.type)
    .setName(resource.name)
    .setUrn(resource.urn)
    .setProperties(Struct.fromJavaScript(inputs))
    .setOptions(optionsOf(resource));
  const provider = providerOf(graph, resource);
  return provider === undefined ? request : request.setProvider(provider);
}

/** The whole stack with its outputs; of a component, those that it registered. */
export function analyzeStackRequest(graph: Graph): protocol.AnalyzeStackRequest {
  return new protocol.AnalyzeStackRequest().setResourcesList(
    graph.resources.map((resource) => stackResource(graph, resource)),
  );
}

function stackResource(graph: Graph, resource: Resource): protocol.AnalyzerResource {
  const { type, name, urn, kind, id, outputs, secretOutputs, parent, options, wiring } = resource;
  const properties = kind === "custom" ? { ...outputs, id } : outputs;
  const written = new protocol.AnalyzerResource()
    .setType(type)
    .setName(name)
    .setUrn(urn)
    .setProperties(Struct.fromJavaScript(send(properties, secretOutputs)))
    .setOptions(optionsOf(resource))
    .setParent(parent ?? "")
    .setDependenciesList([...options.dependsOn]);
  const provider = providerOf(graph, resource);
  if (provider !== undefined) written.setProvider(provider);
  const dependencies = written.getPropertydependenciesMap();
  for (const [property, urns] of Object.entries(wiring)) {
    dependencies.set(property, new protocol.AnalyzerPropertyDependencies().setUrnsList([...urns]));
  }
  return written;
}

function optionsOf({ options, parent }: Resource): protocol.AnalyzerResourceOptions {
  return new protocol.AnalyzerResourceOptions()
    .setProtect(options.protect)
    .setIgnorechangesList([...options.ignoreChanges])
    .setDeletebeforereplace(options.deleteBeforeReplace)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace)
    .setAliasesList([...options.aliases])
    .setParent(parent ?? "");
}

/** `urn::id` names a provider of the graph. */
function providerOf(graph: Graph, { options }: Resource): protocol.AnalyzerProviderResource | undefined {
  const urn = options.provider?.replace(/::[^:]*$/, "");
  if (urn === undefined || !graph.has(urn)) return undefined;
  const { type, name, inputs, secrets } = graph.get(urn);
  return new protocol.AnalyzerProviderResource()
    .setType(type)
    .setName(name)
    .setUrn(urn)
    .setProperties(Struct.fromJavaScript(send(inputs, secrets)));
}
