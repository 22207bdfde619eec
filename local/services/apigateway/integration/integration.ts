/** What stands behind a method. */
import type { Reply } from "../../../endpoint/http";
import type { Exchange } from "../exchange";
import type { GatewayFailure } from "../gateway-failure";
import type { Message } from "../mapping/input-variable";

export interface Integration {
  /** Answers the exchange, or says why API Gateway must. @throws TemplateError */
  answer(exchange: Exchange): Reply | GatewayFailure | Promise<Reply | GatewayFailure>;
}

/** What an integration gives back, before the API's responses shape it. */
export interface IntegrationResult {
  readonly status: number;
  /** What selection patterns are matched with: the status, or a function's error message. */
  readonly selector: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly message: Message;
}
