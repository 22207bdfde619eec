/**
 * What a pull request would be told, for graphs that are rendered here. Does not prove that the workflow posts it.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { permits } from "../../../infra/core/capability";
import { Role } from "../../../infra/iam/role";
import type { Graph } from "../../../local/graph/graph";
import { FACTS, render } from "../../../test/stage";
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

describe("A pull request's table", () => {
  it("says that nothing changes where nothing does", async () => {
    const { verdict, changes, permissions } = compareGraphs("dev", await program({}), await program({}));
    assert.deepEqual([verdict, changes, permissions], ["safe", [], []]);
  });

  it("refuses what a release would refuse, with the reason", async () => {
    const comparison = compareGraphs("prod", await program({}), await program({ key: "number", hours: 24 }));
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
    const { permissions } = compareGraphs("dev", await program({}), more);
    assert.deepEqual(permissions, [{ principal: "reader", action: "dynamodb:PutItem", resource: TABLE }]);
    assert.deepEqual(compareGraphs("dev", more, await program({})).permissions, []);
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
      { stage: "dev", verdict: "refused", changes: [], findings: [finding], permissions: [] },
    ]);
    assert.match(text, /\| a\\\|b \| delete \| &lt;img> &#64;team new \| f \|/);
  });
});
