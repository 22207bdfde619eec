/** What a change of the program would do to a stage: judged as a release would be, without the cloud. */
import { randomBytes } from "node:crypto";
import type { Finding } from "../../../functions/inspect/findings/finding";
import { judge } from "../../../functions/inspect/judge";
import { readPreview } from "../../../functions/inspect/pulumi/read-preview";
import { stateOf } from "../../../local/deployment/deployment-state";
import { planDeployment } from "../../../local/deployment/plan";
import type { Graph } from "../../../local/graph/graph";
import { replacementFacts } from "../../../local/services/models";
import { judgeCode, type Disagreement } from "../../policy/code/agreement";
import { newPermissions, type Permission } from "./permissions";

export interface StageComparison {
  readonly stage: string;
  readonly verdict: "safe" | "refused";
  readonly changes: readonly {
    readonly kind: string;
    readonly resource: string;
    readonly properties: readonly string[];
  }[];
  readonly findings: readonly Finding[];
  readonly permissions: readonly Permission[];
  /** Calls in the code of functions that are not granted, and grants that are not called. */
  readonly disagreements: readonly Pick<Disagreement, "resource" | "message" | "fix" | "source">[];
}

/** Secrets are only compared with each other here, and kept nowhere. */
const SEAL_KEY = randomBytes(32).toString("hex");

/**
 * @param before the graph of the branch that the change goes to
 * @param root the folder of the program after the change
 */
export function compareGraphs(stage: string, before: Graph, after: Graph, root: string): StageComparison {
  const nothing = stateOf(0, SEAL_KEY, []);
  const running = planDeployment(nothing, before, replacementFacts).next;
  const plan = planDeployment(running, after, replacementFacts);
  const { verdict, findings } = judge(readPreview(JSON.stringify(plan.preview)));
  return {
    stage,
    verdict,
    changes: plan.changes
      .filter(({ kind }) => kind !== "same")
      .map(({ kind, label, differences }) => ({ kind, resource: label, properties: [...differences.keys()] })),
    findings,
    permissions: newPermissions(before, after),
    disagreements: judgeCode(after, root),
  };
}
