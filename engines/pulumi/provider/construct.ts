/** A component that lives in a plugin (`awsx.ec2.Vpc`): one resource with a table of outputs, as the local stage has it. */
import * as grpc from "@grpc/grpc-js";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { receive } from "../../../local/monitor/wire";
import type { AccountFacts } from "../../../local/services/model";
import { models } from "../../../local/services/models";
import { readStruct } from "../rpc";

/** Registers the component with the engine that asked for it, and answers what it computes. */
export async function construct(
  request: protocol.ConstructRequest,
  facts: AccountFacts,
): Promise<protocol.ConstructResponse> {
  const [type, name] = [request.getType(), request.getName()];
  const model = models.resources[type];
  if (model === undefined) throw new Error(`no model of the component ${type}`);
  const monitor = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure());
  try {
    const urn = await register(monitor, request);
    const inputs = receive(readStruct(request.getInputs())).properties;
    const state = Struct.fromJavaScript(model({ urn, type, name, inputs }, facts).outputs);
    await new Promise<void>((resolve, reject) => {
      const outputs = new resource.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(state);
      monitor.registerResourceOutputs(outputs, (error) => (error === null ? resolve() : reject(error)));
    });
    return new protocol.ConstructResponse().setUrn(urn).setState(state);
  } finally {
    monitor.close();
  }
}

function register(monitor: ResourceMonitorClient, request: protocol.ConstructRequest): Promise<string> {
  const registration = new resource.RegisterResourceRequest()
    .setType(request.getType())
    .setName(request.getName())
    .setParent(request.getParent())
    .setObject(request.getInputs())
    .setAliasesList(request.getAliasesList())
    .setDependenciesList(request.getDependenciesList())
    .setProtect(request.getProtect() ?? false)
    .setRetainondelete(request.getRetainondelete() ?? false)
    .setAcceptsecrets(true)
    .setSupportspartialvalues(true);
  return new Promise((resolve, reject) => {
    monitor.registerResource(registration, (error, response) =>
      error === null ? resolve(response.getUrn()) : reject(error),
    );
  });
}
