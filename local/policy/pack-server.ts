/**
 * A policy pack as a process of its own, asked as the Pulumi engine asks it: configure, then each resource (remediate,
 * analyze), at last the whole stack. Nothing here knows what a policy says.
 */
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { StageError } from "../diagnostics";
import { Graph, type Resource } from "../graph/graph";
import { receive, type WireProperties } from "../monitor/wire";
import { analyzeRequest, analyzeStackRequest } from "./analyzer-request";
import { configureRequest, readLevel, type EnforcementLevel, type PackConfig } from "./pack-config";
import { startPack, type PackProcess } from "./pack-process";
import { send } from "./wire";

/** In the order of the protocol. */
const SEVERITIES = ["unspecified", "low", "medium", "high", "critical"] as const;

type Severity = (typeof SEVERITIES)[number];

export interface PolicyInfo {
  readonly name: string;
  readonly description: string;
  readonly kind: "resource" | "stack";
  readonly level: EnforcementLevel;
  readonly severity: Severity;
  readonly fix: string;
  readonly url: string;
}

/** What a policy said about a resource. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: EnforcementLevel;
  readonly severity: Severity;
  readonly urn: string;
  readonly text: string;
}

/** What a policy would change of a resource's inputs before it is made. */
export interface Remediation {
  readonly policy: string;
  readonly urn: string;
  /** Nothing when the policy could not say, which `diagnostic` then explains. */
  readonly inputs: WireProperties | undefined;
  readonly diagnostic: string;
}

export interface PackVerdict {
  readonly diagnostics: readonly Diagnostic[];
  readonly remediations: readonly Remediation[];
}

/** The largest message either side takes: a stack comes in one. */
const LARGEST_MESSAGE = 400 * 2 ** 20;

export class PackServer {
  /** @throws StageError when the pack does not start, with what it said */
  static async start(folder: string): Promise<PackServer> {
    return new PackServer(await startPack(folder));
  }

  readonly #client: AnalyzerClient;
  /** Asked for remediations only where some policy may make them. */
  #remediates = true;

  private constructor(private readonly pack: PackProcess) {
    this.#client = new AnalyzerClient(`127.0.0.1:${pack.port}`, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": LARGEST_MESSAGE,
    });
  }

  close(): void {
    this.#client.close();
    this.pack.end();
  }

  async policies(): Promise<PolicyInfo[]> {
    const info = await ask<protocol.AnalyzerInfo>((done) => this.#client.getAnalyzerInfo(new Empty(), done));
    return info.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      description: policy.getDescription(),
      kind: policy.getPolicyType() === protocol.PolicyType.POLICY_TYPE_STACK ? "stack" : "resource",
      level: readLevel(policy.getEnforcementlevel()),
      severity: SEVERITIES[policy.getSeverity()] ?? "unspecified",
      fix: policy.getRemediationSteps(),
      url: policy.getUrl(),
    }));
  }

  /** @throws StageError when the configuration names a policy or a level that there is not */
  async configure(config: PackConfig): Promise<void> {
    const { request, levels } = configureRequest(config, await this.policies());
    await ask<Empty>((done) => this.#client.configure(request, done));
    this.#remediates = levels.has("remediate");
  }

  /** Everything the pack says about a graph. */
  async judge(graph: Graph): Promise<PackVerdict> {
    const alone = await Promise.all(graph.resources.map((resource) => this.#judgeAlone(graph, resource)));
    const remediations = alone.flatMap((each) => each.remediations);
    const request = analyzeStackRequest(remediated(graph, remediations));
    const whole = await ask<protocol.AnalyzeResponse>((done) => this.#client.analyzeStack(request, done));
    const stack = graph.ofType("pulumi:pulumi:Stack")[0]?.urn ?? "";
    return {
      diagnostics: [...alone.flatMap((each) => each.diagnostics), ...readDiagnostics(whole, stack)],
      remediations,
    };
  }

  async #judgeAlone(graph: Graph, resource: Resource): Promise<PackVerdict> {
    const inputs = send(resource.inputs, resource.secrets);
    const remediations = this.#remediates ? await this.#remediate(analyzeRequest(graph, resource, inputs)) : [];
    const request = analyzeRequest(graph, resource, lastOf(remediations, resource) ?? inputs);
    const answer = await ask<protocol.AnalyzeResponse>((done) => this.#client.analyze(request, done));
    return { remediations, diagnostics: readDiagnostics(answer, resource.urn) };
  }

  async #remediate(request: protocol.AnalyzeRequest): Promise<Remediation[]> {
    const answer = await ask<protocol.RemediateResponse>((done) => this.#client.remediate(request, done));
    return answer.getRemediationsList().map((remediation) => ({
      policy: remediation.getPolicyname(),
      urn: request.getUrn(),
      inputs: remediation.getProperties()?.toJavaScript(),
      diagnostic: remediation.getDiagnostic(),
    }));
  }
}

/** Each remediation goes on from the one before it. */
function lastOf(remediations: readonly Remediation[], { urn }: Resource): WireProperties | undefined {
  return remediations.findLast((each) => each.urn === urn && each.inputs !== undefined)?.inputs;
}

/** Outputs echo inputs, so what was remediated shows in both. */
function remediated(graph: Graph, remediations: readonly Remediation[]): Graph {
  if (remediations.every(({ inputs }) => inputs === undefined)) return graph;
  const changed = new Graph(graph.project, graph.stack);
  for (const resource of graph.resources) {
    const inputs = receive(lastOf(remediations, resource) ?? {}).properties;
    changed.set({
      ...resource,
      inputs: { ...resource.inputs, ...inputs },
      outputs: { ...resource.outputs, ...inputs },
    });
  }
  return changed;
}

function readDiagnostics(answer: protocol.AnalyzeResponse, fallback: string): Diagnostic[] {
  return answer.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: readLevel(diagnostic.getEnforcementlevel()),
    severity: SEVERITIES[diagnostic.getSeverity()] ?? "unspecified",
    urn: diagnostic.getUrn() || fallback,
    text: diagnostic.getMessage(),
  }));
}

function ask<Answer>(question: (done: (error: grpc.ServiceError | null, answer: Answer) => void) => void) {
  return new Promise<Answer>((resolve, reject) =>
    question((error, answer) =>
      error === null ? resolve(answer) : reject(new StageError(`the policy pack failed: ${error.details}`)),
    ),
  );
}
