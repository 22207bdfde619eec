/**
 * What moto's own IAM lets the holder of each of the platform's role documents do, and what ours does.
 * Does not prove anything about resources and conditions, which moto's header lists as incomplete: it asks about all
 * resources at once, so it gets the documents for all resources and without conditions; ours is asked about the very
 * resources that a document names.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { loadStage } from "../../bin/project";
import type { Graph } from "../../local/graph/graph";
import { Authorizer } from "../../local/iam/authorizer";
import { roleSession } from "../../local/iam/principal";
import { startServer } from "../endpoints/server";
import { createWorld, World } from "../endpoints/world";
import { engineSetting } from "../harness/contract";
import { noteFigure } from "../harness/figures";

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

type Answers = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

describe("moto's IAM on the platform's roles", () => {
  it("allows and denies the same actions as ours", async () => {
    const { graph, facts } = await loadStage("prod");
    const documents = documentsOf(graph);
    const theirs = await askMoto(onAnything(documents));
    let asked = 0;
    const differing = Object.entries(theirs).flatMap(([role, decisions]) =>
      Object.entries(decisions).flatMap(([action, allowed]) => {
        asked++;
        const ours = isAllowed(documents[role] ?? assert.fail(role), action, new Authorizer(facts), facts.account);
        return ours === allowed ? [] : [`${role} ${action}: ours ${ours}, moto ${allowed}`];
      }),
    );
    assert.deepEqual(differing, []);
    assert.ok(
      Object.values(theirs).some((decisions) => Object.values(decisions).includes(true)),
      "nothing is allowed",
    );
    noteFigure("IAM decisions compared", `${asked} of ${Object.keys(documents).length} roles, equal`);
  });
});

/** Each role's one policy, without conditions. */
function documentsOf(graph: Graph): Record<string, Document> {
  return Object.fromEntries(
    graph.ofType("aws:iam/rolePolicy:RolePolicy").map(({ name, inputs }) => {
      const { Version, Statement } = JSON.parse(String(inputs["policy"])) as Document;
      const plain = Statement.map(({ Effect, Action, Resource }) => ({ Effect, Action, Resource }));
      return [name, { Version, Statement: plain }];
    }),
  );
}

function onAnything(documents: Readonly<Record<string, Document>>): Record<string, Document> {
  return Object.fromEntries(
    Object.entries(documents).map(([role, { Version, Statement }]) => [
      role,
      { Version, Statement: Statement.map((statement) => ({ ...statement, Resource: ["*"] })) },
    ]),
  );
}

/** Whether the action is allowed on any resource that the document names. */
function isAllowed(document: Document, action: string, authorizer: Authorizer, account: string): boolean {
  const arn = `arn:aws:iam::${account}:role/probe`;
  authorizer.addPrincipal(arn, { name: "probe", identity: [{ source: "probe", document: JSON.stringify(document) }] });
  const principal = roleSession(arn, "probe");
  const named = document.Statement.flatMap(({ Resource }) => [Resource].flat());
  // Where a pattern is named, one resource that it covers.
  const resources = named.map((resource) => (resource === "*" ? resource : resource.replaceAll("*", "x")));
  return resources.some((resource) => authorizer.authorize({ principal, action, resource }).allowed);
}

async function askMoto(documents: Readonly<Record<string, Document>>): Promise<Answers> {
  const server = await startServer((port) => ({
    command: engineSetting("ENGINE_MOTO"),
    given: ["--host", "127.0.0.1", "--port", `${port}`],
  }));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const world = new World({ url: server.url, account: "123456789012", credentials });
  try {
    await createWorld(world);
    const probes = spawnSync(engineSetting("ENGINE_MOTO_PYTHON"), [join(__dirname, "probes.py"), server.url], {
      input: JSON.stringify({ documents }),
      encoding: "utf8",
      timeout: 300_000,
    });
    assert.equal(probes.status, 0, probes.stderr);
    return JSON.parse(probes.stdout) as Answers;
  } finally {
    world.close();
    await server.close();
  }
}
