/** The AWS integration with a Lambda function: templates on both sides, errors selected by their message. */
import { z } from "zod";
import type { Reply } from "../../../endpoint/http";
import { AwsError } from "../../service";
import type { Exchange } from "../exchange";
import { GatewayFailure, internalError } from "../gateway-failure";
import { Message } from "../mapping/input-variable";
import type { Integration } from "./integration";
import type { IntegrationResponses } from "./integration-response";
import type { RequestMapping } from "./request-mapping";
import type { ServiceCall } from "./service-call";

/** What Lambda answers to an invocation. */
export const invocation = z.object({ FunctionError: z.string().optional(), Payload: z.string().default("") });

const failed = z.object({ errorMessage: z.string() });
const HEADERS = { "content-type": "application/json" };

export class FunctionIntegration implements Integration {
  constructor(
    private readonly mapping: RequestMapping,
    private readonly responses: IntegrationResponses,
    private readonly call: ServiceCall,
    private readonly functionArn: string,
  ) {}

  async answer(exchange: Exchange): Promise<Reply | GatewayFailure> {
    const body = this.mapping.render(exchange);
    if (body instanceof GatewayFailure) return body;
    const outcome = await this.call.make(exchange, { FunctionName: this.functionArn, Payload: body.trim() || "{}" });
    // A caller is never told why a function could not be invoked.
    if (outcome instanceof AwsError) return internalError();
    const { FunctionError, Payload } = invocation.parse(outcome);
    const message = Message.ofText(Payload);
    const selector = FunctionError === undefined ? "200" : errorMessage(Payload);
    return this.responses.respond(exchange, { status: 200, selector, headers: HEADERS, message });
  }
}

function errorMessage(payload: string): string {
  try {
    return failed.safeParse(JSON.parse(payload)).data?.errorMessage ?? "";
  } catch {
    return "";
  }
}
