/**
 * The local stage's own plan of a deployment, against what the real engine recorded of the same change.
 * Does not prove anything about changes of other kinds than those listed.
 */
import assert from "node:assert/strict";
import { RECORDED_CHANGES, readRecording, type RecordedChange } from "../../functions/inspect/corpus/recorded";
import { ROOT } from "../../bin/folders";
import { stateOf, type DeploymentState } from "../../local/deployment/deployment-state";
import { planDeployment } from "../../local/deployment/plan";
import type { Graph } from "../../local/graph/graph";
import { evaluateProgram } from "../../local/monitor/evaluate";
import { models, replacementFacts } from "../../local/services/models";
import { SHOP_ENTRY } from "./shop";
import { FACTS } from "./workspace";

/** The stage is in one region, and refuses a program that asks for another before any plan is made. */
const ELSEWHERE: RecordedChange = "provider moved to another region";

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly replaceReasons?: readonly string[] | null;
}

describe("a plan of the local stage", () => {
  const nothing = stateOf(0, "ab".repeat(32), []);
  let deployed: DeploymentState;
  before(async () => {
    deployed = planDeployment(nothing, await shopGraph("nothing"), replacementFacts).next;
  });
  afterEach(() => void delete process.env["SHOP_CHANGE"]);

  for (const change of RECORDED_CHANGES.filter((each) => each !== ELSEWHERE)) {
    it(`foretells the steps of the real engine: ${change}`, async () => {
      const first = change === "first deployment";
      const graph = await shopGraph(first ? "nothing" : change);
      const { preview, refusals } = planDeployment(first ? nothing : deployed, graph, replacementFacts);
      const recorded = JSON.parse(readRecording(change, "preview.jsonl")) as {
        steps: Step[];
        diagnostics?: { severity: string }[];
      };
      const [ours, theirs] = [inShort(preview.steps), inShort(recorded.steps)];
      const failed = (recorded.diagnostics ?? []).some(({ severity }) => severity === "error");
      assert.equal(refusals.length > 0, failed, refusals.join("\n"));
      // The engine plans no further once something protected would go.
      assert.deepEqual(failed ? ours.filter((step) => theirs.includes(step)) : ours, theirs);
    });
  }
});

function shopGraph(change: RecordedChange): Promise<Graph> {
  process.env["SHOP_CHANGE"] = change;
  return evaluateProgram({
    root: ROOT,
    entry: SHOP_ENTRY,
    project: "shop",
    stack: "prod",
    config: { "aws:region": FACTS.region },
    secretKeys: [],
    facts: FACTS,
    models,
  });
}

/** The steps of each resource, in their order; resources in any order. */
function inShort(steps: readonly Step[]): string[] {
  const byUrn = new Map<string, string[]>();
  for (const { op, urn, replaceReasons } of steps) {
    const reasons = (replaceReasons ?? []).toSorted().join("+");
    byUrn.set(urn, [...(byUrn.get(urn) ?? []), reasons === "" ? op : `${op} for ${reasons}`]);
  }
  return [...byUrn].map(([urn, ops]) => `${urn.split("::").slice(2).join("::")}: ${ops.join(", ")}`).sort();
}
