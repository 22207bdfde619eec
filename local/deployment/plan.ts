/** What a deployment will do, worked out before anything is touched. */
import type { Graph } from "../graph/graph";
import { changesBetween, type Change, type ReplacementFacts } from "./change";
import { stateOf, type DeploymentState } from "./deployment-state";
import { inherit } from "./inheritance";
import { renderPreview, type PreviewDocument } from "./preview-document";
import { sealWith } from "./recorded-value";
import { wantedOf } from "./resource-state";

export interface DeploymentPlan {
  /** The state that the plan starts from: it holds for no other. */
  readonly from: Pick<DeploymentState, "serial" | "digest">;
  /** What will run: the wanted graph under the names that its resources have already. */
  readonly graph: Graph;
  readonly changes: readonly Change[];
  /** Why it cannot be carried out: deletions of what is protected. */
  readonly refusals: readonly string[];
  /** For whoever judges it. */
  readonly preview: PreviewDocument;
  /** The state after it. */
  readonly next: DeploymentState;
}

/** @throws StageError for a resource of a type of which nobody has said what can be changed in place */
export function planDeployment(state: DeploymentState, wanted: Graph, facts: ReplacementFacts): DeploymentPlan {
  const seal = sealWith(state.sealKey);
  const graph = inherit(wanted, state.resources, facts, seal);
  const resources = wantedOf(graph, seal);
  const changes = changesBetween(state.resources, resources, facts);
  const refusals = changes.flatMap(refusalOf);
  return {
    from: { serial: state.serial, digest: state.digest },
    graph,
    changes,
    refusals,
    preview: renderPreview(changes, refusals),
    next: stateOf(
      state.serial + 1,
      state.sealKey,
      resources.map((each) => each.state),
    ),
  };
}

/** As the engine: a replacement takes down what is protected before and after, a deletion what is protected now. */
function refusalOf({ kind, before, after, label }: Change): string[] {
  const goes = kind === "delete" || (kind === "replace" && after?.protect === true);
  if (!goes || before?.protect !== true) return [];
  const verb = kind === "delete" ? "deleted" : "replaced";
  return [`${label} is protected and would be ${verb}: take protect off it in a deployment of its own first`];
}

/** Whether anything but the program's text is different. */
export function isNoChange({ changes }: Pick<DeploymentPlan, "changes">): boolean {
  return changes.every(({ kind }) => kind === "same");
}
