/**
 * A Pulumi provider over the local stage's models: the real engine plans and applies, the models say what AWS would have
 * computed. Its methods carry the names of the protocol (pulumirpc.ResourceProvider).
 */
import type * as grpc from "@grpc/grpc-js";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { receive, secretOf, type WireProperties } from "../../../local/monitor/wire";
import type { AccountFacts, Modelled, ResourceModel } from "../../../local/services/model";
import { models, replacementFacts } from "../../../local/services/models";
import { answer, readStruct } from "../rpc";
import type { Cloud } from "./cloud";
import { construct } from "./construct";
import { deletesBeforeReplace, differencesOf, type Difference } from "./difference";
import { autoName, DEFAULTS } from "./naming";

const KINDS = protocol.PropertyDiff.Kind;

export class ModelProvider {
  constructor(
    private readonly facts: AccountFacts,
    private readonly cloud: Cloud,
  ) {}

  get methods(): grpc.UntypedServiceImplementation {
    return {
      handshake: answer(() => new protocol.ProviderHandshakeResponse().setAcceptSecrets(true)),
      getPluginInfo: answer(() => new PluginInfo().setVersion("7.48.0")),
      checkConfig: answer((request: protocol.CheckRequest) =>
        new protocol.CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: answer((request: protocol.DiffRequest) =>
        this.#diff(request, `pulumi:providers:${request.getType().split(":").at(-1) ?? ""}`),
      ),
      configure: answer(() => new protocol.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
      check: answer((request: protocol.CheckRequest) => this.#check(request)),
      diff: answer((request: protocol.DiffRequest) => this.#diff(request, typeOf(request))),
      create: answer((request: protocol.CreateRequest) => this.#create(request)),
      update: answer((request: protocol.UpdateRequest) => this.#update(request)),
      delete: answer((request: protocol.DeleteRequest) => {
        this.cloud.remove(typeOf(request), request.getId());
        return new Empty();
      }),
      read: answer((request: protocol.ReadRequest) => this.#read(request)),
      invoke: answer((request: protocol.InvokeRequest) => this.#invoke(request)),
      construct: answer((request: protocol.ConstructRequest) => construct(request, this.facts)),
      attach: answer(() => new Empty()),
      cancel: answer(() => new Empty()),
    };
  }

  #check(request: protocol.CheckRequest): protocol.CheckResponse {
    const [type, news] = [typeOf(request), readStruct(request.getNews())];
    const olds = request.getOlds() === undefined ? undefined : readStruct(request.getOlds());
    const declaration = { urn: request.getUrn(), type, name: nameOf(request), inputs: receive(news).properties };
    const seed = request.getRandomseed_asU8();
    const named = autoName(declaration, modelOf(type), this.facts, { olds, seed });
    const inputs = named === undefined ? news : { ...news, [named.property]: named.name, [DEFAULTS]: [named.property] };
    return new protocol.CheckResponse().setInputs(Struct.fromJavaScript(inputs));
  }

  #diff(request: protocol.DiffRequest, type: string): protocol.DiffResponse {
    const fact = replacementFacts[type];
    if (fact === undefined) throw new Error(`nobody says which inputs of ${type} replace it: add it to replacedBy`);
    const [olds, news] = [readStruct(request.getOldInputs()), readStruct(request.getNews())];
    const differences = differencesOf(olds, news, fact);
    return renderDiff(differences, deletesBeforeReplace(olds, news));
  }

  #create(request: protocol.CreateRequest): protocol.CreateResponse {
    const [type, inputs] = [typeOf(request), readStruct(request.getProperties())];
    // What only AWS can say stays unknown until it has said it.
    if (request.getPreview()) return new protocol.CreateResponse().setProperties(Struct.fromJavaScript(inputs));
    const modelled = this.#model(type, request.getUrn(), nameOf(request), inputs);
    this.cloud.add(type, modelled.id, request.getUrn());
    return new protocol.CreateResponse().setId(modelled.id).setProperties(stateOf(inputs, modelled));
  }

  #update(request: protocol.UpdateRequest): protocol.UpdateResponse {
    const [type, inputs] = [typeOf(request), readStruct(request.getNews())];
    const olds = readStruct(request.getOlds());
    if (request.getPreview()) {
      return new protocol.UpdateResponse().setProperties(
        Struct.fromJavaScript({ ...computedOf(olds, request), ...inputs }),
      );
    }
    const urn = this.cloud.urnOf(type, request.getId()) ?? request.getUrn();
    const modelled = this.#model(type, urn, nameOf(request), inputs);
    return new protocol.UpdateResponse().setProperties(stateOf(inputs, modelled));
  }

  #read(request: protocol.ReadRequest): protocol.ReadResponse {
    if (this.cloud.urnOf(typeOf(request), request.getId()) === undefined) return new protocol.ReadResponse();
    return new protocol.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs());
  }

  #invoke(request: protocol.InvokeRequest): protocol.InvokeResponse {
    const model = models.functions[request.getTok()];
    if (model === undefined) throw new Error(`no model of the data source ${request.getTok()}`);
    const result = model(receive(readStruct(request.getArgs())).properties, this.facts);
    return new protocol.InvokeResponse().setReturn(Struct.fromJavaScript(result));
  }

  #model(type: string, urn: string, name: string, wire: WireProperties): Modelled {
    return modelOf(type)({ urn, type, name, inputs: receive(wire).properties }, this.facts);
  }
}

function modelOf(type: string): ResourceModel {
  const model = models.resources[type];
  if (model === undefined) throw new Error(`no model of the resource type ${type}`);
  return model;
}

/** What an older engine leaves out stands in the URN. */
function typeOf(request: { getUrn(): string }): string {
  return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(request: { getUrn(): string }): string {
  return request.getUrn().split("::").slice(3).join("::");
}

function stateOf(inputs: WireProperties, { outputs, secretOutputs = [] }: Modelled): Struct {
  const state: WireProperties = { ...inputs, ...outputs };
  for (const name of secretOutputs) if (state[name] !== undefined) state[name] = secretOf(state[name]);
  return Struct.fromJavaScript(state);
}

/** Outputs that AWS computed, and that an update in place leaves as they are. */
function computedOf(olds: WireProperties, request: protocol.UpdateRequest): WireProperties {
  const declared = readStruct(request.getOldInputs());
  return Object.fromEntries(Object.entries(olds).filter(([key]) => declared[key] === undefined));
}

function renderDiff(differences: readonly Difference[], deletesFirst: boolean): protocol.DiffResponse {
  const roots = (found: readonly Difference[]): string[] => [
    ...new Set(found.map(({ path }) => path.split(/[.[]/)[0] ?? path)),
  ];
  const replacing = differences.filter(({ replaces }) => replaces);
  const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
  const response = new protocol.DiffResponse()
    .setChanges(differences.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(roots(differences))
    .setReplacesList(roots(replacing))
    .setDeletebeforereplace(replacing.length > 0 && deletesFirst)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of differences) {
    const name = `${kind}${replaces ? "_replace" : ""}`.toUpperCase() as keyof typeof KINDS;
    response.getDetaileddiffMap().set(path, new protocol.PropertyDiff().setKind(KINDS[name]).setInputdiff(true));
  }
  return response;
}
