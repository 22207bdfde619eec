/**
 * Takes statements away from roles, one at a time, and runs the journey: a statement that nobody misses is one that
 * should not be there. Missed means that the role is denied an action of that statement.
 */
import assert from "node:assert/strict";
import { altered } from "../local/graph/altered";
import { textOf, type Graph, type Resource } from "../local/graph/graph";
import { isRecord } from "../local/graph/value";
import { renderLocal, travel } from "./journey";
import { withStage, type TestStage } from "./stage";

/** A statement of a role, and the policy it stands in. */
interface Statement {
  readonly role: string;
  readonly sid: string;
  readonly actions: readonly string[];
  /** Why a usual run does not use it, where that is so. */
  readonly idle: string | undefined;
  readonly policy: Resource;
}

interface PolicyDocument {
  readonly Statement: readonly { readonly Sid: string }[];
}

/** @param share which part of the statements is tried: every statement, or one in so many */
export function describeLeastPrivilege({ oneIn, offset = 0 }: { oneIn: number; offset?: number }): void {
  describe(`Least privilege, by taking away ${oneIn === 1 ? "every statement" : `one statement in ${oneIn}`}`, function () {
    this.timeout(600_000);

    it("is held: the role is denied what the statement allowed, or the statement says why nobody uses it", async () => {
      const graph = await renderLocal();
      const statements = statementsOf(graph);
      assert.ok(statements.length > 20, String(statements.length));
      const tried = statements.filter((_, index) => index % oneIn === offset);
      const unmissed: string[] = [];
      for (const statement of tried) {
        const isMissed = await misses(graph, statement);
        if (!isMissed && statement.idle === undefined) unmissed.push(`${statement.role} ${statement.sid}`);
      }
      assert.deepEqual(unmissed, []);
    });
  });
}

/** Every statement of every role that a component declared, with what the component says of it. */
function statementsOf(graph: Graph): Statement[] {
  return graph.ofType("clickstream:iam:Role").flatMap(({ urn, name, inputs }) => {
    const [policy] = graph.ofType("aws:iam/rolePolicy:RolePolicy").filter(({ parent }) => parent === urn);
    const declared = inputs["statements"];
    if (policy === undefined || !Array.isArray(declared)) return [];
    return declared.filter(isRecord).map(({ sid, actions, idle }) => ({
      role: name,
      sid: String(sid as string),
      actions: (actions as readonly string[]).map(String),
      idle: typeof idle === "string" ? idle : undefined,
      policy,
    }));
  });
}

function without(graph: Graph, { policy, sid }: Statement): Graph {
  return altered(graph, (resource) => {
    if (resource.urn !== policy.urn) return resource;
    const document = JSON.parse(textOf(resource.inputs, "policy")) as PolicyDocument;
    const rest = document.Statement.filter((each) => each.Sid !== sid);
    assert.equal(rest.length, document.Statement.length - 1, `${policy.name} has no statement ${sid}`);
    return { ...resource, inputs: { ...resource.inputs, policy: JSON.stringify({ ...document, Statement: rest }) } };
  });
}

/** Runs the journey until the role is denied an action of the statement, or to its end. */
async function misses(graph: Graph, statement: Statement): Promise<boolean> {
  const role = graph.only("aws:iam/role:Role", ({ parent }) => parent === statement.policy.parent);
  const isDenied = ({ stage }: TestStage): boolean =>
    stage.permissions.roles.some(
      ({ role: name, denied }) => name === role.urn && denied.some(({ action }) => statement.actions.includes(action)),
    );
  let missed = false;
  try {
    const tryWithout = async (test: TestStage): Promise<void> => {
      try {
        await travel(test, { patience: 2, until: () => isDenied(test) });
      } catch (error) {
        // What the journey needs may fail with the role: whether it was denied is what counts.
        if (!isDenied(test)) throw error;
      }
      missed = isDenied(test);
    };
    await withStage(without(graph, statement), tryWithout, { deniedCallsExpected: "a statement is taken away" });
  } catch (error) {
    // A stage that cannot even place a function says which action it lacks.
    if (!missed && !statement.actions.some((action) => String(error).includes(action))) throw error;
    missed = true;
  }
  return missed;
}
