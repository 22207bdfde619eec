/** Runs the policy pack, as the engine would, on the graph of a stage: without cloud, without CLI. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { renderSource, StageError } from "../../local/diagnostics";
import type { Graph } from "../../local/graph/graph";
import type { PackConfig } from "../../local/policy/pack-config";
import { PackServer, type Diagnostic, type PolicyInfo } from "../../local/policy/pack-server";
import { fromText } from "../../policies/core/finding";
import type { Severity } from "../../policies/iam";
import { accessIsInTheMatrix } from "../../policies/rules/iam/access-is-in-the-matrix";
import { InputError } from "../exit";
import { ROOT } from "../folders";
import { asFinding, judgeCode } from "./code/agreement";
import type { JudgedFinding, Judgement, WaivedFinding } from "./judged";

const PACK = join(ROOT, "policies");

/** The pack's judgement of a graph, under the levels of a stage. */
export async function judgeGraph(graph: Graph, config: PackConfig): Promise<Judgement> {
  const server = await PackServer.start(PACK);
  try {
    await server.configure(config);
    const policies = new Map((await server.policies()).map((policy) => [policy.name, policy]));
    const { diagnostics, remediations } = await server.judge(graph);
    const failed = remediations.filter(({ inputs }) => inputs === undefined);
    for (const { policy, urn, diagnostic } of failed) throw new StageError(`${policy} at ${urn}: ${diagnostic}`);
    const level = config["all"] === "advisory" ? "advisory" : "mandatory";
    const code = judgeCode(graph, ROOT).map((each) => asFinding(each, level));
    return collect([...diagnostics.map((each) => read(each, graph, policies)), ...code]);
  } finally {
    server.close();
  }
}

/** Levels of a stage: policies/config/<stage>.json. Without it every rule is mandatory. */
export function readPackConfig(stage: string): PackConfig {
  const file = join(PACK, "config", `${stage}.json`);
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as PackConfig;
  } catch (error) {
    throw new InputError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The same levels, with access compared against another matrix. */
export function withMatrix(config: PackConfig, file: string): PackConfig {
  if (!existsSync(file)) throw new InputError(`--against ${file} cannot be read: there is no such file`);
  const own = config[accessIsInTheMatrix.name];
  const kept = typeof own === "string" ? { enforcementLevel: own } : own;
  return { ...config, [accessIsInTheMatrix.name]: { ...kept, matrix: resolve(file) } };
}

type Read = JudgedFinding & { readonly waiver?: string };

function read(diagnostic: Diagnostic, graph: Graph, policies: ReadonlyMap<string, PolicyInfo>): Read {
  const { policy, urn, severity, level } = diagnostic;
  const info = policies.get(policy);
  const { message, subject, check, statement = null, actions, fix, waived } = toldBy(diagnostic);
  const source = graph.has(urn) ? graph.get(urn).source : undefined;
  return {
    rule: check ?? policy,
    policy,
    severity: severity as Severity,
    level: level === "advisory" ? "advisory" : "mandatory",
    resource: urn,
    subject,
    statement,
    ...(actions === undefined ? {} : { actions }),
    message,
    fix,
    ...(info === undefined ? {} : { url: info.url }),
    ...(source === undefined ? {} : { source: renderSource(source) }),
    ...(waived === undefined ? {} : { waiver: waived }),
  };
}

/** A text of another form is the SDK's own: a policy that could not run has not been passed. */
function toldBy({ policy, text }: Diagnostic): ReturnType<typeof fromText> {
  try {
    return fromText(text);
  } catch {
    return {
      message: `${policy} could not run: ${text}`,
      subject: "",
      fix: "mend the policy: it must judge unknown values itself",
    };
  }
}

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** The gravest first; of equals, in the order of the program. */
function collect(read: readonly Read[]): Judgement {
  const sorted = [...read].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return {
    findings: sorted.filter(({ waiver }) => waiver === undefined),
    waived: sorted.filter((each): each is WaivedFinding => each.waiver !== undefined),
  };
}
