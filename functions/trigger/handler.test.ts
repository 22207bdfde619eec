/**
 * The deploy action against a machine and a pipeline that write down what they are asked. Does not prove that CodePipeline
 * invokes it as recorded here, nor what it may do (the local stage runs it under its role).
 */
import assert from "node:assert/strict";
import { ExecutionStatus } from "@aws-sdk/client-sfn";
import { EXECUTION_STATES, type ExecutionView } from "./domain";
import { createTriggerHandler, type Machine, type Pipeline } from "./handler";
import { isTransient } from "./transient";

const EXECUTION = "arn:aws:states:eu-west-1:000000000000:execution:deploy:one";
const TOKEN = JSON.stringify({ stateMachineExecutionArn: EXECUTION });
const INPUT = { environmentName: "dev", stackName: "sample", templatePath: "infra/template.yaml" };

interface Job {
  readonly id?: string;
  readonly token?: string;
  readonly parameters?: unknown;
}

function job({ id = "job-1", token, parameters }: Job = {}): object {
  const UserParameters =
    typeof parameters === "string"
      ? parameters
      : JSON.stringify(
          parameters ?? {
            s3Bucket: "release",
            stateMachineFile: "inputs/dev.json",
            pipelineExecutionId: "5bb3d6a2-9d5f-4b36-8f0e-6d2f8c2b0b11",
            action: "Deploy",
          },
        );
  return {
    "CodePipeline.job": {
      id,
      accountId: "000000000000",
      data: {
        actionConfiguration: { configuration: { FunctionName: "trigger", UserParameters } },
        inputArtifacts: [
          {
            name: "SourceOutput",
            revision: null,
            location: { type: "S3", s3Location: { bucketName: "artifacts", objectKey: "release/Source/abc" } },
          },
        ],
        outputArtifacts: [],
        artifactCredentials: { accessKeyId: "ASIASECRET", secretAccessKey: "hush-hush", sessionToken: "whisper" },
        ...(token === undefined ? {} : { continuationToken: token }),
      },
    },
  };
}

/** A machine of one execution, whose calls and answers are written down. */
class Scene {
  readonly calls: unknown[][] = [];
  readonly printed: string[] = [];
  readonly started = new Map<string, string>();
  view: ExecutionView = { status: "RUNNING" };
  failWith: Error | undefined;

  readonly machine: Machine = {
    start: async (name, input) => {
      this.calls.push(["start", name]);
      if (this.failWith !== undefined) throw this.failWith;
      if (!this.started.has(name)) this.started.set(name, input);
      return EXECUTION;
    },
    describe: async () => {
      if (this.failWith !== undefined) throw this.failWith;
      return this.view;
    },
    currentState: async () => "Wait Change Set Creation",
    stop: async (execution, cause) => void this.calls.push(["stop", execution, cause]),
  };

  readonly pipeline: Pipeline = {
    goOn: async (id, token, { summary }) => void this.calls.push(["goOn", id, token, summary]),
    succeed: async (id, variables, { summary }) => void this.calls.push(["succeed", id, variables, summary]),
    fail: async (id, kind, message) => void this.calls.push(["fail", id, kind, message]),
  };

  readonly handle = createTriggerHandler({
    machine: this.machine,
    pipeline: this.pipeline,
    readInput: async () => JSON.stringify(INPUT),
    isTransient,
    print: (line) => this.printed.push(line),
  });

  get verbs(): unknown[] {
    return this.calls.map(([verb]) => verb);
  }
}

describe("The trigger", () => {
  it("starts the machine with the file's keys and the artifact's place, and waits by token", async () => {
    const scene = new Scene();
    await scene.handle(job());
    assert.deepEqual(scene.calls, [
      ["start", "5bb3d6a2-9d5f-4b36-8f0e-6d2f8c2b0b11-Deploy-job-1"],
      ["goOn", "job-1", TOKEN, "the deployment has started"],
    ]);
    assert.deepEqual(JSON.parse([...scene.started.values()][0] ?? ""), {
      ...INPUT,
      revisionS3Bucket: "artifacts",
      revisionS3Key: "release/Source/abc",
      mode: "deploy",
    });
  });

  it("answers a running execution with the same token and where it is", async () => {
    const scene = new Scene();
    await scene.handle(job({ token: TOKEN }));
    assert.deepEqual(scene.calls, [["goOn", "job-1", TOKEN, "the deployment is at: Wait Change Set Creation"]]);
  });

  it("hands the verdict on as output variables", async () => {
    const scene = new Scene();
    const output = {
      outcome: "updated",
      verdict: "safe",
      digest: "sha256:1",
      subject: "arn:set",
      summary: "safe: update Table",
    };
    scene.view = { status: "SUCCEEDED", output: JSON.stringify(output) };
    await scene.handle(job({ token: TOKEN }));
    assert.deepEqual(scene.calls, [["succeed", "job-1", { ...output, evidence: "none" }, "safe: update Table"]]);
  });

  it("hands on what was reviewed, unless there was nothing to review", async () => {
    const reviewed = { subject: "arn:set", digest: "sha256:1", evidence: "evidence/1" };
    const inputOf = async (parameters: object): Promise<Record<string, unknown>> => {
      const scene = new Scene();
      await scene.handle(job({ parameters: { s3Bucket: "b", stateMachineFile: "f", ...parameters } }));
      return JSON.parse([...scene.started.values()][0] ?? "") as Record<string, unknown>;
    };
    assert.deepEqual((await inputOf({ reviewed }))["reviewed"], reviewed);
    assert.equal("reviewed" in (await inputOf({ reviewed: { ...reviewed, subject: "none" } })), false);
    assert.equal((await inputOf({ mode: "review" }))["mode"], "review");
  });

  it("fails the action at once when it is told nothing that it can use", async () => {
    for (const parameters of ["", "{", '{"s3Bucket":"b"}', '{"s3Bucket":"b","stateMachineFile":"f","color":"red"}']) {
      const scene = new Scene();
      await scene.handle(job({ parameters }));
      assert.deepEqual(scene.verbs, ["fail"], parameters);
      assert.equal(scene.calls[0]?.[2], "ConfigurationError");
    }
    const scene = new Scene();
    await scene.handle(job({ token: "another" }));
    assert.deepEqual(scene.calls[0]?.slice(0, 3), ["fail", "job-1", "ConfigurationError"]);
  });

  it("fails the action at once when the machine cannot be started", async () => {
    const scene = new Scene();
    scene.failWith = Object.assign(new Error("no permission to start"), { name: "AccessDeniedException" });
    await scene.handle(job());
    assert.deepEqual(scene.calls.at(-1), ["fail", "job-1", "JobFailed", "no permission to start"]);
  });

  it("G12: the same job twice is one execution, and a retried action is another", async () => {
    const scene = new Scene();
    await scene.handle(job());
    await scene.handle(job());
    assert.equal(scene.started.size, 1);
    await scene.handle(job({ id: "job-2" }));
    assert.equal(scene.started.size, 2);
  });

  it("G16: no credential reaches a log or an answer", async () => {
    const scene = new Scene();
    await scene.handle(job());
    await scene.handle(job({ token: TOKEN }));
    scene.view = { status: "FAILED", cause: "refused" };
    await scene.handle(job({ token: TOKEN }));
    const broken = job();
    delete (broken as { "CodePipeline.job": { id?: string } })["CodePipeline.job"].id;
    const error: unknown = await scene.handle(broken).catch((reason: unknown) => reason);
    const told = `${scene.printed.join()}${JSON.stringify(scene.calls)}${String(error)}`;
    assert.match(told, /the event is no job of CodePipeline: look at CodePipeline\.job\.id/);
    assert.doesNotMatch(told, /ASIASECRET|hush-hush|whisper/);
  });

  it("G17: an error that passes is waited out by token; one that stays, or an action that ended, stops the execution", async () => {
    const scene = new Scene();
    scene.failWith = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    let token = TOKEN;
    for (let call = 1; call < 10; call++) {
      await scene.handle(job({ token }));
      assert.equal(scene.calls.at(-1)?.[0], "goOn");
      token = String(scene.calls.at(-1)?.[2]);
    }
    await scene.handle(job({ token }));
    assert.deepEqual(scene.verbs.slice(-2), ["stop", "fail"]);
    assert.equal(scene.calls.at(-1)?.[2], "SystemUnavailable");

    const denied = new Scene();
    denied.failWith = Object.assign(new Error("denied"), { name: "AccessDeniedException" });
    await denied.handle(job({ token: TOKEN }));
    assert.deepEqual(denied.verbs, ["stop", "fail"]);

    const ended = new Scene();
    await ended.handle({
      source: "aws.codepipeline",
      "detail-type": "CodePipeline Action Execution State Change",
      detail: { state: "ABANDONED", "execution-result": { "external-execution-id": EXECUTION } },
    });
    assert.deepEqual(ended.calls, [["stop", EXECUTION, "the deploy action was abandoned"]]);
  });

  it("G19: the answer says which resource is refused and why", async () => {
    const scene = new Scene();
    scene.view = {
      status: "FAILED",
      error: "Refused",
      cause: "refused: replace Table: a new key; delete Queue: removed",
    };
    await scene.handle(job({ token: TOKEN }));
    assert.deepEqual(scene.calls.at(-1), [
      "fail",
      "job-1",
      "JobFailed",
      "Refused: refused: replace Table: a new key; delete Queue: removed",
    ]);
  });

  it("G20: every state of an execution is known, one about to be redriven is waited for, and a new one is a failure", async () => {
    assert.deepEqual(Object.keys(EXECUTION_STATES).sort(), Object.values(ExecutionStatus).sort());
    const verbOf = async (status: string): Promise<unknown> => {
      const scene = new Scene();
      scene.view = { status, output: '{"outcome":"created"}' };
      await scene.handle(job({ token: TOKEN }));
      return scene.verbs.join();
    };
    assert.equal(await verbOf("PENDING_REDRIVE"), "goOn");
    for (const status of ["FAILED", "TIMED_OUT", "ABORTED"]) assert.equal(await verbOf(status), "fail", status);
    assert.equal(await verbOf("HIBERNATING"), "stop,fail");
  });
});
