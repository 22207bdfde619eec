/**
 * The policy pack, run by the real engine and by `clickstream policy`: the same findings on a deployed stage, and on roles
 * whose targets are not known yet. Before a stage's first deployment the engine judges what is declared in place of what is
 * not known: a stage without findings has none then either; otherwise their number is noted, not held equal.
 * Does not prove the rules themselves: their tests stand beside them.
 */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { readPackConfig } from "../../bin/policy/judge-stage";
import { ROOT } from "../../bin/folders";
import { loadStage } from "../../bin/project";
import type { Graph } from "../../local/graph/graph";
import { evaluateProgram } from "../../local/monitor/evaluate";
import { PackServer } from "../../local/policy/pack-server";
import { models } from "../../local/services/models";
import { stageNames } from "../../stacks/stage-files";
import { noteFigure } from "../harness/figures";
import { SHOP_FILES } from "./shop";
import { openStage } from "./stage-project";
import { FACTS, Workspace } from "./workspace";

const PACK = join(ROOT, "policies");
const GRANTS = "engines/pulumi/program/grants.ts";
/** What the pack is there to find in the program. */
const GREEDY = /::clickstream:iam:Role::greedy$/;

/** The stage that no engine deploys. */
const HERE = "local";

interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly policyName: string;
  readonly message: string;
  readonly enforcementLevel: string;
}

describe("the policy pack on the real engine", () => {
  let workspace: Workspace | undefined;
  let pack: PackServer;
  before(async () => void (pack = await PackServer.start(PACK)));
  after(() => pack?.close());
  afterEach(() => {
    workspace?.close();
    workspace = undefined;
  });

  for (const stage of stageNames(ROOT).filter((name) => name !== HERE)) {
    it(`finds in stage ${stage} what \`clickstream policy\` finds`, async () => {
      workspace = await openStage(stage);
      const config = join(PACK, "config", `${stage}.json`);
      await pack.configure(readPackConfig(stage));
      const ours = await findingsOn((await loadStage(stage)).graph);

      const first = findingsOf(await previewWithPack(workspace, stage, config));
      // A stage that passes once it stands must pass before: else nobody could deploy it with the pack.
      if (ours.length === 0) assert.deepEqual(first, []);
      await workspace.must(["up", "--stack", stage, "--yes", "--skip-preview"]);
      assert.deepEqual(findingsOf(await previewWithPack(workspace, stage, config)), ours);
      noteFigure(
        `policies on ${stage}`,
        `${ours.length} findings, equal; before the first deployment ${missing(first, ours).length} more and ${missing(ours, first).length} less`,
      );
    });
  }

  it("finds wildcards beside targets that are not known yet, as it does when they are", async () => {
    workspace = await Workspace.open(SHOP_FILES, { root: ROOT, entry: GRANTS });
    await workspace.must(["stack", "init", "prod"]);
    const theirs = findingsOf(await previewWithPack(workspace, "prod"));
    await pack.configure({});
    const ours = await findingsOn(await grantsGraph());
    assert.deepEqual(theirs, ours);
    const ofGreedy = theirs.filter((finding) => GREEDY.test(finding.split(" ")[1] ?? ""));
    assert.ok(ofGreedy.length >= 2, theirs.join("\n"));
    noteFigure(
      "policies on roles made in a hurry",
      `${theirs.length} findings, ${ofGreedy.length} on the greedy role, equal`,
    );
  });

  const findingsOn = async (graph: Graph): Promise<string[]> =>
    (await pack.judge(graph)).diagnostics.map(({ policy, urn, level }) => `${level} ${urn} ${policy}`).sort();
});

/** Previews a stack that was never deployed, with the pack; the events that policies caused. */
async function previewWithPack(workspace: Workspace, stack: string, config?: string): Promise<PolicyEvent[]> {
  const log = workspace.path("events.jsonl");
  await workspace.pulumi(
    [
      ...["preview", "--stack", stack, "--policy-pack", PACK, "--event-log", log],
      ...(config === undefined ? [] : ["--policy-pack-config", config]),
    ],
    { PULUMI_DEBUG_COMMANDS: "true", PATH: `${putAnalyzerShim(workspace)}${delimiter}${process.env["PATH"] ?? ""}` },
  );
  const events = workspace.read("events.jsonl").trim().split("\n");
  const read = events.map((line) => JSON.parse(line) as { policyEvent?: PolicyEvent; summaryEvent?: object });
  assert.ok(
    read.some(({ summaryEvent }) => summaryEvent !== undefined),
    "the preview did not come to its end",
  );
  return read.flatMap(({ policyEvent }) => policyEvent ?? []);
}

/** Without an installed language host, the engine starts a pack by a command of this name. */
function putAnalyzerShim(workspace: Workspace): string {
  const shim = workspace.path("pulumi-analyzer-policy-nodejs");
  const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${runner}" "$@"\n`);
  chmodSync(shim, 0o755);
  return dirname(shim);
}

/** Findings that the other side lacks; of equal ones as many as it lacks. */
function missing(findings: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return findings.filter((finding) => {
    const at = left.indexOf(finding);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function findingsOf(events: readonly PolicyEvent[]): string[] {
  return events.map(findingOf).sort();
}

function findingOf({ enforcementLevel, resourceUrn = "", policyName }: PolicyEvent): string {
  return `${enforcementLevel} ${resourceUrn} ${policyName}`;
}

function grantsGraph(): Promise<Graph> {
  return evaluateProgram({
    ...{ root: ROOT, entry: GRANTS, project: "shop", stack: "prod", facts: FACTS, models, secretKeys: [] },
    config: { "aws:region": FACTS.region },
  });
}
