/**
 * One graph while it runs: its services, open and behind the policies that the graph itself states. A stage runs one at a
 * time and can go on to the next.
 */
import { StageError } from "./diagnostics";
import { explainFailure } from "./durable/durable-error";
import { AwsEndpoint } from "./endpoint/aws-endpoint";
import { CredentialStore, type Credentials } from "./endpoint/credentials";
import type { Reply, Request } from "./endpoint/http";
import { isSigned } from "./endpoint/signature";
import type { Graph } from "./graph/graph";
import { Authorizer } from "./iam/authorizer";
import { describeDenial } from "./iam/decision";
import { roleSession, service as servicePrincipal, type Principal, type RoleSession } from "./iam/principal";
import { OPENERS } from "./services/catalog";
import { NoticeBoard, type Measurement, type ServiceContext, type ServiceEvent } from "./services/context";
import { registerIdentities } from "./services/iam/identities";
import { AwsError, operationOf, type Check, type Service } from "./services/service";

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

/** What a running graph needs of its stage, whichever graph it is. */
export interface Surroundings extends Pick<
  ServiceContext,
  "facts" | "clock" | "folder" | "durable" | "faults" | "url" | "buildTools" | "say" | "onLog"
> {
  /** Who runs the stage. */
  readonly operator: Credentials;
  readonly callListeners: ReadonlySet<(call: ObservedCall) => void>;
  readonly metricListeners: ReadonlySet<(metric: Measurement) => void>;
}

export class RunningGraph {
  readonly authorizer: Authorizer;
  readonly credentials = new CredentialStore();
  readonly #services = new Map<string, Service>();
  readonly #webHandlers: WebHandler[] = [];
  readonly #metricListeners = new Set<(metric: Measurement) => void>();
  readonly #eventListeners = new Set<(event: ServiceEvent) => void>();
  #endpoint: AwsEndpoint | undefined;

  /**
   * Opens every service of the graph.
   * @param previous keys that were given out for a while, and still hold where their role is in this graph too
   * @throws StageError when the graph asks for what the stage does not do; nothing stays open then
   */
  static async open(graph: Graph, stage: Surroundings, previous?: CredentialStore): Promise<RunningGraph> {
    const running = new RunningGraph(graph, stage);
    try {
      await running.#open(previous);
      return running;
    } catch (error) {
      await running.close();
      throw error;
    }
  }

  private constructor(
    readonly graph: Graph,
    private readonly stage: Surroundings,
  ) {
    this.authorizer = new Authorizer(stage.facts);
    this.credentials.keep(stage.operator);
  }

  get services(): readonly Service[] {
    return [...this.#services.values()];
  }

  /** A service by its signing name. @throws StageError when the stage has none */
  service(signingName: string): Service {
    const service = this.#services.get(signingName);
    if (service === undefined) throw new StageError(`the local stage does not run the service ${signingName}`);
    return service;
  }

  /** Begins what services do by themselves. */
  start(): void {
    for (const service of this.services) service.start?.();
  }

  /** Ends what services have under way, the last opened first. @throws the first failure, once all have been closed */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const service of this.services.toReversed()) await service.close?.().catch((error) => failures.push(error));
    this.#services.clear();
    if (failures.length > 0) throw failures[0];
  }

  /** Answers an AWS call, or a request for one of the graph's APIs; nothing where it is for neither. */
  async answer(request: Request): Promise<Reply | undefined> {
    if (this.#endpoint !== undefined && isSigned(request)) return this.#endpoint.answer(request);
    for (const handler of this.#webHandlers) {
      const reply = await handler(request);
      if (reply !== undefined) return reply;
    }
    return this.#endpoint?.refuseUnsigned(request);
  }

  readonly dispatch: ServiceContext["dispatch"] = async (caller, serviceName, operationName, wire, context) => {
    const service = this.#services.get(serviceName);
    const operation = service === undefined ? undefined : operationOf(service, operationName);
    if (service === undefined || operation === undefined) {
      throw new AwsError(
        "UnknownOperationException",
        `the local stage does not model ${serviceName}:${operationName}: add it to local/services/${serviceName}`,
      );
    }
    const input = operation.parse(wire);
    const call = { caller, requestId: "" };
    const checks = operation.checks(input, call);
    for (const check of checks) this.#check(caller, check, service.deniedCode, context);
    const { callListeners, faults } = this.stage;
    const run = () => operation.run(input, call);
    if (callListeners.size === 0) return faults.around(serviceName, operationName, run);
    const output = await faults.around(serviceName, operationName, run);
    const observed = { caller, service: serviceName, operation: operationName, checks, context, input, output };
    callListeners.forEach((listener) => listener(observed));
    return output;
  };

  async #open(previous: CredentialStore | undefined): Promise<void> {
    registerIdentities(this.graph, this.authorizer, this.credentials);
    const roles = new Set(this.graph.ofType("aws:iam/role:Role").map(({ outputs }) => outputs["arn"]));
    for (const each of previous?.temporary ?? []) {
      if (each.principal.kind === "role" && roles.has(each.principal.roleArn)) this.credentials.keep(each);
    }
    const context = this.#context();
    for (const open of OPENERS) {
      const service = await open(context);
      this.#services.set(service.signingName, service);
    }
    const { clock, faults, say } = this.stage;
    faults.check(this.services);
    const lost = (error: unknown): void => say(explainFailure(error));
    this.#endpoint = new AwsEndpoint(this.services, this.credentials, this.dispatch, clock, lost);
  }

  #check(
    principal: Principal,
    { action, resource, context }: Check,
    deniedCode: string,
    callContext: Readonly<Record<string, string>> | undefined,
  ): void {
    if (resource !== "*" && !resource.startsWith("arn:")) {
      throw new AwsError("ValidationException", `Invalid ARN: ${resource}`);
    }
    const { region } = this.stage.facts;
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
    const { account, region } = this.stage.facts;
    const caller = servicePrincipal(service, region);
    const pass = {
      principal: this.stage.operator.principal,
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
    const { facts, clock, folder, durable, faults, url, buildTools, say, onLog, metricListeners } = this.stage;
    const measure = (metric: Measurement): void => {
      this.#metricListeners.forEach((listener) => listener(metric));
      metricListeners.forEach((listener) => listener(metric));
    };
    return {
      graph: this.graph,
      facts,
      clock,
      authorizer: this.authorizer,
      credentials: this.credentials,
      dispatch: this.dispatch,
      folder,
      durable,
      faults,
      notices: new NoticeBoard(),
      assume: (...args) => this.#assume(...args),
      measure,
      onMeasure: (listener) => void this.#metricListeners.add(listener),
      tellEvent: (event) => this.#eventListeners.forEach((listener) => listener(event)),
      onServiceEvent: (listener) => void this.#eventListeners.add(listener),
      serveWeb: (handler) => void this.#webHandlers.push(handler),
      url,
      buildTools,
      say,
      onLog,
    };
  }
}
