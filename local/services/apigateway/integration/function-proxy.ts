/**
 * The AWS_PROXY integration: a Lambda function gets the whole request as one event and gives the whole answer. Shapes:
 * API Gateway developer guide, "Lambda proxy integrations". Header names reach the function in lower case.
 */
import { z } from "zod";
import type { Reply } from "../../../endpoint/http";
import { AwsError } from "../../service";
import type { Exchange } from "../exchange";
import { invocation } from "./function-integration";
import { internalError, type GatewayFailure } from "../gateway-failure";
import { isOwnHeader, isSendable } from "../mapping/header";
import type { Integration } from "./integration";
import { JSON_TYPE } from "../mapping/media-type";
import type { ServiceCall } from "./service-call";

const headerValue = z.union([z.string(), z.boolean(), z.number()]).transform(String);

/** No member is obligatory, no other is allowed. */
const answer = z.strictObject({
  statusCode: z.coerce.number().int().min(200).max(599).default(200),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

export class FunctionProxy implements Integration {
  constructor(
    private readonly call: ServiceCall,
    private readonly functionArn: string,
  ) {}

  async answer(exchange: Exchange): Promise<Reply | GatewayFailure> {
    const payload = JSON.stringify(eventOf(exchange));
    const outcome = await this.call.make(exchange, { FunctionName: this.functionArn, Payload: payload });
    // A caller is never told why a function could not be invoked.
    if (outcome instanceof AwsError)
      return internalError(outcome.status < 500 ? "API_CONFIGURATION_ERROR" : "INTEGRATION_FAILURE");
    const { FunctionError, Payload } = invocation.parse(outcome);
    return (FunctionError === undefined ? readAnswer(Payload) : undefined) ?? internalError("DEFAULT_5XX", 502);
  }
}

function readAnswer(payload: string): Reply | undefined {
  const read = answer.safeParse(parsed(payload));
  if (!read.success) return undefined;
  const { statusCode, headers, multiValueHeaders, body } = read.data;
  const all: Record<string, string | readonly string[]> = { "content-type": JSON_TYPE };
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, [value]] as const);
  for (const [name, values] of [...single, ...Object.entries(multiValueHeaders ?? {})]) {
    if (isOwnHeader(name)) continue;
    if (!values.every((value) => isSendable(name, value))) return undefined;
    // Every header but one may be one line with commas.
    all[name.toLowerCase()] = name.toLowerCase() === "set-cookie" ? values : values.join(",");
  }
  return { status: statusCode, headers: all, body: body ?? "" };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

function eventOf(exchange: Exchange): unknown {
  const { request, place, destination, query } = exchange;
  const forwarded = { "x-forwarded-for": exchange.sourceIp, "x-forwarded-port": "443", "x-forwarded-proto": "https" };
  const sent = [...exchange.params.header].filter(([name]) => name !== "connection");
  const headers = { ...Object.fromEntries(sent), ...forwarded };
  return {
    resource: destination?.resourcePath,
    path: request.path.slice(place.stageName.length + 1),
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: orNull(new Map([...query].map(([name, values]) => [name, values.at(-1)]))),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(destination?.pathParameters),
    stageVariables: orNull(place.variables),
    requestContext: requestContextOf(exchange),
    body: request.body.length === 0 ? null : request.body.toString("utf8"),
    isBase64Encoded: false,
  };
}

function requestContextOf(exchange: Exchange): unknown {
  const { request, place, destination } = exchange;
  return {
    resourceId: destination?.resourceId,
    resourcePath: destination?.resourcePath,
    httpMethod: request.method,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: exchange.requestTime,
    path: request.path,
    accountId: place.facts.account,
    protocol: "HTTP/1.1",
    stage: place.stageName,
    domainPrefix: exchange.domainName.split(".")[0],
    requestTimeEpoch: exchange.startedAt,
    requestId: exchange.requestId,
    identity: {
      ...{ accountId: null, accessKey: null, caller: null, cognitoAuthenticationProvider: null },
      ...{ cognitoAuthenticationType: null, cognitoIdentityId: null, cognitoIdentityPoolId: null },
      ...{ principalOrgId: null, user: null, userArn: null },
      sourceIp: exchange.sourceIp,
      userAgent: exchange.userAgent ?? null,
    },
    domainName: exchange.domainName,
    deploymentId: place.deploymentId,
    apiId: place.apiId,
  };
}

/** An event has nothing instead of an empty map. */
function orNull(map: ReadonlyMap<string, unknown> | undefined): unknown {
  return map === undefined || map.size === 0 ? null : Object.fromEntries(map);
}
