/**
 * What a pull request would be told, for graphs that are rendered here. Does not prove that the workflow posts it.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { permits } from "../../../infra/core/capability";
import { Role } from "../../../infra/iam/role";
import { altered } from "../../../local/graph/altered";
import type { Graph } from "../../../local/graph/graph";
import { stageGraph } from "../../../test/policy-pack/stages";
import { FACTS, render } from "../../../test/stage";
import { ROOT } from "../../folders";
import { compareGraphs } from "./compare";
import { MARKER, renderComparisons } from "./table";

const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders";

interface Shape {
  readonly key?: string;
  readonly actions?: readonly `${string}:${string}`[];
  readonly hours?: number;
}

function program({ key = "order", actions = ["dynamodb:GetItem"], hours = 48 }: Shape): Promise<Graph> {
  return render(() => {
    new aws.dynamodb.Table("orders", {
      billingMode: "PAY_PER_REQUEST",
      hashKey: key,
      attributes: [{ name: key, type: "S" }],
    });
    new aws.kinesis.Stream("input", { shardCount: 1, retentionPeriod: hours });
    new Role("reader", {
      on: { place: FACTS, roles: {} },
      trust: { kind: "service", service: "lambda.amazonaws.com" },
      description: "reads",
      access: [permits({ sid: "Read", reason: "reads orders", actions, targets: [{ arn: TABLE, pattern: TABLE }] })],
    });
  });
}

/** A graph in which a role is granted other actions. */
function withActions(graph: Graph, role: string, change: (actions: readonly string[]) => readonly string[]): Graph {
  return altered(graph, (resource) => {
    if (resource.type !== "clickstream:iam:Role" || resource.name !== role) return resource;
    const statements = resource.inputs["statements"] as unknown as readonly { readonly actions: readonly string[] }[];
    const changed = statements.map((statement) => ({ ...statement, actions: change(statement.actions) }));
    return { ...resource, inputs: { ...resource.inputs, statements: changed } };
  });
}

describe("A pull request's table", () => {
  it("says that nothing changes where nothing does", async () => {
    const { verdict, changes, permissions } = compareGraphs("dev", await program({}), await program({}), ROOT);
    assert.deepEqual([verdict, changes, permissions], ["safe", [], []]);
  });

  it("refuses what a release would refuse, with the reason", async () => {
    const comparison = compareGraphs("prod", await program({}), await program({ key: "number", hours: 24 }), ROOT);
    assert.equal(comparison.verdict, "refused");
    assert.deepEqual(comparison.findings.map(({ change, name }) => `${change} ${name}`).sort(), [
      "lossy-update input",
      "replace orders",
    ]);
    const text = renderComparisons([comparison]);
    assert.ok(text.startsWith(MARKER));
    assert.match(text, /\| prod \| \*\*refused\*\* \|/);
    assert.match(text, /\| orders \| replace \|/);
  });

  it("lists what may be done that could not be done before, and nothing that could", async () => {
    const more = await program({ actions: ["dynamodb:GetItem", "dynamodb:PutItem"] });
    const { permissions } = compareGraphs("dev", await program({}), more, ROOT);
    assert.deepEqual(permissions, [{ principal: "reader", action: "dynamodb:PutItem", resource: TABLE }]);
    assert.deepEqual(compareGraphs("dev", more, await program({}), ROOT).permissions, []);
  });

  it("lists calls in code that are not granted, and grants that no code calls", async () => {
    const graph = await stageGraph("dev");
    assert.deepEqual(compareGraphs("dev", graph, graph, ROOT).disagreements, []);
    const changed = withActions(graph, "detect", (actions) =>
      actions.map((action) => (action === "kinesis:PutRecord" ? "kinesis:PutRecords" : action)),
    );
    const comparison = compareGraphs("dev", graph, changed, ROOT);
    const messages = comparison.disagreements.map(({ message }) => message);
    assert.deepEqual(messages, [
      "detect calls PutRecord of client-kinesis, which needs kinesis:PutRecord; its role does not grant it",
      "the role of detect grants kinesis:PutRecords, which neither its code nor AWS on its behalf calls",
    ]);
    const text = renderComparisons([comparison]);
    assert.match(text, /\| \*\*2 disagree\*\* \|/);
    for (const message of messages) assert.ok(text.includes(`| ${message} |`), text);
    assert.match(text, /\| functions\/[\w/-]+\.ts:\d+ \|/);
  });

  it("lets no text of a change become markup, mention anybody or end a cell", () => {
    const finding = {
      id: "x",
      resource: "x",
      name: "a|b",
      type: "t",
      change: "delete",
      reason: "<img> @team\nnew",
      fix: "f",
    } as const;
    const text = renderComparisons([
      { stage: "dev", verdict: "refused", changes: [], findings: [finding], permissions: [], disagreements: [] },
    ]);
    assert.match(text, /\| a\\\|b \| delete \| &lt;img> &#64;team new \| f \|/);
  });
});
