/** API Gateway's resources as a program sees them. */
import { StageError } from "../../diagnostics";
import { textOf } from "../../graph/graph";
import type { Properties } from "../../graph/value";
import {
  type AccountFacts,
  type Declaration,
  fingerprint,
  forcesNew,
  physicalName,
  type ResourceModel,
  type ServiceModels,
} from "../model";

/** Length of the ids that API Gateway gives to APIs and resources, and to the smaller things in them. */
const ID_LENGTH = 10;
const SHORT_ID_LENGTH = 6;

export const apigatewayModels: ServiceModels = {
  resources: {
    "aws:apigateway/restApi:RestApi": (declaration, facts) => {
      const id = fingerprint(declaration.urn, ID_LENGTH);
      return {
        id,
        outputs: {
          name: physicalName(declaration, { longest: 128 }),
          rootResourceId: rootOf(id),
          arn: controlArn(facts, `restapis/${id}`),
          executionArn: executionArn(facts, id),
        },
      };
    },
    // A path needs the parents' parts, which a resource does not carry: only that of the root's children is known.
    "aws:apigateway/resource:Resource": ({ urn, inputs }) => {
      const isChildOfRoot = inputs["parentId"] === rootOf(textOf(inputs, "restApi"));
      return {
        id: fingerprint(urn, ID_LENGTH),
        outputs: isChildOfRoot ? { path: `/${textOf(inputs, "pathPart")}` } : {},
      };
    },
    "aws:apigateway/method:Method": named("agm", "restApi", "resourceId", "httpMethod"),
    "aws:apigateway/methodResponse:MethodResponse": named("agmr", "restApi", "resourceId", "httpMethod", "statusCode"),
    "aws:apigateway/integration:Integration": named("agi", "restApi", "resourceId", "httpMethod"),
    "aws:apigateway/integrationResponse:IntegrationResponse": named(
      "agir",
      "restApi",
      "resourceId",
      "httpMethod",
      "statusCode",
    ),
    "aws:apigateway/response:Response": named("aggr", "restApiId", "responseType"),
    "aws:apigateway/requestValidator:RequestValidator": (declaration) => ({
      id: fingerprint(declaration.urn, SHORT_ID_LENGTH),
      outputs: { name: physicalName(declaration, { longest: 128 }) },
    }),
    "aws:apigateway/model:Model": (declaration) => ({
      id: fingerprint(declaration.urn, SHORT_ID_LENGTH),
      outputs: { name: modelName(declaration) },
    }),
    "aws:apigateway/deployment:Deployment": ({ urn }) => ({ id: fingerprint(urn, SHORT_ID_LENGTH), outputs: {} }),
    "aws:apigateway/stage:Stage": ({ inputs }, facts) => {
      const api = textOf(inputs, "restApi");
      const stage = textOf(inputs, "stageName");
      if (!/^[A-Za-z0-9_-]{1,128}$/.test(stage))
        throw new StageError(`stageName must be 1..128 letters, digits, - or _, got ${stage}`);
      return {
        id: `ags-${api}-${stage}`,
        outputs: {
          arn: controlArn(facts, `restapis/${api}/stages/${stage}`),
          executionArn: executionArn(facts, `${api}/${stage}`),
          invokeUrl: `https://${api}.execute-api.${facts.region}.${domainOf(facts)}/${stage}`,
        },
      };
    },
    "aws:apigateway/methodSettings:MethodSettings": ({ inputs }) => ({
      id: ["restApi", "stageName", "methodPath"].map((name) => textOf(inputs, name)).join("-"),
      outputs: {},
    }),
    "aws:apigateway/account:Account": () => ({ id: "api-gateway-account", outputs: {} }),
  },
  replacedBy: {
    "aws:apigateway/restApi:RestApi": forcesNew("apigateway/rest_api.go"),
    "aws:apigateway/resource:Resource": forcesNew("apigateway/resource.go", "restApi"),
    "aws:apigateway/method:Method": forcesNew("apigateway/method.go", "restApi", "resourceId", "httpMethod"),
    "aws:apigateway/methodResponse:MethodResponse": forcesNew(
      "apigateway/method_response.go",
      "restApi",
      "resourceId",
      "httpMethod",
      "statusCode",
    ),
    "aws:apigateway/integration:Integration": forcesNew(
      "apigateway/integration.go",
      "restApi",
      "resourceId",
      "httpMethod",
      "type",
      "credentials",
      "integrationHttpMethod",
      "passthroughBehavior",
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": forcesNew(
      "apigateway/integration_response.go",
      "restApi",
      "resourceId",
      "httpMethod",
      "statusCode",
    ),
    "aws:apigateway/response:Response": forcesNew("apigateway/gateway_response.go", "restApiId", "responseType"),
    "aws:apigateway/requestValidator:RequestValidator": forcesNew("apigateway/request_validator.go", "restApi"),
    "aws:apigateway/model:Model": forcesNew("apigateway/model.go", "restApi", "name", "contentType"),
    "aws:apigateway/deployment:Deployment": forcesNew("apigateway/deployment.go", "restApi", "triggers", "variables"),
    "aws:apigateway/stage:Stage": forcesNew("apigateway/stage.go", "restApi", "stageName"),
    "aws:apigateway/methodSettings:MethodSettings": forcesNew(
      "apigateway/method_settings.go",
      "restApi",
      "stageName",
      "methodPath",
    ),
    "aws:apigateway/account:Account": forcesNew("apigateway/account.go"),
  },
};

/** The id of an API's root resource. */
function rootOf(apiId: string): string {
  return fingerprint(`root of ${apiId}`, ID_LENGTH);
}

/** A thing without an id of its own: the provider makes one of what it belongs to. */
function named(prefix: string, ...properties: readonly string[]): ResourceModel {
  return ({ inputs }) => ({ id: idOf(prefix, inputs, properties), outputs: {} });
}

function idOf(prefix: string, inputs: Properties, properties: readonly string[]): string {
  return [prefix, ...properties.map((name) => textOf(inputs, name))].join("-");
}

/** A model's name takes letters and digits only. */
function modelName(declaration: Declaration): string {
  return physicalName(declaration, { longest: 128 }).replace(/[^A-Za-z0-9]/g, "");
}

function controlArn({ partition, region }: AccountFacts, path: string): string {
  return `arn:${partition}:apigateway:${region}::/${path}`;
}

function executionArn({ partition, region, account }: AccountFacts, path: string): string {
  return `arn:${partition}:execute-api:${region}:${account}:${path}`;
}

function domainOf({ partition }: AccountFacts): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
