/** The answers that API Gateway gives by itself, as the API dresses them. */
import { StageError } from "../../diagnostics";
import type { Reply } from "../../endpoint/http";
import { optionalText, textOf, type Resource } from "../../graph/graph";
import { ContextFormat } from "./mapping/context-format";
import { reading, refuseUnread, textsOf } from "./declared/declaration";
import type { Exchange } from "./exchange";
import {
  GATEWAY_RESPONSES,
  isGatewayResponseType,
  type GatewayFailure,
  type GatewayResponseType,
} from "./gateway-failure";
import { checkHeader, staticValue } from "./mapping/header";
import { acceptedTemplate, JSON_TYPE } from "./mapping/media-type";

interface GatewayResponse {
  readonly status: number | undefined;
  readonly templates: ReadonlyMap<string, ContextFormat>;
  readonly headers: Readonly<Record<string, string>>;
}

const PLAIN: GatewayResponse = {
  status: undefined,
  templates: new Map([[JSON_TYPE, new ContextFormat(`{"message":$context.error.messageString}`, "")]]),
  headers: {},
};

export class GatewayResponses {
  readonly #declared: ReadonlyMap<GatewayResponseType, GatewayResponse>;

  /** @throws StageError naming the response that is not understood */
  constructor(resources: readonly Resource[]) {
    const declared = new Map<GatewayResponseType, GatewayResponse>();
    for (const resource of resources) {
      refuseUnread(resource, "restApiId", "responseType", "statusCode", "responseTemplates", "responseParameters");
      reading(resource, () => {
        const type = textOf(resource.inputs, "responseType");
        if (!isGatewayResponseType(type))
          throw new StageError(`${type} is no response type: ${Object.keys(GATEWAY_RESPONSES).join(", ")}`);
        if (declared.has(type)) throw new StageError(`the API has the response ${type} already`);
        declared.set(type, readResponse(resource));
      });
    }
    this.#declared = declared;
  }

  reply(exchange: Exchange, failure: GatewayFailure): Reply {
    const { status, templates, headers } = this.#responseTo(failure);
    const [type, template] = acceptedTemplate(templates, exchange.request.headers["accept"]) ?? [JSON_TYPE, undefined];
    return {
      status: status ?? failure.status,
      headers: { "content-type": type, "x-amzn-ErrorType": GATEWAY_RESPONSES[failure.type].error, ...headers },
      body: template?.render(exchange) ?? "",
    };
  }

  /** The response for the failure's own type, else the API's default of the status class, else API Gateway's. */
  #responseTo({ type, status }: GatewayFailure): GatewayResponse {
    return this.#declared.get(type) ?? this.#declared.get(status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX") ?? PLAIN;
  }
}

function readResponse({ inputs }: Resource): GatewayResponse {
  const templates = textsOf(inputs, "responseTemplates");
  const status = optionalText(inputs, "statusCode");
  if (status !== undefined && !/^[2-5]\d\d$/.test(status))
    throw new StageError(`statusCode must be 200..599, got ${status}`);
  return {
    status: status === undefined ? undefined : Number(status),
    templates:
      templates.size === 0
        ? PLAIN.templates
        : new Map([...templates].map(([type, text]) => [type, new ContextFormat(text, "")])),
    headers: Object.fromEntries([...textsOf(inputs, "responseParameters")].map(readHeader)),
  };
}

function readHeader([key, expression]: readonly [string, string]): readonly [string, string] {
  const name = /^gatewayresponse\.header\.(.+)$/.exec(key)?.[1];
  const value = staticValue(expression);
  if (name === undefined || value === undefined) {
    throw new StageError(
      `responseParameters ${key} = ${expression}: the local stage models gatewayresponse.header.<name> = '<static value>'`,
    );
  }
  checkHeader(name, value);
  return [name, value];
}
