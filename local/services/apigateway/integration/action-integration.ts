/**
 * The AWS integration: an action of another AWS service (`arn:aws:apigateway:<region>:kinesis:action/PutRecord`), called
 * with what the request template renders, as the role that the integration names.
 */
import type { Reply } from "../../../endpoint/http";
import { AwsError } from "../../service";
import type { Exchange } from "../exchange";
import { GatewayFailure } from "../gateway-failure";
import { Message } from "../mapping/input-variable";
import type { Integration } from "./integration";
import type { IntegrationResponses } from "./integration-response";
import type { RequestMapping } from "./request-mapping";
import type { ServiceCall } from "./service-call";

const NOT_JSON = new AwsError("SerializationException", "the request's body is not JSON");
const HEADERS = { "content-type": "application/x-amz-json-1.1" };

export class ActionIntegration implements Integration {
  constructor(
    private readonly mapping: RequestMapping,
    private readonly responses: IntegrationResponses,
    private readonly call: ServiceCall,
  ) {}

  async answer(exchange: Exchange): Promise<Reply | GatewayFailure> {
    const body = this.mapping.render(exchange);
    if (body instanceof GatewayFailure) return body;
    const input = readObject(body);
    const outcome = input === undefined ? NOT_JSON : await this.call.make(exchange, input);
    if (!(outcome instanceof AwsError)) {
      return this.responses.respond(exchange, {
        status: 200,
        selector: "200",
        headers: HEADERS,
        message: Message.ofObject(outcome),
      });
    }
    const { code, message, status, members } = outcome;
    return this.responses.respond(exchange, {
      status,
      selector: String(status),
      headers: HEADERS,
      message: Message.ofObject({ __type: code, message, ...members }),
    });
  }
}

/** What JSON services take: an object; an empty body counts as one. */
function readObject(body: string): unknown {
  try {
    const input: unknown = JSON.parse(body.trim() || "{}");
    return typeof input === "object" && input !== null && !Array.isArray(input) ? input : undefined;
  } catch {
    return undefined;
  }
}
