/**
 * Runs a graph: opens its services on a data folder, puts them behind one port on loopback, and lets nobody do what the
 * graph's policies do not allow. It knows nothing of what the graph is for.
 */
import { Announcer } from "./announcer";
import type { Clock } from "./clock";
import type { DeploymentState } from "./deployment/deployment-state";
import { Deployments } from "./deployment/deployments";
import type { DeploymentPlan } from "./deployment/plan";
import { StageError } from "./diagnostics";
import { DataFolder } from "./durable/data-folder";
import { CredentialStore, type Credentials } from "./endpoint/credentials";
import { Gate } from "./endpoint/gate";
import type { Reply, Request } from "./endpoint/http";
import { EndpointServer } from "./endpoint/server";
import { isSigned, readSignature } from "./endpoint/signature";
import { FaultPlan } from "./faults/fault-plan";
import { faultyDisk } from "./faults/faulty-disk";
import type { FaultSettings } from "./faults/settings";
import type { Graph } from "./graph/graph";
import type { Authorizer } from "./iam/authorizer";
import type { Ledger, LedgerReport } from "./iam/ledger";
import { operator } from "./iam/principal";
import { RunningGraph, type ObservedCall, type Surroundings, type WebHandler } from "./running-graph";
import type { Measurement, ServiceContext } from "./services/context";
import type { AccountFacts } from "./services/model";
import type { Service } from "./services/service";

export type { ObservedCall, WebHandler } from "./running-graph";

export interface StageOptions {
  readonly facts: AccountFacts;
  readonly clock: Clock;
  /** Folder that holds everything the stage keeps; made when it is not there. */
  readonly folder: string;
  /** 0 for any free port. */
  readonly port: number;
  /** False only for tests and one-off runs: nothing is synced to disk. @default true */
  readonly sync?: boolean;
  /** Folder whose commands come first for builds: what takes the place of tools that need an account. */
  readonly buildTools?: string;
  /** Receives what a person should know: notices of the data folder, errors nobody else received. */
  readonly say: (line: string) => void;
  /** Receives what functions write to their logs, line by line. */
  readonly onLog?: (logGroup: string, line: string) => void;
  /** What is to go wrong. @default - nothing */
  readonly faults?: FaultSettings;
}

/** What a deployment was judged on: the state, as {@link LocalStage.state} told it. */
export type StateMark = Pick<DeploymentState, "serial" | "digest">;

/** Milliseconds of the machine's time that requests under way get before their services close. */
const PATIENCE_MS = 1_000;

export class LocalStage {
  /** Who runs the stage: may do everything. */
  readonly operator: Credentials;
  readonly #webHandlers: WebHandler[] = [];
  readonly #metricListeners = new Set<(metric: Measurement) => void>();
  readonly #callListeners = new Set<(call: ObservedCall) => void>();
  readonly #logListeners = new Set<(logGroup: string, line: string) => void>();
  readonly #graphListeners = new Set<(graph: Graph) => void>();
  readonly #ledgerListeners = new Set<(graph: Graph, ledger: Ledger) => void>();
  readonly #gate = new Gate();
  readonly #durable: ServiceContext["durable"];
  readonly #say: (line: string) => void;
  /** What is to go wrong, and how often it did. */
  readonly faults: FaultPlan;
  readonly #deployments: Deployments;
  #running: RunningGraph | undefined;
  #server: EndpointServer | undefined;
  #applying: Promise<unknown> = Promise.resolve();
  #graph: Graph | undefined;
  #port = 0;

  /**
   * Opens every service of the graph and listens. A graph other than the one that ran last in the folder is deployed as
   * by {@link apply}, but for the data of what it no longer has: that stays.
   * @throws StageError when the port, the data folder or the graph cannot be used
   */
  static async open(graph: Graph, options: StageOptions): Promise<LocalStage> {
    const folder = await DataFolder.open(options.folder, { onNotice: options.say });
    const stage = new LocalStage(options, folder);
    try {
      await stage.#open(graph);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(
    private readonly options: StageOptions,
    private readonly folder: DataFolder,
  ) {
    const { facts, onLog, sync = true, faults } = options;
    const say = (this.#say = new Announcer(options.clock, options.say).announce);
    this.faults = faults === undefined ? FaultPlan.none : new FaultPlan(faults);
    this.#durable = {
      sync,
      onNotice: say,
      ...(faults?.disk === undefined ? {} : { disk: faultyDisk(faults.disk) }),
    };
    if (onLog !== undefined) this.#logListeners.add(onLog);
    this.operator = new CredentialStore().issue(operator(facts.account, facts.partition));
    this.#deployments = new Deployments(folder, sync, say);
  }

  /** The graph that runs, under the names that its resources have. */
  get graph(): Graph {
    return this.#graph ?? this.#current.graph;
  }

  get authorizer(): Authorizer {
    return this.#current.authorizer;
  }

  get credentials(): CredentialStore {
    return this.#current.credentials;
  }

  /** Serial and digest of what runs; a deployment that was judged on another is refused. */
  get state(): StateMark {
    return this.#deployments.mark;
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

  /** What the running graph's stage serves. */
  get services(): readonly Service[] {
    return this.#current.services;
  }

  /** A service of the running graph by its signing name. @throws StageError when the stage has none */
  service(signingName: string): Service {
    return this.#current.service(signingName);
  }

  /** Calls an operation as anybody: the way of every call, from inside and outside. */
  readonly dispatch: ServiceContext["dispatch"] = (...call) => this.#current.dispatch(...call);

  /** What a graph would change, for whoever judges it. Nothing is touched. @throws StageError */
  plan(graph: Graph): DeploymentPlan {
    return this.#deployments.plan(graph);
  }

  /**
   * Goes on with another graph, on the same port and data: requests wait for a moment, data stays, and what is deleted
   * or made anew without being retained loses its data. A graph that cannot be opened leaves the old one running.
   * @param judgedOn the state that the change was judged on; another one now is refused
   * @throws StageError when the graph cannot run, would delete what is protected, or the state has moved
   */
  apply(graph: Graph, judgedOn?: StateMark): Promise<DeploymentPlan> {
    const turn = this.#applying.then(() => this.#apply(graph, judgedOn));
    this.#applying = turn.catch(() => undefined);
    return turn;
  }

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

  /** Hears of each graph that takes over. Answers how to stop. */
  onGraph(listener: (graph: Graph) => void): () => void {
    return listen(this.#graphListeners, listener);
  }

  /** Hears of each graph that has ended, with what its roles were granted, used and denied. Answers how to stop. */
  onLedger(listener: (graph: Graph, ledger: Ledger) => void): () => void {
    return listen(this.#ledgerListeners, listener);
  }

  /** Ends everything; what was acknowledged is on disk. */
  async close(): Promise<void> {
    await this.#applying;
    await this.#server?.close();
    try {
      if (this.#running !== undefined) await this.#end(this.#running);
    } finally {
      await this.folder.close();
    }
  }

  /** What services do while they close still counts. */
  async #end(running: RunningGraph): Promise<void> {
    try {
      await running.close();
    } finally {
      this.#ledgerListeners.forEach((listener) => listener(running.graph, running.authorizer.ledger));
    }
  }

  get #current(): RunningGraph {
    if (this.#running === undefined) throw new StageError("the local stage runs nothing: its last deployment failed");
    return this.#running;
  }

  async #open(graph: Graph): Promise<void> {
    const plan = await this.#deployments.begin(graph);
    this.#running = await RunningGraph.open(plan.graph, this.#surroundings());
    await this.#deployments.finish(plan);
    const { clock, port } = this.options;
    this.#server = new EndpointServer((request) => clock.track(this.#answer(request)));
    this.#port = await this.#server.listen(port);
    this.#running.start();
  }

  async #apply(graph: Graph, judgedOn: StateMark | undefined): Promise<DeploymentPlan> {
    const plan = this.#deployments.planFor(graph, judgedOn);
    const previous = this.#current;
    await this.#gate.narrow(PATIENCE_MS);
    try {
      await this.#exchange(plan, previous);
    } finally {
      this.#gate.open();
    }
    this.#graphListeners.forEach((listener) => listener(plan.graph));
    return plan;
  }

  async #exchange(plan: DeploymentPlan, previous: RunningGraph): Promise<void> {
    // Who listens may ask for the graph while services of the next one open.
    this.#graph = previous.graph;
    let next: RunningGraph | undefined;
    try {
      await this.#end(previous);
      this.#gate.shut();
      this.#running = undefined;
      await this.#deployments.clear(plan);
      next = await RunningGraph.open(plan.graph, this.#surroundings(), previous.credentials);
      await this.#deployments.finish(plan);
    } catch (error) {
      await next?.close();
      await this.#deployments.undo();
      this.#running = await RunningGraph.open(previous.graph, this.#surroundings(), previous.credentials);
      this.#running.start();
      throw error;
    }
    this.#running = next;
    this.#graph = next.graph;
    await this.#deployments.forget(plan, next.services);
    next.start();
  }

  async #answer(request: Request): Promise<Reply> {
    return this.#gate.pass(this.#isOfFunction(request), async () => {
      const answered = await this.#current.answer(request);
      if (answered !== undefined) return answered;
      for (const handler of this.#webHandlers) {
        const reply = await handler(request);
        if (reply !== undefined) return reply;
      }
      return { status: 404, headers: { "content-type": "text/plain" }, body: "nothing is served here\n" };
    });
  }

  /** What runs inside the stage is waited for when a service closes: its calls must go through until then. */
  #isOfFunction(request: Request): boolean {
    if (!isSigned(request)) return false;
    const credentials = this.#running?.credentials.find(readSignature(request).accessKeyId);
    return credentials?.principal.kind === "role" && credentials.expires === undefined;
  }

  #surroundings(): Surroundings {
    const { facts, clock } = this.options;
    return {
      facts,
      clock,
      faults: this.faults,
      operator: this.operator,
      folder: (service, ...names) => this.folder.subfolder(service, ...names),
      durable: this.#durable,
      callListeners: this.#callListeners,
      metricListeners: this.#metricListeners,
      onLog: (logGroup, line) => this.#logListeners.forEach((listener) => listener(logGroup, line)),
      url: () => this.url,
      buildTools: this.options.buildTools,
      say: this.#say,
    };
  }
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
