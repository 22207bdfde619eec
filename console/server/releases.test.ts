/**
 * Releases as the console tells of them, from a release stage on which the three paths were gone. Does not prove that they
 * are right: stacks/release.test.ts does.
 */
import assert from "node:assert/strict";
import { withStage } from "../../test/stage";
import { deploy, DESTRUCTIVE, renderRelease, SAFE, SAMPLE } from "../../test/release";
import { describeReleases } from "./releases";

describe("releases", () => {
  it("claim nothing where no stage of theirs runs, and wait where it runs only once somebody pushes", async () => {
    const nothing = { pipelines: [], machines: [] };
    assert.deepEqual(await describeReleases(undefined), { state: "none", ...nothing });
    assert.deepEqual(await describeReleases(() => undefined), { state: "waiting", ...nothing });
  });

  it("show pipeline, machine, the way of each release and its verdict", async () => {
    await withStage(await renderRelease(), async (test) => {
      await deploy(test, "first", SAMPLE);
      await deploy(test, "second", SAFE);
      await deploy(test, "third", DESTRUCTIVE);
      const { state, pipelines, machines } = await describeReleases(() => test.stage);
      assert.equal(state, "running");

      const [pipeline] = pipelines;
      assert.ok(pipeline !== undefined && pipeline.stages.length >= 3, JSON.stringify(pipeline));
      assert.ok(pipeline.stages.every(({ actions }) => actions.length > 0));

      const [machine] = machines;
      assert.ok(machine !== undefined);
      assert.deepEqual(
        machine.executions.map(({ name, status }) => [name, status]),
        [
          ["third", "FAILED"],
          ["second", "SUCCEEDED"],
          ["first", "SUCCEEDED"],
        ],
      );
      const drawn = new Set(machine.states.map(({ name }) => name));
      const ways = new Set(machine.transitions.map(({ id }) => id));
      for (const { name, path } of machine.executions) {
        assert.ok(path.length > 2, name);
        path.slice(1).forEach((to, index) => {
          if (drawn.has(to) && drawn.has(path[index] ?? ""))
            assert.ok(ways.has(`${path[index]}>${to}`), `${name}: ${path[index]} > ${to}`);
        });
      }
      const [third, second] = machine.executions;
      assert.deepEqual([second?.verdict?.verdict, third?.verdict?.verdict], ["safe", "refused"]);
      assert.ok(
        third?.verdict?.findings.some(({ resource }) => resource.includes("Orders")),
        JSON.stringify(third),
      );
      assert.match(third?.error ?? "", /Orders/);
    });
  });
});
