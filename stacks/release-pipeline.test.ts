/**
 * The pipeline of the release stack where people come in: they are asked before a deployment, and they stop what builds.
 * Does not prove what builds do (their tools are stood in for), nor that a change is judged rightly (release.test.ts).
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { ReleaseStage } from "../infra/release/release-stage";
import { textOf } from "../local/graph/graph";
import { CodePipelineService } from "../local/services/codepipeline/service";
import { SnsService } from "../local/services/sns/service";
import { renderRelease, revisionOf, SAMPLE, standInTools } from "../test/release";
import { withStage, type TestStage } from "../test/stage";

/** An action of the newest execution, as its state is asked for. */
interface ActionState {
  readonly name: string;
  readonly status: string;
  /** What it started: a build or an execution of the machine. */
  readonly started: string;
}

/** The release stack's pipeline, worked by a person. */
class WorkedPipeline {
  /** Calls of CodeBuild, as `StartBuild of build`. */
  readonly builds: string[] = [];
  readonly #name: string;

  constructor(private readonly test: TestStage) {
    this.#name = textOf(test.graph.stackOutputs, "pipelineName");
    test.stage.onCall(({ operation, caller }) => {
      if (!/^St(art|op)Build$/.test(operation) || caller.kind !== "role") return;
      this.builds.push(`${operation} as ${caller.roleArn.replace(/^.*\/(clickstream-|release-)?|-[0-9a-f]+$/g, "")}`);
    });
  }

  /** @returns the execution's id */
  async push(): Promise<string> {
    const service = this.test.stage.service("codepipeline");
    assert.ok(service instanceof CodePipelineService);
    return service.announce(this.#name, { id: "c1", summary: "a change", branch: "main", archive: revisionOf(SAMPLE) });
  }

  async stop(pipelineExecutionId: string): Promise<void> {
    await this.#call("StopPipelineExecution", { pipelineName: this.#name, pipelineExecutionId, abandon: true });
  }

  /** Says yes with the token that the operators were sent. */
  async approve(): Promise<void> {
    const sns = this.test.stage.service("sns");
    assert.ok(sns instanceof SnsService);
    const { text = "{}" } = sns.mailbox.find(({ subject = "" }) => subject.startsWith("APPROVAL NEEDED")) ?? {};
    const { approval } = JSON.parse(text) as {
      approval: Record<"pipelineName" | "stageName" | "actionName" | "token", string>;
    };
    const { pipelineName, stageName, actionName, token } = approval;
    const result = { summary: "looked at", status: "Approved" };
    await this.#call("PutApprovalResult", { pipelineName, stageName, actionName, token, result });
  }

  /** Lets time pass until an action stands so. */
  async until(isSo: (action: ActionState) => boolean): Promise<void> {
    for (let turn = 0; turn < 300; turn++) {
      if ((await this.#actions()).some(isSo)) return;
      await this.test.clock.advance(1_000);
    }
    assert.fail(JSON.stringify(await this.#actions()));
  }

  /** Time stands still while a build waits: looks until an action stands so. */
  async untilNow(isSo: (action: ActionState) => boolean): Promise<void> {
    for (let turn = 0; turn < 500; turn++) {
      if ((await this.#actions()).some(isSo)) return;
      await setTimeout(20);
    }
    assert.fail(JSON.stringify(await this.#actions()));
  }

  async #actions(): Promise<ActionState[]> {
    const { actionExecutionDetails } = (await this.#call("ListActionExecutions", { pipelineName: this.#name })) as {
      actionExecutionDetails: { actionName: string; status: string; output?: { executionResult?: object } }[];
    };
    return actionExecutionDetails.map(({ actionName, status, output }) => ({
      name: actionName,
      status,
      started: JSON.stringify(output?.executionResult ?? {}),
    }));
  }

  #call(operation: string, input: object): Promise<unknown> {
    const { stage } = this.test;
    return stage.dispatch(stage.operator.principal, "codepipeline", operation, input);
  }
}

describe("A release with people in it", function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "release-pipeline-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the pipeline; what builds call waits while `waitsFor` is there. */
  const withPipeline = async (
    more: Partial<ReleaseStage>,
    run: (pipeline: WorkedPipeline, test: TestStage, waitsFor: string) => Promise<void>,
  ): Promise<void> => {
    const { buildTools, waitsFor } = await standInTools(folder);
    await withStage(await renderRelease(more), (test) => run(new WorkedPipeline(test), test, waitsFor), { buildTools });
  };

  it("asks operators before it deploys, and waits until one of them agrees", async () => {
    await withPipeline({ approval: true }, async (pipeline, { clock }) => {
      await pipeline.push();
      await pipeline.until(({ name, status }) => name === "Approve" && status === "InProgress");
      await clock.advance(3_600_000);
      await pipeline.until(({ name, status }) => name === "Approve" && status === "InProgress");
      await pipeline.approve();
      await pipeline.until(({ name, status }) => name === "Deploy" && status === "Succeeded");
    });
  });

  it("is stopped with its build", async () => {
    await withPipeline({}, async (pipeline, { clock }, waitsFor) => {
      await writeFile(waitsFor, "");
      const id = await pipeline.push();
      const passing = clock.advance(10_000);
      await pipeline.untilNow(({ name, started }) => name === "Build" && started.includes("build-"));
      await pipeline.stop(id);
      await passing;
      assert.deepEqual(pipeline.builds, ["StartBuild as release", "StopBuild as release"]);
    });
  });

  it("is stopped with its deployment, and that with the build which previews it", async () => {
    await withPipeline({ deployments: [{ engine: "pulumi" }] }, async (pipeline, { clock, stage }, waitsFor) => {
      stage.onCall(({ operation }) => {
        if (operation === "StartBuild" && pipeline.builds.length === 2) writeFileSync(waitsFor, "");
      });
      const id = await pipeline.push();
      const passing = clock.advance(120_000);
      await pipeline.untilNow(({ name, started }) => name === "Deploy" && started.includes("execution:"));
      await pipeline.untilNow(() => pipeline.builds.length === 2);
      await pipeline.stop(id);
      await passing;
      assert.deepEqual(pipeline.builds, ["StartBuild as release", "StartBuild as deploy", "StopBuild as deploy"]);
    });
  });
});
