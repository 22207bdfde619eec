/** A stage of an API: takes requests through routing, throttling, validation and integration, and reports on each. */
import type { Reply, Request } from "../../endpoint/http";
import type { ServiceContext } from "../context";
import type { AccessLog } from "./access-log";
import { Exchange, type StagePlace } from "./exchange";
import { GatewayFailure, internalError } from "./gateway-failure";
import type { GatewayResponses } from "./gateway-response";
import type { ApiMethod } from "./declared/method";
import type { RouteTable } from "./route-table";
import { TemplateError } from "./velocity/value";

/** Largest request body. Source: API Gateway quotas, "Payload size". */
const LARGEST_BODY = 10 * 2 ** 20;

/** How many different faults are told to the person in front of the machine. */
const MOST_FAULTS_SAID = 100;

export class ApiStage {
  readonly #faultsSaid = new Set<string>();
  readonly #dimensions: Readonly<Record<string, string>>;

  constructor(
    private readonly context: Pick<ServiceContext, "clock" | "measure" | "say">,
    readonly place: StagePlace,
    readonly apiName: string,
    private readonly routes: RouteTable<ApiMethod>,
    private readonly gatewayResponses: GatewayResponses,
    private readonly accessLog: AccessLog | undefined,
  ) {
    this.#dimensions = { ApiName: apiName, Stage: place.stageName };
  }

  /** Answers a request whose path begins with the stage's name; never rejects. */
  async answer(request: Request): Promise<Reply> {
    const exchange = new Exchange(request, this.place, this.context.clock.now());
    let outcome: Reply | GatewayFailure;
    try {
      outcome = await this.#serve(exchange);
    } catch (error) {
      outcome = this.#fault(exchange, error);
    }
    if (outcome instanceof GatewayFailure) {
      exchange.failure = outcome;
      outcome = this.gatewayResponses.reply(exchange, outcome);
    }
    this.#report(exchange, outcome);
    return { ...outcome, headers: { ...outcome.headers, "x-amzn-RequestId": exchange.requestId } };
  }

  async close(): Promise<void> {
    await this.accessLog?.close();
  }

  #serve(exchange: Exchange): Reply | GatewayFailure | Promise<Reply | GatewayFailure> {
    const { request, place, startedAt } = exchange;
    const route = this.routes.find(request.method, request.path.slice(place.stageName.length + 1));
    // What is not there is not told apart from what is forbidden.
    if (route === undefined) return new GatewayFailure("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
    const { served: method, path, resourceId, pathParameters } = route;
    exchange.destination = { resourceId, resourcePath: path, pathParameters };
    if (request.body.length > LARGEST_BODY) return new GatewayFailure("REQUEST_TOO_LARGE", "Request Entity Too Large");
    if (method.bucket?.admits(startedAt) === false) return new GatewayFailure("THROTTLED", "Too Many Requests");
    const missing = method.missingParameters(exchange);
    if (missing.length > 0) {
      return new GatewayFailure(
        "BAD_REQUEST_PARAMETERS",
        `Missing required request parameters: [${missing.join(", ")}]`,
      );
    }
    return method.integration.answer(exchange);
  }

  /** A template that cannot be rendered is the API's fault, anything else the stage's: both are said, neither is shown. */
  #fault(exchange: Exchange, error: unknown): GatewayFailure {
    const { request, destination } = exchange;
    const what = `${this.apiName} ${request.method} ${destination?.resourcePath ?? ""}`;
    const line = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    if (!this.#faultsSaid.has(line) && this.#faultsSaid.size < MOST_FAULTS_SAID) {
      this.#faultsSaid.add(line);
      this.context.say(line);
    }
    return internalError(error instanceof TemplateError ? "API_CONFIGURATION_ERROR" : "DEFAULT_5XX");
  }

  #report(exchange: Exchange, { status, body }: Reply): void {
    const { measure, clock } = this.context;
    const latency = clock.now() - exchange.startedAt;
    exchange.ending = { status, latency, length: Buffer.byteLength(body) };
    this.accessLog?.record(exchange);
    const metric = { namespace: "AWS/ApiGateway", dimensions: this.#dimensions };
    measure({ ...metric, name: "Count", value: 1 });
    measure({ ...metric, name: "4XXError", value: status >= 400 && status < 500 ? 1 : 0 });
    measure({ ...metric, name: "5XXError", value: status >= 500 ? 1 : 0 });
    measure({ ...metric, name: "Latency", value: latency });
  }
}
