/** The tree of resources and one of them in full. Does not prove that the graph is right: local/monitor does. */
import assert from "node:assert/strict";
import type { Graph } from "../../local/graph/graph";
import { Asset, unknown, type Value } from "../../local/graph/value";
import { renderLocal } from "../testing/watched-stage";
import { describeResource, growTree, SECRET, showValue } from "./resource-tree";
import type { TreeNode } from "./wire";

const PHONE = "+15550173649";

describe("the tree of resources", () => {
  let graph: Graph;
  before(async () => {
    graph = await renderLocal({ "clickstream:alertPhone": PHONE });
  });

  it("holds every resource of the graph once, under its parent", () => {
    const seen: string[] = [];
    const walk = (node: TreeNode, parent: string | undefined): void => {
      seen.push(node.urn);
      assert.equal(graph.get(node.urn).parent, parent);
      node.children.forEach((child) => walk(child, node.urn));
    };
    growTree(graph).forEach((root) => walk(root, undefined));
    assert.deepEqual(seen.sort(), graph.resources.map(({ urn }) => urn).sort());
  });

  it("never shows a secret of any resource", () => {
    const shown = graph.resources.map(({ urn }) => JSON.stringify(describeResource(graph, urn)));
    assert.ok(shown.some((text) => text.includes(SECRET)));
    for (const text of shown) assert.ok(!text.includes(PHONE), text);
  });

  it("says by which roles a component acts and what a resource was wired to", () => {
    const detect = graph.only("aws:lambda/function:Function", ({ name }) => name === "detect");
    const described = describeResource(graph, detect.urn);
    assert.deepEqual(
      described?.roles.map(({ name }) => name),
      ["detect"],
    );
    assert.ok(described.wiring.some(({ input, name }) => input === "environment" && name === "anomalies"));
  });

  it("knows nothing of a resource that is not there", () => {
    assert.equal(describeResource(graph, "urn:pulumi:nowhere"), undefined);
  });
});

describe("a value that is shown", () => {
  it("keeps its shape, names its assets, and hides all that is under a secret path", () => {
    const value: Value = {
      plain: [1, "two", null, true],
      code: Asset.archive({ "index.js": Asset.text("x") }),
      later: unknown,
      login: { user: "a", word: "b" },
    };
    assert.deepEqual(showValue(value, "", new Set(["login", "plain[1]"])), {
      plain: [1, SECRET, null, true],
      code: "[archive of index.js]",
      later: "[unknown until it is deployed]",
      login: SECRET,
    });
  });
});
