/**
 * A pipeline from a push to its end: build, function, approval and state machine, in virtual time.
 * Does not prove what AWS does when a region fails, nor the limits of artifacts.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetJobDetailsCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { render, withStage, type TestStage } from "../../../test/stage";
import { writeZip } from "../codebuild/zip";
import { CodePipelineService } from "./service";

/** Keeps the job in its log, so that the test can answer for it. */
const FUNCTION =
  "exports.handler = async (event) => { console.log(JSON.stringify({ job: event['CodePipeline.job'] })); };";

const role = (name: string, service: string, ...actions: string[]): aws.iam.Role => {
  const Statement = [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }];
  const made = new aws.iam.Role(name, { name, assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement }) });
  const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
  new aws.iam.RolePolicy(name, { name, role: made.name, policy: JSON.stringify(policy) });
  return made;
};

const buildspec = `version: 0.2
env: { exported-variables: [VERSION] }
phases: { build: { commands: [ "VERSION=$(cat version.txt)", "if [ $VERSION = bad ]; then exit 1; fi", "echo built > out.txt" ] } }
artifacts: { files: [out.txt] }
`;

const program = (executionMode: string) => (): void => {
  const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
  const artifacts = new aws.s3.Bucket("artifacts", { bucket: "artifacts" });
  new aws.cloudwatch.LogGroup("build", { name: "build" });
  new aws.cloudwatch.LogGroup("deploy", { name: "/aws/lambda/deploy" });
  const topic = new aws.sns.Topic("people", { name: "people" });
  new aws.sns.TopicSubscription("people", { topic: topic.arn, protocol: "email", endpoint: "ops@example.com" });
  const project = new aws.codebuild.Project("build", {
    name: "build",
    serviceRole: role("builder", "codebuild.amazonaws.com", "s3:GetObject", "s3:PutObject", ...logs).arn,
    source: { type: "CODEPIPELINE", buildspec },
    artifacts: { type: "CODEPIPELINE" },
    environment: { type: "LINUX_CONTAINER", computeType: "BUILD_GENERAL1_SMALL", image: "i" },
    logsConfig: { cloudwatchLogs: { groupName: "build" } },
  });
  const deploy = new aws.lambda.Function("deploy", {
    name: "deploy",
    role: role("deployer", "lambda.amazonaws.com", ...logs).arn,
    handler: "index.handler",
    runtime: "nodejs22.x",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(FUNCTION) }),
  });
  new aws.codepipeline.Pipeline("release", {
    name: "release",
    pipelineType: "V2",
    executionMode,
    roleArn: role(
      "releaser",
      "codepipeline.amazonaws.com",
      ...["s3:GetObject", "s3:PutObject", "codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
      ...["lambda:InvokeFunction", "sns:Publish"],
    ).arn,
    artifactStores: [{ type: "S3", location: artifacts.bucket }],
    stages: [
      {
        name: "Source",
        actions: [
          {
            ...{
              name: "Source",
              category: "Source",
              owner: "AWS",
              provider: "CodeCommit",
              version: "1",
              namespace: "Source",
            },
            outputArtifacts: ["Code"],
            configuration: { RepositoryName: "shop", BranchName: "main" },
          },
        ],
      },
      {
        name: "Build",
        actions: [
          {
            ...{
              name: "Build",
              category: "Build",
              owner: "AWS",
              provider: "CodeBuild",
              version: "1",
              namespace: "Build",
            },
            ...{ inputArtifacts: ["Code"], outputArtifacts: ["Built"] },
            configuration: { ProjectName: project.name },
          },
        ],
      },
      {
        name: "Prod",
        actions: [
          {
            ...{ name: "Approve", category: "Approval", owner: "AWS", provider: "Manual", version: "1", runOrder: 1 },
            configuration: { NotificationArn: topic.arn, CustomData: "version #{Build.VERSION}" },
          },
          {
            ...{ name: "Deploy", category: "Invoke", owner: "AWS", provider: "Lambda", version: "1", runOrder: 2 },
            ...{ inputArtifacts: ["Built"], namespace: "Deploy" },
            configuration: {
              FunctionName: deploy.name,
              UserParameters: '{"commit":"#{Source.CommitId}","run":"#{codepipeline.PipelineExecutionId}"}',
            },
          },
        ],
      },
    ],
  });
};

interface Job {
  readonly id: string;
  readonly data: {
    readonly actionConfiguration: { readonly configuration: { readonly UserParameters: string } };
    readonly continuationToken?: string;
    readonly inputArtifacts: readonly { readonly location: { readonly s3Location: { readonly objectKey: string } } }[];
  };
}

interface Release extends TestStage {
  readonly aws: CodePipelineClient;
  readonly push: (version?: string) => Promise<string>;
  readonly status: (id: string) => Promise<string | undefined>;
  /** `Build Succeeded`, stage by stage. */
  readonly actions: () => Promise<string[]>;
  readonly approve: (status?: "Approved" | "Rejected") => Promise<void>;
  readonly jobs: () => Job[];
}

async function withRelease(
  run: (test: Release) => Promise<void>,
  { mode = "QUEUED", folder }: { mode?: string; folder?: string } = {},
): Promise<void> {
  await withStage(
    await render(program(mode)),
    async (test) => {
      const client = new CodePipelineClient(test.client());
      const service = test.stage.service("codepipeline");
      assert.ok(service instanceof CodePipelineService);
      let pushed = 0;
      const state = async () => (await client.send(new GetPipelineStateCommand({ name: "release" }))).stageStates ?? [];
      const release: Release = {
        ...test,
        aws: client,
        push: async (version = "1.0") => {
          const archive = writeZip([{ path: "version.txt", content: Buffer.from(version) }]);
          const id = await service.announce("release", {
            id: `c${++pushed}`,
            summary: "a change",
            branch: "main",
            archive,
          });
          await test.clock.advance(10_000);
          return id;
        },
        status: async (pipelineExecutionId) =>
          (await client.send(new GetPipelineExecutionCommand({ pipelineName: "release", pipelineExecutionId })))
            .pipelineExecution?.status,
        actions: async () =>
          (await state()).flatMap(({ actionStates = [] }) =>
            actionStates.flatMap(({ actionName, latestExecution }) =>
              latestExecution === undefined ? [] : [`${actionName} ${latestExecution.status}`],
            ),
          ),
        approve: async (status = "Approved") => {
          const approval = (await state())[2]?.actionStates?.[0]?.latestExecution;
          await client.send(
            new PutApprovalResultCommand({
              ...{
                pipelineName: "release",
                stageName: "Prod",
                actionName: "Approve",
                token: approval?.token ?? "none",
              },
              result: { summary: "looked at", status },
            }),
          );
          await test.clock.advance(1_000);
        },
        jobs: () =>
          test.logged.flatMap((line) =>
            line.includes('{"job":') ? [(JSON.parse(line.slice(line.indexOf("{"))) as { job: Job }).job] : [],
          ),
      };
      try {
        await run(release);
      } finally {
        client.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

const lastJob = ({ jobs }: Release): Job => jobs().at(-1) ?? assert.fail("no job");

describe("A pipeline", () => {
  it("takes a push through build, approval and function, each as its role, with variables and artifacts", async () => {
    await withRelease(async (test) => {
      const id = await test.push("1.2");
      assert.deepEqual(await test.actions(), ["Source Succeeded", "Build Succeeded", "Approve InProgress"]);
      const state = await test.aws.send(new GetPipelineStateCommand({ name: "release" }));
      assert.equal(state.stageStates?.[2]?.actionStates?.[0]?.latestExecution?.summary, "version 1.2");
      await test.approve();
      const job = lastJob(test);
      assert.deepEqual(JSON.parse(job.data.actionConfiguration.configuration.UserParameters), {
        commit: "c1",
        run: id,
      });
      assert.match(job.data.inputArtifacts[0]?.location.s3Location.objectKey ?? "", /^release\/Built\/[0-9a-f]{8}$/);
      const { jobDetails } = await test.aws.send(new GetJobDetailsCommand({ jobId: job.id }));
      assert.equal(jobDetails?.data?.pipelineContext?.pipelineExecutionId, id);
      await test.aws.send(
        new PutJobSuccessResultCommand({
          jobId: job.id,
          outputVariables: { verdict: "safe" },
          executionDetails: { summary: "done" },
        }),
      );
      await test.clock.advance(1_000);
      assert.equal(await test.status(id), "Succeeded");
      const { actionExecutionDetails = [] } = await test.aws.send(
        new ListActionExecutionsCommand({ pipelineName: "release" }),
      );
      assert.deepEqual(actionExecutionDetails[0]?.output?.outputVariables, { verdict: "safe" });
    });
  });

  it("calls a function again while it answers with a token, and fails with its reason", async () => {
    await withRelease(async (test) => {
      const id = await test.push();
      await test.approve();
      const { id: jobId } = lastJob(test);
      await test.aws.send(
        new PutJobSuccessResultCommand({
          jobId,
          continuationToken: "later",
          executionDetails: { summary: "half", percentComplete: 50 },
        }),
      );
      assert.equal(test.jobs().length, 1);
      await test.clock.advance(31_000);
      assert.deepEqual(
        test.jobs().map(({ data }) => data.continuationToken),
        [undefined, "later"],
      );
      await test.aws.send(
        new PutJobFailureResultCommand({
          jobId,
          failureDetails: { type: "JobFailed", message: "refused: delete Orders" },
        }),
      );
      await test.clock.advance(1_000);
      const { pipelineExecution } = await test.aws.send(
        new GetPipelineExecutionCommand({ pipelineName: "release", pipelineExecutionId: id }),
      );
      assert.deepEqual(
        [pipelineExecution?.status, pipelineExecution?.statusSummary],
        ["Failed", "refused: delete Orders"],
      );
      await assert.rejects(test.aws.send(new PutJobSuccessResultCommand({ jobId })), {
        name: "InvalidJobStateException",
      });
    });
  });

  it("fails a function that lets nothing be heard of it", async () => {
    await withRelease(async (test) => {
      const id = await test.push();
      await test.approve();
      await test.clock.advance(21 * 60_000);
      assert.equal(await test.status(id), "Failed");
    });
  });

  it("ends with a build that fails, and goes on from there when it is tried again", async () => {
    await withRelease(async (test) => {
      const id = await test.push("bad");
      assert.deepEqual(await test.actions(), ["Source Succeeded", "Build Failed"]);
      assert.equal(await test.status(id), "Failed");
      await test.aws.send(
        new RetryStageExecutionCommand({
          pipelineName: "release",
          stageName: "Build",
          pipelineExecutionId: id,
          retryMode: "FAILED_ACTIONS",
        }),
      );
      await test.clock.advance(10_000);
      const { actionExecutionDetails = [] } = await test.aws.send(
        new ListActionExecutionsCommand({ pipelineName: "release" }),
      );
      assert.deepEqual(
        actionExecutionDetails.map(({ actionName, status }) => `${actionName} ${status}`),
        ["Build Failed", "Build Failed", "Source Succeeded"],
      );
    });
  });

  it("ends when a person refuses", async () => {
    await withRelease(async (test) => {
      const id = await test.push();
      await test.approve("Rejected");
      assert.equal(await test.status(id), "Failed");
      assert.equal(test.jobs().length, 0);
    });
  });

  it("lets runs wait for each other where they are queued", async () => {
    await withRelease(async (test) => {
      const [first, second] = [await test.push("1"), await test.push("2")];
      assert.deepEqual([await test.status(first), await test.status(second)], ["InProgress", "InProgress"]);
      await test.approve("Rejected");
      assert.deepEqual([await test.status(first), await test.status(second)], ["Failed", "InProgress"]);
      assert.ok((await test.actions()).includes("Approve InProgress"));
    });
  });

  it("lets the newest of those that wait go first where they are superseded", async () => {
    await withRelease(
      async (test) => {
        const ids = [await test.push("1"), await test.push("2"), await test.push("3")];
        await test.approve("Rejected");
        assert.deepEqual(await Promise.all(ids.map(test.status)), ["Failed", "Superseded", "InProgress"]);
      },
      { mode: "SUPERSEDED" },
    );
  });

  it("holds runs back from a stage that is closed, and stops one on demand", async () => {
    await withRelease(async (test) => {
      const stage = { pipelineName: "release", stageName: "Prod", transitionType: "Inbound" } as const;
      await test.aws.send(new DisableStageTransitionCommand({ ...stage, reason: "holidays" }));
      const id = await test.push();
      assert.deepEqual(await test.actions(), ["Source Succeeded", "Build Succeeded"]);
      await test.aws.send(new EnableStageTransitionCommand(stage));
      await test.clock.advance(1_000);
      assert.ok((await test.actions()).includes("Approve InProgress"));
      await test.aws.send(
        new StopPipelineExecutionCommand({ pipelineName: "release", pipelineExecutionId: id, abandon: true }),
      );
      assert.equal(await test.status(id), "Stopped");
    });
  });

  it("goes back to an earlier run's artifacts, through the same actions", async () => {
    await withRelease(async (test) => {
      const first = await test.push();
      await test.approve();
      await test.aws.send(new PutJobSuccessResultCommand({ jobId: lastJob(test).id }));
      await test.clock.advance(1_000);
      const { pipelineExecutionId = "" } = await test.aws.send(
        new RollbackStageCommand({ pipelineName: "release", stageName: "Prod", targetPipelineExecutionId: first }),
      );
      await test.clock.advance(1_000);
      await test.approve();
      assert.equal(test.jobs().length, 2);
      const { pipelineExecutionSummaries = [] } = await test.aws.send(
        new ListPipelineExecutionsCommand({ pipelineName: "release" }),
      );
      assert.equal(
        pipelineExecutionSummaries.find((each) => each.pipelineExecutionId === pipelineExecutionId)?.executionType,
        "ROLLBACK",
      );
    });
  });

  it("is started once by a call that is repeated, with the newest revision", async () => {
    await withRelease(async (test) => {
      await test.push();
      const input = { name: "release", clientRequestToken: "once" };
      const ids = [
        await test.aws.send(new StartPipelineExecutionCommand(input)),
        await test.aws.send(new StartPipelineExecutionCommand(input)),
      ];
      assert.equal(ids[0]?.pipelineExecutionId, ids[1]?.pipelineExecutionId);
      await assert.rejects(test.aws.send(new StartPipelineExecutionCommand({ name: "none" })), {
        name: "PipelineNotFoundException",
      });
    });
  });

  it("goes on where it was when the stage opens again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
    try {
      let id = "";
      await withRelease(async (test) => void ((id = await test.push()), await test.approve()), { folder });
      await withRelease(
        async (test) => {
          await test.clock.advance(1_000);
          assert.equal(await test.status(id), "InProgress");
          // Its call went down with the stage: the function is called once more.
          await test.aws.send(new PutJobSuccessResultCommand({ jobId: lastJob(test).id }));
          await test.clock.advance(1_000);
          assert.equal(await test.status(id), "Succeeded");
        },
        { folder },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
