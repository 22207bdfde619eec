/**
 * The policies that `clickstream permissions --suggest` prints, in the place of those that the roles have: the journey that
 * they were read from is gone again. Does not prove that another journey would need no more.
 */
import assert from "node:assert/strict";
import { declaredGrants } from "../bin/permissions/matrix";
import { recordOf } from "../bin/permissions/recorded";
import { suggest, type Suggestion } from "../bin/permissions/suggest";
import { altered } from "../local/graph/altered";
import type { Graph, Resource } from "../local/graph/graph";
import { faultsOf, renderLocal, travel, type Journey } from "../test/journey";
import { withStage, type TestStage } from "../test/stage";

const INLINE = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy"];

/** The graph with the suggested policies; a role for which nothing is suggested has none. */
function withPolicies(graph: Graph, suggestions: readonly Suggestion[]): Graph {
  const policies = new Map(suggestions.map(({ role, policy }) => [role, policy]));
  return altered(graph, (resource: Resource) => {
    if (!INLINE.includes(resource.type)) return resource;
    const policy = policies.get(resource.name) ?? assert.fail(`nothing is suggested for ${resource.name}`);
    if (policy.Statement.length === 0) return undefined;
    return { ...resource, inputs: { ...resource.inputs, policy: JSON.stringify(policy) } };
  });
}

describe("The suggested policies", function () {
  this.timeout(120_000);

  it("suffice for the run that they come from, and hold nothing that it does not use", async () => {
    const graph = await renderLocal();
    const gone = async (test: TestStage): Promise<Journey> => {
      const journey = await travel(test);
      assert.deepEqual(faultsOf(journey), []);
      return journey;
    };
    let first: Journey | undefined;
    let suggestions: Suggestion[] = [];
    await withStage(graph, async (test) => {
      first = await gone(test);
      suggestions = suggest(declaredGrants(graph), recordOf(graph, test.stage.authorizer.ledger));
    });
    assert.ok(suggestions.some(({ dropped }) => dropped.length > 0));
    await withStage(withPolicies(graph, suggestions), async (test) => {
      const { mails, recorded, windows } = await gone(test);
      assert.deepEqual(
        { mails, recorded, windows },
        { mails: first?.mails, recorded: first?.recorded, windows: first?.windows },
      );
      const { roles } = test.stage.permissions;
      assert.deepEqual(
        roles.flatMap(({ denied }) => denied),
        [],
      );
      assert.deepEqual(
        roles.flatMap(({ role, unused }) => unused.map(({ action, resource }) => `${role} ${action} ${resource}`)),
        [],
      );
      assert.ok(roles.flatMap(({ used }) => used).length > 50);
    });
  });
});
