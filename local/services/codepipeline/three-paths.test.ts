/**
 * The three paths of the published post, by the pipeline of the release stack: a push whose stack is new, one whose change
 * is safe, and one that is refused. Does not prove what the builds of that pipeline do: their tools are stood in for.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderRelease, revisionOf, SAMPLE, standInTools } from "../../../test/release";
import { FACTS, openStage, START } from "../../../test/stage";
import { VirtualClock } from "../../clock";
import type { LocalStage } from "../../stage";
import { SnsService } from "../sns/service";
import { CodePipelineService } from "./service";

describe("The release pipeline", () => {
  let folder: string;
  let stage: LocalStage;
  let clock: VirtualClock;
  let pushes: number;
  const said: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "three-paths-"));
    clock = new VirtualClock(START);
    pushes = 0;
    const options = { facts: FACTS, clock, folder: join(folder, "data"), port: 0, sync: false };
    const { buildTools } = await standInTools(folder);
    stage = await openStage(await renderRelease(), { ...options, buildTools, say: (line) => said.push(line) });
  });
  after(async () => {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Pushes a template, and lets time pass until its run is over. */
  const push = async (template: string): Promise<{ status: string; summary: string | undefined; calls: string[] }> => {
    const service = stage.service("codepipeline");
    assert.ok(service instanceof CodePipelineService);
    const [name = ""] = service.pipelines;
    const calls: string[] = [];
    const stop = stage.onCall(({ service: called, operation }) => {
      if (called === "cloudformation" && !operation.startsWith("Describe")) calls.push(operation);
    });
    const archive = revisionOf(template);
    const id = await service.announce(name, { id: `c${++pushes}`, summary: "a change", branch: "main", archive });
    const look = async (): Promise<{ status: string; statusSummary?: string }> => {
      const input = { pipelineName: name, pipelineExecutionId: id };
      const found = await stage.dispatch(stage.operator.principal, "codepipeline", "GetPipelineExecution", input);
      return (found as { pipelineExecution: { status: string; statusSummary?: string } }).pipelineExecution;
    };
    let found = await look();
    for (let turn = 0; found.status === "InProgress" && turn < 60; turn++) {
      await clock.advance(10_000);
      found = await look();
    }
    stop();
    return { status: found.status, summary: found.statusSummary, calls };
  };

  it("creates a stack that is not there", async () => {
    const { status, calls } = await push(SAMPLE);
    assert.deepEqual([status, calls], ["Succeeded", ["CreateStack"]], said.join("\n"));
  });

  it("executes a change set that is safe", async () => {
    const { status, calls } = await push(SAMPLE.replace("DisplayName: Orders", "DisplayName: Sales"));
    assert.deepEqual([status, calls], ["Succeeded", ["CreateChangeSet", "ExecuteChangeSet"]]);
  });

  it("refuses one that deletes, deletes it, and says why", async () => {
    const { status, summary, calls } = await push(SAMPLE.replace(/ {2}Placed:[^]*?DisplayName: Orders\n/, ""));
    assert.deepEqual([status, calls], ["Failed", ["CreateChangeSet", "DeleteChangeSet"]]);
    assert.match(summary ?? "", /refused: delete Placed/);
  });

  it("stops the deployment of a run that is abandoned", async () => {
    const service = stage.service("codepipeline");
    assert.ok(service instanceof CodePipelineService);
    const [name = ""] = service.pipelines;
    const stopped: string[] = [];
    const stop = stage.onCall(({ operation }) => {
      if (operation === "StopExecution") stopped.push(operation);
    });
    const archive = revisionOf(SAMPLE.replace("Orders\n", "Late\n"));
    const id = await service.announce(name, { id: "late", summary: "late", branch: "main", archive });
    const operator = stage.operator.principal;
    const input = { pipelineName: name, pipelineExecutionId: id };
    const isDeploying = async (): Promise<boolean> => {
      const found = await stage.dispatch(operator, "codepipeline", "ListActionExecutions", {
        pipelineName: name,
        filter: { pipelineExecutionId: id },
      });
      const [newest] = (
        found as { actionExecutionDetails: { actionName: string; output: { executionResult: object } }[] }
      ).actionExecutionDetails;
      return newest?.actionName === "Deploy" && JSON.stringify(newest.output.executionResult).includes("execution:");
    };
    for (let turn = 0; turn < 120 && !(await isDeploying()); turn++) await clock.advance(500);
    await stage.dispatch(operator, "codepipeline", "StopPipelineExecution", { ...input, abandon: true });
    await clock.advance(5_000);
    stop();
    assert.deepEqual(stopped, ["StopExecution"], said.join("\n"));
  });

  it("tells operators how each run ended", async () => {
    await clock.advance(60_000);
    const sns = stage.service("sns");
    assert.ok(sns instanceof SnsService);
    const told = sns.mailbox
      .map(({ text }) => /"state":"(\w+)"/.exec(text)?.[1])
      .filter((state) => state !== undefined);
    assert.deepEqual(told, ["SUCCEEDED", "SUCCEEDED", "FAILED", "STOPPED"]);
  });
});
