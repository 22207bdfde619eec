/**
 * Every committed stage, deployed by the real engine: through its own state, its own checkpoints, its own order.
 * Does not prove that AWS accepts the inputs: the provider behind the engine is the local stage's models.
 */
import assert from "node:assert/strict";
import { ROOT } from "../../bin/folders";
import { loadStage } from "../../bin/project";
import type { Resource } from "../../local/graph/graph";
import { stageNames } from "../../stacks/stage-files";
import { noteFigure } from "../harness/figures";
import { openStage } from "./stage-project";
import type { StateResource, Workspace } from "./workspace";

interface Summary {
  readonly changeSummary: Readonly<Record<string, number>>;
}

for (const stage of stageNames(ROOT)) {
  describe(`stage ${stage} on the real engine`, () => {
    let workspace: Workspace;
    before(async () => void (workspace = await openStage(stage)));
    after(() => workspace?.close());

    it("goes up", async () => {
      const begun = Date.now();
      await workspace.must(["up", "--stack", stage, "--yes", "--skip-preview"]);
      noteFigure(`up of ${stage}`, `${workspace.cloud.size} resources in ${seconds(begun)}`);
    });

    it("is the same when it goes up again", async () => {
      const again = await workspace.must(["preview", "--stack", stage, "--json"]);
      const { changeSummary } = JSON.parse(again) as Summary;
      assert.deepEqual(Object.keys(changeSummary), ["same"], again);
      await workspace.must(["up", "--stack", stage, "--yes", "--skip-preview", "--expect-no-changes"]);
      noteFigure(`second up of ${stage}`, `${changeSummary["same"]} same`);
    });

    it("has the graph that `clickstream graph` shows: resources, parents, wiring, protection", async () => {
      const { graph } = await loadStage(stage);
      const ours = graph.resources.map(describeOurs);
      const theirs = (await workspace.state(stage)).filter(isDeclared).map(describeTheirs);
      assert.deepEqual(sorted(theirs), sorted(ours));
      noteFigure(`graph of ${stage}`, `${ours.length} resources, equal`);
    });

    it("is unchanged by a refresh", async () => {
      await workspace.must(["refresh", "--stack", stage, "--yes", "--skip-preview", "--expect-no-changes"]);
    });

    it("leaves only what is retained when it is disposable, and cannot be destroyed when it is kept", async () => {
      const before = await workspace.state(stage);
      const kept = before.filter(({ protect }) => protect === true);
      const { ok, stdout, stderr } = await workspace.pulumi(["destroy", "--stack", stage, "--yes", "--skip-preview"]);
      if (kept.length > 0) {
        noteFigure(`destroy of ${stage}`, `refused: ${kept.length} resources are protected`);
        assert.equal(ok, false, stdout);
        assert.match(`${stdout}${stderr}`, /cannot be deleted\b[\s\S]*protect/);
        return;
      }
      assert.ok(ok, `${stdout}${stderr}`);
      assert.deepEqual(await workspace.state(stage), []);
      const retained = before.filter(({ custom, retainOnDelete }) => custom === true && retainOnDelete === true);
      const left = retained.map(({ type, id }) => `${type} ${id}`);
      assert.deepEqual(workspace.cloud.contents, left.sort());
      noteFigure(`destroy of ${stage}`, `state empty; retained: ${left.join(", ") || "nothing"}`);
    });
  });
}

/** The engine makes a provider of its own for a plugin that the program gave none; no program declares it. */
function isDeclared({ urn }: StateResource): boolean {
  return !/::pulumi:providers:awsx::default_/.test(urn);
}

interface Described {
  readonly urn: string;
  readonly type: string;
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** For each input the URNs it was made of. */
  readonly wiring: Readonly<Record<string, readonly string[]>>;
}

function describeOurs({ urn, type, parent, options, wiring }: Resource): Described {
  const { protect, retainOnDelete } = options;
  return { urn, type, parent, protect, retainOnDelete, wiring: orderly(wiring) };
}

function describeTheirs(resource: StateResource): Described {
  const { urn, type, parent, protect = false, retainOnDelete = false, propertyDependencies = {} } = resource;
  return { urn, type, parent, protect, retainOnDelete, wiring: orderly(propertyDependencies) };
}

function orderly(wiring: Readonly<Record<string, readonly string[] | null>>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(wiring)
      .filter(([, urns]) => urns !== null && urns.length > 0)
      .map(([property, urns]) => [property, [...new Set(urns)].sort()] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function sorted(resources: readonly Described[]): readonly Described[] {
  return resources.toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
}

function seconds(begun: number): string {
  return `${((Date.now() - begun) / 1000).toFixed(1)} s`;
}
