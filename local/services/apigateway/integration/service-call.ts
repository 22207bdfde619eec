/** A call that API Gateway makes for a request, as a role or in its own name. */
import type { Clock } from "../../../clock";
import type { Principal } from "../../../iam/principal";
import { AwsError, type Dispatch } from "../../service";
import type { Exchange } from "../exchange";

export interface Caller {
  readonly principal: Principal;
  /** Condition keys that a service brings where it calls in its own name. */
  readonly context: Readonly<Record<string, string>> | undefined;
}

export class ServiceCall {
  constructor(
    private readonly caller: Caller,
    private readonly service: string,
    private readonly operation: string,
    private readonly dispatch: Dispatch,
    private readonly clock: Clock,
  ) {}

  /** The service's answer or its error; nothing else is caught. Notes status and latency in the exchange. */
  async make(exchange: Exchange, input: unknown): Promise<NonNullable<unknown> | AwsError> {
    const { principal, context } = this.caller;
    const started = this.clock.now();
    const outcome = await this.dispatch(principal, this.service, this.operation, input, context).catch(asAwsError);
    const status = outcome instanceof AwsError ? outcome.status : 200;
    exchange.integration = { status, latency: this.clock.now() - started };
    return outcome ?? {};
  }
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}
