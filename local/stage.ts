/**
 * Runs a graph: opens its services on a data folder, puts them behind one port on loopback, and lets nobody do what the
 * graph's policies do not allow. It knows nothing of what the graph is for.
 */
import type { Clock } from "./clock";
import { StageError } from "./diagnostics";
import { DataFolder } from "./durable/data-folder";
import { AwsEndpoint } from "./endpoint/aws-endpoint";
import { CredentialStore, type Credentials } from "./endpoint/credentials";
import type { Reply, Request } from "./endpoint/http";
import { EndpointServer } from "./endpoint/server";
import { isSigned } from "./endpoint/signature";
import type { Graph } from "./graph/graph";
import { Authorizer } from "./iam/authorizer";
import type { LedgerReport } from "./iam/ledger";
import { describeDenial } from "./iam/decision";
import { roleSession, service as servicePrincipal, type Principal, type RoleSession } from "./iam/principal";
import { OPENERS } from "./services/catalog";
import { NoticeBoard, type Measurement, type ServiceContext } from "./services/context";
import { registerIdentities } from "./services/iam/identities";
import type { AccountFacts } from "./services/model";
import { AwsError, type Check, type Service } from "./services/service";

export interface StageOptions {
  readonly facts: AccountFacts;
  readonly clock: Clock;
  /** Folder that holds everything the stage keeps; made when it is not there. */
  readonly folder: string;
  /** 0 for any free port. */
  readonly port: number;
  /** False only for tests and one-off runs: nothing is synced to disk. @default true */
  readonly sync?: boolean;
  /** Receives what a person should know: notices of the data folder, errors nobody else received. */
  readonly say: (line: string) => void;
  /** Receives what functions write to their logs, line by line. */
  readonly onLog?: (logGroup: string, line: string) => void;
}

/** Answers a web request that no AWS client has signed; nothing when it is not for this handler. */
export type WebHandler = (request: Request) => Promise<Reply | undefined>;

/** A call that was allowed and succeeded. */
export interface ObservedCall {
  readonly caller: Principal;
  /** The service's signing name. */
  readonly service: string;
  readonly operation: string;
  readonly checks: readonly Check[];
  /** Condition keys that the caller brought, e.g. `aws:SourceArn` where a service calls for a resource. */
  readonly context: Readonly<Record<string, string>> | undefined;
  readonly input: unknown;
  readonly output: unknown;
}

export class LocalStage {
  readonly authorizer: Authorizer;
  readonly credentials = new CredentialStore();
  /** Who runs the stage: may do everything. */
  readonly operator: Credentials;
  readonly #services = new Map<string, Service>();
  readonly #webHandlers: WebHandler[] = [];
  readonly #metricListeners = new Set<(metric: Measurement) => void>();
  readonly #callListeners = new Set<(call: ObservedCall) => void>();
  readonly #logListeners = new Set<(logGroup: string, line: string) => void>();
  #endpoint: AwsEndpoint | undefined;
  #server: EndpointServer | undefined;
  #port = 0;

  /**
   * Opens every service of the graph and listens.
   * @throws StageError when the port, the data folder or the graph cannot be used
   */
  static async open(graph: Graph, options: StageOptions): Promise<LocalStage> {
    const folder = await DataFolder.open(options.folder, { onNotice: options.say });
    const stage = new LocalStage(graph, options, folder);
    try {
      await stage.#open();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(
    readonly graph: Graph,
    private readonly options: StageOptions,
    private readonly folder: DataFolder,
  ) {
    if (options.onLog !== undefined) this.#logListeners.add(options.onLog);
    this.authorizer = new Authorizer(options.facts);
    this.operator = this.credentials.issue(this.authorizer.operator);
  }

  /** `http://127.0.0.1:4566`: the endpoint for AWS clients, and the front door of the graph's APIs. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What an AWS SDK client needs to call the stage as its operator. */
  get clientConfig(): {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  } {
    const { accessKeyId, secretAccessKey } = this.operator;
    return { region: this.options.facts.region, endpoint: this.url, credentials: { accessKeyId, secretAccessKey } };
  }

  get clock(): Clock {
    return this.options.clock;
  }

  /** Grants, and which of them were used. */
  get permissions(): LedgerReport {
    return this.authorizer.ledger.report();
  }

  /** A service by its signing name. @throws StageError when the stage has none */
  service(signingName: string): Service {
    const service = this.#services.get(signingName);
    if (service === undefined) throw new StageError(`the local stage does not run the service ${signingName}`);
    return service;
  }

  /** Calls an operation as anybody: the way of every call, from inside and outside. */
  readonly dispatch: ServiceContext["dispatch"] = async (caller, serviceName, operationName, wire, context) => {
    const service = this.#services.get(serviceName);
    const operation = service?.operations[operationName];
    if (service === undefined || operation === undefined) {
      throw new AwsError(
        "UnknownOperationException",
        `the local stage does not model ${serviceName}:${operationName}: add it to local/services/${serviceName}`,
        501,
      );
    }
    const input = operation.parse(wire);
    const call = { caller, requestId: "" };
    const checks = operation.checks(input, call);
    for (const check of checks) this.#check(caller, check, service.deniedCode, context);
    if (this.#callListeners.size === 0) return operation.run(input, call);
    const output = await operation.run(input, call);
    const observed = { caller, service: serviceName, operation: operationName, checks, context, input, output };
    this.#callListeners.forEach((listener) => listener(observed));
    return output;
  };

  /** Answers web requests that none of the graph's own APIs takes; the handler answers nothing to what is not its own. */
  serveWeb(handler: WebHandler): void {
    this.#webHandlers.push(handler);
  }

  /** Hears of every call that succeeded; listeners must be quick and not throw. Answers how to stop. */
  onCall(listener: (call: ObservedCall) => void): () => void {
    return listen(this.#callListeners, listener);
  }

  /** Hears of every metric that a service publishes. Answers how to stop. */
  onMeasure(listener: (metric: Measurement) => void): () => void {
    return listen(this.#metricListeners, listener);
  }

  /** Hears of every line that functions write to their logs. Answers how to stop. */
  onLog(listener: (logGroup: string, line: string) => void): () => void {
    return listen(this.#logListeners, listener);
  }

  /** Ends everything; what was acknowledged is on disk. */
  async close(): Promise<void> {
    await this.#server?.close();
    for (const service of [...this.#services.values()].reverse()) await service.close?.();
    this.#services.clear();
    await this.folder.close();
  }

  async #open(): Promise<void> {
    registerIdentities(this.graph, this.authorizer, this.credentials);
    const context = this.#context();
    for (const open of OPENERS) {
      const service = await open(context);
      this.#services.set(service.signingName, service);
    }
    const { clock, say } = this.options;
    const services = [...this.#services.values()];
    this.#endpoint = new AwsEndpoint(services, this.credentials, this.dispatch, clock, (error) => say(String(error)));
    this.#server = new EndpointServer((request) => clock.track(this.#answer(request)));
    this.#port = await this.#server.listen(this.options.port);
    for (const service of services) service.start?.();
  }

  async #answer(request: Request): Promise<Reply> {
    if (this.#endpoint !== undefined && isSigned(request)) return this.#endpoint.answer(request);
    for (const handler of this.#webHandlers) {
      const reply = await handler(request);
      if (reply !== undefined) return reply;
    }
    return { status: 404, headers: { "content-type": "text/plain" }, body: "nothing is served here\n" };
  }

  #check(
    principal: Principal,
    {
      action,
      resource,
      context,
    }: { action: string; resource: string; context?: Readonly<Record<string, string | readonly string[]>> },
    deniedCode: string,
    callContext: Readonly<Record<string, string>> | undefined,
  ): void {
    const { region } = this.options.facts;
    // Loopback stands for TLS: what leaves the machine is none of the stage's.
    const request = {
      principal,
      action,
      resource,
      context: { "aws:SecureTransport": "true", "aws:RequestedRegion": region, ...callContext, ...context },
    };
    const decision = this.authorizer.authorize(request);
    if (!decision.allowed) throw new AwsError(deniedCode, describeDenial(request, decision), 403);
  }

  #assume(
    roleArn: string,
    service: string,
    session: string,
    context: Readonly<Record<string, string>> = {},
  ): RoleSession {
    const { account, region } = this.options.facts;
    const caller = servicePrincipal(service, region);
    const pass = {
      principal: this.operator.principal,
      action: "iam:PassRole",
      resource: roleArn,
      context: { "iam:PassedToService": service },
    };
    if (!this.authorizer.authorize(pass).allowed) throw new StageError(`nobody may pass ${roleArn} to ${service}`);
    const decision = this.authorizer.assumeRole(caller, roleArn, { "aws:SourceAccount": account, ...context });
    if (!decision.allowed) {
      throw new StageError(`${service} may not take on ${roleArn}: its trust policy does not allow it`);
    }
    return roleSession(roleArn, session);
  }

  #context(): ServiceContext {
    const { facts, clock, sync = true, say } = this.options;
    return {
      graph: this.graph,
      facts,
      clock,
      authorizer: this.authorizer,
      credentials: this.credentials,
      dispatch: this.dispatch,
      folder: (service, ...names) => this.folder.subfolder(service, ...names),
      durable: { sync, onNotice: say },
      notices: new NoticeBoard(),
      assume: (...args) => this.#assume(...args),
      measure: (metric) => this.#metricListeners.forEach((listener) => listener(metric)),
      onMeasure: (listener) => void this.#metricListeners.add(listener),
      serveWeb: (handler) => void this.#webHandlers.push(handler),
      url: () => this.url,
      say,
      onLog: (logGroup, line) => this.#logListeners.forEach((listener) => listener(logGroup, line)),
    };
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
