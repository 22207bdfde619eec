/** The MOCK integration: its request template names the status it answers with. */
import type { Reply } from "../../../endpoint/http";
import type { Exchange } from "../exchange";
import { GatewayFailure, internalError } from "../gateway-failure";
import { Message } from "../mapping/input-variable";
import type { Integration } from "./integration";
import type { IntegrationResponses } from "./integration-response";
import type { RequestMapping } from "./request-mapping";

const NOTHING = Message.ofText("");

export class MockIntegration implements Integration {
  constructor(
    private readonly mapping: RequestMapping,
    private readonly responses: IntegrationResponses,
  ) {}

  answer(exchange: Exchange): Reply | GatewayFailure {
    const body = this.mapping.render(exchange);
    if (body instanceof GatewayFailure) return body;
    const status = readStatus(body);
    if (status === undefined) return internalError();
    exchange.integration = { status, latency: 0 };
    return this.responses.respond(exchange, { status, selector: String(status), headers: {}, message: NOTHING });
  }
}

function readStatus(body: string): number | undefined {
  try {
    const { statusCode } = JSON.parse(body) as { statusCode?: unknown };
    return typeof statusCode === "number" && Number.isInteger(statusCode) ? statusCode : undefined;
  } catch {
    return undefined;
  }
}
