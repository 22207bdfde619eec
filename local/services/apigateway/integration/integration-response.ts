/**
 * The response side of an integration: which of the method's responses an answer becomes, and how. Source: API Gateway
 * developer guide, "Set up an integration response".
 */
import { StageError } from "../../../diagnostics";
import type { Reply } from "../../../endpoint/http";
import { describeResource, optionalText, textOf, type Resource } from "../../../graph/graph";
import { reading, refuseUnread, recordOf, textsOf } from "../declared/declaration";
import type { Exchange } from "../exchange";
import { internalError, type GatewayFailure } from "../gateway-failure";
import { checkHeader, isOwnHeader, isSendable, staticValue } from "../mapping/header";
import type { IntegrationResult } from "./integration";
import { mappingTemplates, type MappingTemplate } from "../mapping/mapping-template";
import { acceptedTemplate, JSON_TYPE } from "../mapping/media-type";
import { JavaPattern } from "../velocity/java-pattern";
import { jsonPath } from "../velocity/json-path";
import { print, type Value } from "../velocity/value";

type HeaderSource = (result: IntegrationResult) => string | undefined;

interface IntegrationResponse {
  readonly status: number;
  /** Nothing for the default. */
  readonly pattern: JavaPattern | undefined;
  readonly templates: ReadonlyMap<string, MappingTemplate>;
  /** Headers that are the same in every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly mappedHeaders: readonly (readonly [name: string, source: HeaderSource])[];
}

const PASSED_THROUGH = [JSON_TYPE, undefined] as const;

export class IntegrationResponses {
  readonly #patterned: readonly IntegrationResponse[];
  readonly #default: IntegrationResponse | undefined;

  /**
   * @param resources the method's integration responses, @param declared its method responses
   * @throws StageError naming the response that is not understood
   */
  constructor(resources: readonly Resource[], declared: readonly Resource[]) {
    declared.forEach((each) =>
      refuseUnread(each, "restApi", "resourceId", "httpMethod", "statusCode", "responseParameters", "responseModels"),
    );
    const responses = resources.map((resource) => reading(resource, () => readResponse(resource, declared)));
    const defaults = responses.filter(({ pattern }) => pattern === undefined);
    const [, second] = resources.filter(({ inputs }) => (optionalText(inputs, "selectionPattern") ?? "") === "");
    if (second !== undefined) {
      const what = describeResource(second);
      throw new StageError(`${what}: the method has a default response already; give it a selectionPattern`);
    }
    this.#default = defaults[0];
    this.#patterned = responses.filter(({ pattern }) => pattern !== undefined);
  }

  /** @throws TemplateError */
  respond(exchange: Exchange, result: IntegrationResult): Reply | GatewayFailure {
    const response = this.#patterned.find(({ pattern }) => pattern?.matches(result.selector) === true) ?? this.#default;
    if (response === undefined) return internalError();
    const { accept } = exchange.request.headers;
    const [type, template] = acceptedTemplate(response.templates, accept) ?? PASSED_THROUGH;
    const body = template === undefined ? result.message.text : template.render(exchange, result.message);
    const headers: Record<string, string> = { "content-type": type, ...response.headers };
    for (const [name, source] of response.mappedHeaders) {
      const value = source(result);
      if (value !== undefined && !put(headers, name, value)) return internalError();
    }
    if (template === undefined) return { status: response.status, headers, body };
    for (const [name, value] of overriddenHeaders(exchange)) {
      if (!put(headers, name, print(value))) return internalError();
    }
    return { status: overriddenStatus(exchange) ?? response.status, headers, body };
  }
}

/** A name replaces the same name in any case. */
function put(headers: Record<string, string>, name: string, value: string): boolean {
  if (isOwnHeader(name) || !isSendable(name, value)) return false;
  const known = Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
  headers[known ?? name] = value;
  return true;
}

/** Anything but a whole number that is an answer's status is passed over. */
function overriddenStatus({ responseOverride }: Exchange): number | undefined {
  const status = responseOverride.get("status");
  return typeof status === "number" && Number.isInteger(status) && status >= 200 && status < 600 ? status : undefined;
}

function overriddenHeaders({ responseOverride }: Exchange): Iterable<[string, Value]> {
  const headers = responseOverride.get("header");
  return headers instanceof Map ? headers : [];
}

function readResponse(resource: Resource, declared: readonly Resource[]): IntegrationResponse {
  const { inputs } = resource;
  refuseUnread(
    resource,
    "restApi",
    "resourceId",
    "httpMethod",
    "statusCode",
    "selectionPattern",
    "responseTemplates",
    "responseParameters",
  );
  const statusCode = textOf(inputs, "statusCode");
  const methodResponse = declared.find((each) => each.inputs["statusCode"] === statusCode);
  if (methodResponse === undefined)
    throw new StageError(`the method declares no response ${statusCode}: add a MethodResponse`);
  if (!/^[2-5]\d\d$/.test(statusCode)) throw new StageError(`statusCode must be 200..599, got ${statusCode}`);
  const pattern = optionalText(inputs, "selectionPattern") ?? "";
  const headers: Record<string, string> = {};
  const mappedHeaders: (readonly [string, HeaderSource])[] = [];
  for (const [key, expression] of textsOf(inputs, "responseParameters")) {
    if (!(key in recordOf(methodResponse.inputs, "responseParameters"))) {
      throw new StageError(`the method's response ${statusCode} does not declare ${key}`);
    }
    const name = headerName(key);
    const value = staticValue(expression);
    checkHeader(name, value ?? "");
    if (value === undefined) mappedHeaders.push([name, headerSource(expression)]);
    else headers[name] = value;
  }
  return {
    status: Number(statusCode),
    pattern: pattern === "" ? undefined : JavaPattern.of(pattern),
    templates: mappingTemplates(textsOf(inputs, "responseTemplates"), "response"),
    headers,
    mappedHeaders,
  };
}

function headerName(key: string): string {
  const name = /^method\.response\.header\.(.+)$/.exec(key)?.[1];
  if (name === undefined)
    throw new StageError(`responseParameters must name method.response.header.<name>, got ${key}`);
  return name;
}

function headerSource(expression: string): HeaderSource {
  const header = /^integration\.response\.header\.(.+)$/.exec(expression)?.[1]?.toLowerCase();
  if (header !== undefined) return ({ headers }) => headers[header];
  const path = /^integration\.response\.body((?:[.[].*)?)$/.exec(expression)?.[1];
  if (path === undefined) {
    throw new StageError(
      `${expression} is not modelled: use '<static value>', integration.response.header.<name> or integration.response.body.<path>`,
    );
  }
  const find = jsonPath(`$${path}`);
  return ({ message }) => {
    const value = path === "" ? message.text : find(message.json);
    return value === null ? undefined : print(value);
  };
}
