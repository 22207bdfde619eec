/** Makes a method's integration of what the graph says of it; the role that it works with is taken on here, once. */
import { StageError } from "../../../diagnostics";
import { optionalText, textOf, type Resource } from "../../../graph/graph";
import { service } from "../../../iam/principal";
import type { ServiceContext } from "../../context";
import { ActionIntegration } from "./action-integration";
import { reading, refuseUnread, textsOf } from "../declared/declaration";
import { FunctionIntegration } from "./function-integration";
import { FunctionProxy } from "./function-proxy";
import { staticValue } from "../mapping/header";
import type { Integration } from "./integration";
import { IntegrationResponses } from "./integration-response";
import { MockIntegration } from "./mock-integration";
import { RequestMapping } from "./request-mapping";
import { ServiceCall, type Caller } from "./service-call";

const API_GATEWAY = "apigateway.amazonaws.com";

/** Name of the sessions in which API Gateway uses an integration's role. */
const SESSION = "BackplaneAssumeRoleSession";

/** Services whose actions take their input as a JSON body, as a mapping template writes it. */
const JSON_SERVICES = ["dynamodb", "firehose", "kinesis", "states"];

/** An integration's resource, with the responses around it. */
export interface DeclaredIntegration {
  readonly integration: Resource;
  readonly integrationResponses: readonly Resource[];
  readonly methodResponses: readonly Resource[];
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`: whom services see calling. */
  readonly sourceArn: string;
}

/** @throws StageError naming the integration, its response or its role */
export function openIntegration(declared: DeclaredIntegration, context: ServiceContext): Integration {
  const { integration, integrationResponses, methodResponses } = declared;
  refuseUnread(
    integration,
    ...["restApi", "resourceId", "httpMethod", "type", "integrationHttpMethod", "uri", "credentials"],
    ...["passthroughBehavior", "requestParameters", "requestTemplates", "connectionType"],
  );
  const responses = new IntegrationResponses(integrationResponses, methodResponses);
  return reading(integration, () => {
    const { inputs } = integration;
    if ((optionalText(inputs, "connectionType") ?? "INTERNET") !== "INTERNET")
      throw new StageError("the local stage models no VPC links");
    const type = textOf(inputs, "type");
    switch (type) {
      case "MOCK":
        return new MockIntegration(new RequestMapping(integration), responses);
      case "AWS": {
        const target = readTarget(integration, context);
        const call = serviceCall(declared, target, context);
        const mapping = new RequestMapping(integration);
        if (target.kind === "action") return new ActionIntegration(mapping, responses, call);
        return new FunctionIntegration(mapping, responses, call, target.functionArn);
      }
      case "AWS_PROXY": {
        const target = readTarget(integration, context);
        if (target.kind === "action") throw new StageError("AWS_PROXY is for Lambda functions: use type AWS");
        return new FunctionProxy(serviceCall(declared, target, context), target.functionArn);
      }
      default:
        throw new StageError(`the local stage models the integrations AWS, AWS_PROXY and MOCK, got ${type}`);
    }
  });
}

type Target =
  | { readonly kind: "action"; readonly service: string; readonly action: string }
  | { readonly kind: "function"; readonly service: "lambda"; readonly action: "Invoke"; readonly functionArn: string };

function readTarget({ inputs }: Resource, { facts }: ServiceContext): Target {
  const method = optionalText(inputs, "integrationHttpMethod");
  if (method !== "POST") throw new StageError(`integrationHttpMethod must be POST, got ${method ?? "nothing"}`);
  checkRequestParameters(textsOf(inputs, "requestParameters"));
  const uri = textOf(inputs, "uri");
  const [, region, name = "", kind, rest = ""] =
    /^arn:[\w-]+:apigateway:([\w-]+):([\w.-]+):(action|path)\/(.+)$/.exec(uri) ?? [];
  if (region !== facts.region)
    throw new StageError(`uri must be arn:${facts.partition}:apigateway:${facts.region}:<service>:..., got ${uri}`);
  const functionArn = /^2015-03-31\/functions\/(.+)\/invocations$/.exec(rest)?.[1];
  if (name === "lambda" && kind === "path" && functionArn !== undefined) {
    return { kind: "function", service: "lambda", action: "Invoke", functionArn };
  }
  if (kind === "action" && JSON_SERVICES.includes(name)) return { kind: "action", service: name, action: rest };
  throw new StageError(
    `the local stage models actions of ${JSON_SERVICES.join(", ")} and invocations of lambda, got ${uri}`,
  );
}

/** A fixed media type for the service is all that a JSON body needs. */
function checkRequestParameters(parameters: ReadonlyMap<string, string>): void {
  for (const [key, expression] of parameters) {
    const isMediaType = key.toLowerCase() === "integration.request.header.content-type";
    if (isMediaType && /^application\/(?:json|x-amz-json-1\.[01])$/.test(staticValue(expression) ?? "")) continue;
    throw new StageError(
      `requestParameters ${key} = ${expression} is not modelled: write it into the request template`,
    );
  }
}

function serviceCall(
  { integration, sourceArn }: DeclaredIntegration,
  target: Target,
  context: ServiceContext,
): ServiceCall {
  const caller = callerOf(optionalText(integration.inputs, "credentials"), target, sourceArn, context);
  return new ServiceCall(caller, target.service, target.action, context.dispatch, context.clock);
}

/** A role's calls are the role's own; without one, API Gateway calls in its own name and says for which method. */
function callerOf(
  credentials: string | undefined,
  { kind }: Target,
  sourceArn: string,
  context: ServiceContext,
): Caller {
  const { facts, assume } = context;
  const source = { "aws:SourceArn": sourceArn, "aws:SourceAccount": facts.account };
  if (credentials !== undefined)
    return { principal: assume(credentials, API_GATEWAY, SESSION, source), context: undefined };
  if (kind === "function") return { principal: service(API_GATEWAY, facts.region), context: source };
  throw new StageError("an action of a service needs credentials: the ARN of a role that API Gateway may take on");
}
