/** REST APIs as the graph declares them: their resources gathered, and made into stages that serve. */
import { StageError } from "../../../diagnostics";
import { describeResource, optionalText, textOf, type Graph, type Resource } from "../../../graph/graph";
import { isRecord } from "../../../graph/value";
import type { ServiceContext } from "../../context";
import { ApiStage } from "../api-stage";
import { GatewayResponses } from "../gateway-response";
import { openAccessLog } from "./account";
import { reading, recordOf, refuseUnread, textsOf } from "./declaration";
import { DeclaredRoutes } from "./declared-routes";

const TYPES = {
  resources: "aws:apigateway/resource:Resource",
  methods: "aws:apigateway/method:Method",
  validators: "aws:apigateway/requestValidator:RequestValidator",
  models: "aws:apigateway/model:Model",
  integrations: "aws:apigateway/integration:Integration",
  methodResponses: "aws:apigateway/methodResponse:MethodResponse",
  integrationResponses: "aws:apigateway/integrationResponse:IntegrationResponse",
  gatewayResponses: "aws:apigateway/response:Response",
  deployments: "aws:apigateway/deployment:Deployment",
  stages: "aws:apigateway/stage:Stage",
  methodSettings: "aws:apigateway/methodSettings:MethodSettings",
} as const;

/** What an API is made of. */
export type Parts = Readonly<Record<keyof typeof TYPES, readonly Resource[]>>;

/** @throws StageError naming the resource that the local stage does not understand */
export function openApis(context: ServiceContext): ApiStage[] {
  const { graph } = context;
  const apis = graph.ofType("aws:apigateway/restApi:RestApi");
  for (const type of Object.values(TYPES)) {
    const stray = graph.ofType(type).find((part) => !apis.some(({ id }) => id === apiOf(part)));
    if (stray !== undefined) throw new StageError(`${describeResource(stray)}: its API is not in the graph`);
  }
  return apis.flatMap((api) => openApi(api, partsOf(graph, api), context));
}

function partsOf(graph: Graph, api: Resource): Parts {
  const of = (type: string): readonly Resource[] => graph.ofType(type).filter((part) => apiOf(part) === api.id);
  return Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [name, of(type)])) as unknown as Parts;
}

function apiOf({ inputs }: Resource): string | undefined {
  return optionalText(inputs, "restApi") ?? optionalText(inputs, "restApiId");
}

function openApi(api: Resource, parts: Parts, context: ServiceContext): ApiStage[] {
  refuseUnread(api, "endpointConfiguration", "apiKeySource");
  if (recordOf(api.inputs, "endpointConfiguration")["types"] === "PRIVATE") {
    throw new StageError(`${describeResource(api)}: the local stage models no private APIs`);
  }
  parts.resources.forEach((each) => refuseUnread(each, "restApi", "parentId", "pathPart"));
  parts.models.forEach((each) => refuseUnread(each, "restApi", "contentType", "schema"));
  parts.deployments.forEach((each) => refuseUnread(each, "restApi", "triggers"));
  const gatewayResponses = new GatewayResponses(parts.gatewayResponses);
  return parts.stages.map((stage) => openStage(stage, api, parts, gatewayResponses, context));
}

function openStage(
  stage: Resource,
  api: Resource,
  parts: Parts,
  gatewayResponses: GatewayResponses,
  context: ServiceContext,
): ApiStage {
  const read = ["restApi", "deployment", "stageName", "accessLogSettings", "variables"];
  refuseUnread(stage, ...read, "documentationVersion", "cacheClusterSize");
  const { place, accessLog } = reading(stage, () => {
    const deploymentId = textOf(stage.inputs, "deployment");
    if (!parts.deployments.some(({ id }) => id === deploymentId)) {
      throw new StageError(`its deployment ${deploymentId} is not of this API`);
    }
    const log = stage.inputs["accessLogSettings"];
    return {
      place: {
        facts: context.facts,
        apiId: api.id,
        stageName: textOf(stage.inputs, "stageName"),
        deploymentId,
        variables: textsOf(stage.inputs, "variables"),
      },
      accessLog: isRecord(log) ? openAccessLog(log, context) : undefined,
    };
  });
  const routes = new DeclaredRoutes(api, place.stageName, parts, context).open();
  return new ApiStage(context, place, textOf(api.outputs, "name"), routes, gatewayResponses, accessLog);
}
