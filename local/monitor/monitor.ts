/**
 * A resource monitor that provisions nothing: it takes what a program registers, answers with what the models say AWS
 * would have computed, and keeps the graph. It serves the SDK over gRPC or in process alike; the methods carry the names
 * of the protocol (pulumirpc.ResourceMonitor).
 *
 * It always works as a preview, so that an output no model knows stays unknown; a resource that depends on one is a
 * problem with a place. A problem never becomes an RPC error (the SDK would wait for ever): it is collected.
 */
import type * as grpc from "@grpc/grpc-js";
import * as resourceProtocol from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Problem, SourcePosition } from "../diagnostics";
import { describeResource, Graph, type Resource, type ResourceKind } from "../graph/graph";
import { findPaths, unknown } from "../graph/value";
import type { AccountFacts, FunctionModel, Modelled, ResourceModel } from "../services/model";
import { readOptions, readSource, readWiring } from "./request";
import { receive, secretOf, type WireProperties } from "./wire";

/** Everything the stage knows about resource types and data sources. */
export interface Models {
  readonly resources: Readonly<Record<string, ResourceModel>>;
  readonly functions: Readonly<Record<string, FunctionModel>>;
}

export interface MonitorSettings {
  readonly project: string;
  readonly stack: string;
  /** Folder that source positions are made relative to. */
  readonly root: string;
  readonly facts: AccountFacts;
  readonly models: Models;
}

/** Serves one evaluation of one program. */
export class ResourceMonitor {
  readonly graph: Graph;
  readonly problems: Problem[] = [];
  /** Resources whose outputs are not to be trusted: what depends on them is not reported again. */
  readonly #broken = new Set<string>();

  constructor(readonly settings: MonitorSettings) {
    this.graph = new Graph(settings.project, settings.stack);
  }

  /** The methods as gRPC wants them, and as the SDK calls them in process. */
  get methods(): grpc.UntypedServiceImplementation {
    const features = resourceProtocol.ResourceMonitorFeature;
    return {
      getDeploymentInfo: answer<Empty, resourceProtocol.DeploymentInfo>(() =>
        new resourceProtocol.DeploymentInfo()
          .setProject(this.settings.project)
          .setStack(this.settings.stack)
          .setDryrun(true)
          // Without resource references: a resource given as a value arrives as its id, which is what providers make of it.
          .setSupportedfeaturesList([
            features.RESOURCE_MONITOR_FEATURE_SECRETS,
            features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
            features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
            features.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
            // Accepted, so that the request arrives and can be refused with its place.
            features.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
            features.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
          ]),
      ),
      registerResource: answer((request: resourceProtocol.RegisterResourceRequest) => this.#register(request)),
      registerResourceOutputs: answer((request: resourceProtocol.RegisterResourceOutputsRequest) =>
        this.#setOutputs(request),
      ),
      readResource: answer((request: resourceProtocol.ReadResourceRequest) => this.#refuseRead(request)),
      invoke: answer((request: resourceProtocol.ResourceInvokeRequest) => this.#invoke(request)),
      registerPackage: answer((request: resourceProtocol.RegisterPackageRequest) =>
        new resourceProtocol.RegisterPackageResponse().setRef(request.getName()),
      ),
      signalAndWaitForShutdown: answer(() => new Empty()),
    };
  }

  #register(request: resourceProtocol.RegisterResourceRequest): resourceProtocol.RegisterResourceResponse {
    const type = request.getType();
    const name = request.getName();
    const kind: ResourceKind = request.getCustom() ? "custom" : request.getRemote() ? "remote" : "component";
    const parent = request.getParent() === "" ? undefined : request.getParent();
    const source = readSource(request, kind === "component", this.settings.root);
    const urn = this.#urnOf(type, name, parent);
    const where = describeResource({ type, name, source: undefined });

    if (this.graph.has(urn)) {
      this.#report(
        urn,
        source,
        `${where} is declared twice: two resources of one type under one parent need different names`,
      );
    }
    if (request.getTransformsList().length > 0) {
      this.#report(
        urn,
        source,
        `${where} uses transforms, which need a real engine: put the change into the component`,
      );
    }

    const wire = readStruct(request.getObject());
    const { properties: inputs, secrets } = receive(wire);
    const wiring = readWiring(request);
    this.#checkKnown(urn, source, where, inputs, wiring);

    const modelled = this.#model({ urn, type, name, inputs, kind, source });
    const echoed = kind === "component" ? {} : wire;
    const outputs: WireProperties = { ...echoed, ...modelled.outputs };
    for (const secret of modelled.secretOutputs ?? []) {
      if (outputs[secret] !== undefined) outputs[secret] = secretOf(outputs[secret]);
    }
    const answered = receive(outputs);
    this.graph.set({
      urn,
      type,
      name,
      kind,
      parent,
      id: modelled.id,
      inputs,
      outputs: answered.properties,
      secrets,
      secretOutputs: answered.secrets,
      options: readOptions(request),
      wiring,
      source,
    });
    return new resourceProtocol.RegisterResourceResponse()
      .setUrn(urn)
      .setId(modelled.id)
      .setObject(Struct.fromJavaScript(outputs));
  }

  #model(declared: Pick<Resource, "urn" | "type" | "name" | "inputs" | "kind" | "source">): Modelled {
    if (declared.kind === "component") return { id: "", outputs: {} };
    const model = this.settings.models.resources[declared.type];
    if (model === undefined) {
      this.#report(
        declared.urn,
        declared.source,
        `the local stage does not model ${declared.type} (${declared.name}): add its id and outputs to local/services/<service>/model.ts`,
      );
      return { id: declared.name, outputs: {} };
    }
    if (this.#broken.has(declared.urn)) return { id: declared.name, outputs: {} };
    try {
      return model(declared, this.settings.facts);
    } catch (error) {
      this.#report(
        declared.urn,
        declared.source,
        `${describeResource({ ...declared, source: undefined })}: ${messageOf(error)}`,
      );
      return { id: declared.name, outputs: {} };
    }
  }

  /** An input that depends on an output no model knows is the program's way out of the stage: say where. */
  #checkKnown(
    urn: string,
    source: SourcePosition | undefined,
    where: string,
    inputs: Resource["inputs"],
    wiring: Resource["wiring"],
  ): void {
    for (const path of findPaths(inputs, (leaf) => leaf === unknown)) {
      const property = path.split(/[.[]/)[0] ?? path;
      const sources = (wiring[property] ?? []).filter((from) => this.graph.has(from));
      this.#broken.add(urn);
      if (sources.some((from) => this.#broken.has(from))) continue;
      const from = sources.map((each) => describeResource(this.graph.get(each))).join(" or ");
      this.problems.push({
        source,
        message: `${where}: ${path} depends on an output of ${from || "a data source"} that the local stage does not model: add the output to its model in local/services`,
      });
    }
  }

  #setOutputs(request: resourceProtocol.RegisterResourceOutputsRequest): Empty {
    const resource = this.graph.get(request.getUrn());
    const { properties, secrets } = receive(readStruct(request.getOutputs()));
    this.graph.set({ ...resource, outputs: properties, secretOutputs: secrets });
    return new Empty();
  }

  #refuseRead(request: resourceProtocol.ReadResourceRequest): resourceProtocol.ReadResourceResponse {
    const urn = this.#urnOf(request.getType(), request.getName(), request.getParent() || undefined);
    this.#report(
      urn,
      undefined,
      `${request.getType()} ${request.getName()} is read from an account (.get), which a stage without an account cannot do: pass its values by configuration`,
    );
    return new resourceProtocol.ReadResourceResponse().setUrn(urn).setProperties(new Struct());
  }

  #invoke(request: resourceProtocol.ResourceInvokeRequest): resourceProtocol.ResourceInvokeResponse {
    const token = request.getTok();
    const model = this.settings.models.functions[token];
    if (model === undefined) {
      this.problems.push({
        message: `the local stage does not model the data source ${token}: add it to the functions in local/services/<service>/model.ts`,
      });
      return new resourceProtocol.ResourceInvokeResponse().setReturn(new Struct());
    }
    const result = model(receive(readStruct(request.getArgs())).properties, this.settings.facts);
    return new resourceProtocol.ResourceInvokeResponse().setReturn(Struct.fromJavaScript(result));
  }

  /** As the engine names: the chain of the parents' types, without the stack's own. */
  #urnOf(type: string, name: string, parent: string | undefined): string {
    const { project, stack } = this.settings;
    const parentType = parent?.split("::")[2];
    const chain = parentType === undefined || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
    return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
  }

  #report(urn: string, source: SourcePosition | undefined, message: string): void {
    this.#broken.add(urn);
    this.problems.push({ source, message });
  }
}

/** One handler for both callers: the gRPC server wraps the request, the SDK in process does not. */
function answer<Request, Response>(handle: (request: Request) => Response): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const request = (call as { request?: Request }).request ?? (call as unknown as Request);
    let response: Response;
    try {
      response = handle(request);
    } catch (error) {
      callback({ name: "InternalError", message: messageOf(error), code: 13 });
      return;
    }
    callback(null, response);
  };
}

function readStruct(struct: Struct | undefined): WireProperties {
  return struct?.toJavaScript() ?? {};
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
