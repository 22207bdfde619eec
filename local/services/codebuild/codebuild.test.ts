/**
 * Builds as processes of this machine, with their sources and artifacts in S3.
 * Does not prove that an image of CodeBuild has the same tools, nor that a build cannot do what the stage's user can.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
  type Build,
  type StartBuildCommandInput,
} from "@aws-sdk/client-codebuild";
import { render, withStage, type TestStage } from "../../../test/stage";
import { readZip, writeZip } from "./zip";

const SECRET_OF_OPERATOR = "CLICKSTREAM_TEST_SECRET";

const program = (): void => {
  const role = new aws.iam.Role("build", {
    name: "build",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "codebuild.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy("build", {
    name: "build",
    role: role.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::artifacts/*" },
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
      ],
    }),
  });
  new aws.s3.Bucket("artifacts", { bucket: "artifacts" });
  new aws.cloudwatch.LogGroup("build", { name: "build" });
  new aws.codebuild.Project("shop", {
    name: "shop",
    serviceRole: role.arn,
    source: { type: "NO_SOURCE", buildspec: "version: 0.2\nphases: { build: { commands: [ 'true' ] } }" },
    artifacts: { type: "NO_ARTIFACTS" },
    environment: {
      type: "LINUX_CONTAINER",
      computeType: "BUILD_GENERAL1_SMALL",
      image: "aws/codebuild/standard:7.0",
      environmentVariables: [{ name: "STAGE", value: "dev" }],
    },
    logsConfig: { cloudwatchLogs: { groupName: "build" } },
  });
};

interface Builds extends TestStage {
  readonly aws: CodeBuildClient;
  readonly build: (spec: string, input?: Partial<StartBuildCommandInput>) => Promise<Build>;
}

async function withBuilds(run: (test: Builds) => Promise<void>): Promise<void> {
  await withStage(await render(program), async (test) => {
    const client = new CodeBuildClient(test.client());
    const get = async (id: string): Promise<Build> => {
      const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
      return builds[0] ?? assert.fail(id);
    };
    const build: Builds["build"] = async (buildspecOverride, input = {}) => {
      const started = await client.send(new StartBuildCommand({ projectName: "shop", buildspecOverride, ...input }));
      await test.clock.settle();
      return get(started.build?.id ?? "");
    };
    try {
      await run({ ...test, aws: client, build });
    } finally {
      client.destroy();
    }
  });
}

const spec = (phases: object, more: object = {}): string => JSON.stringify({ version: 0.2, phases, ...more });
const put = ({ stage }: TestStage, Key: string, Body: Buffer): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "s3", "PutObject", { Bucket: "artifacts", Key, Body });
const phasesOf = ({ phases = [] }: Build): Record<string, string | undefined> =>
  Object.fromEntries(phases.map(({ phaseType, phaseStatus }) => [phaseType ?? "", phaseStatus]));

describe("A build", () => {
  it("runs its phases in one folder and with one set of variables, and says how each went", async () => {
    await withBuilds(async ({ build, logged }) => {
      const done = await build(
        spec(
          {
            install: { commands: ["mkdir inner && cd inner", "export GREETING=hello"] },
            build: { commands: ["pwd > where", "echo $GREETING $STAGE $COLOUR"], finally: ["echo at last"] },
            post_build: { commands: ["cat where"] },
          },
          { env: { variables: { COLOUR: "red" }, "exported-variables": ["GREETING"] } },
        ),
      );
      assert.equal(done.buildStatus, "SUCCEEDED");
      assert.deepEqual(
        ["INSTALL", "BUILD", "POST_BUILD"].map((name) => phasesOf(done)[name]),
        ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
      );
      assert.ok(logged.includes("hello dev red"), logged.join("\n"));
      assert.ok(logged.includes("at last"));
      assert.ok(logged.some((line) => line.endsWith("/src/inner")));
      assert.deepEqual(done.exportedEnvironmentVariables, [{ name: "GREETING", value: "hello" }]);
    });
  });

  it("fails with the command that failed, and is cleaned up after", async () => {
    await withBuilds(async ({ build, logged }) => {
      const done = await build(
        spec({
          build: { commands: ["true", "false && true", "echo never"], finally: ["echo finally"] },
          post_build: { commands: ["echo after $CODEBUILD_BUILD_SUCCEEDING"] },
        }),
      );
      assert.equal(done.buildStatus, "FAILED");
      const failed = done.phases?.find(({ phaseType }) => phaseType === "BUILD")?.contexts?.[0];
      assert.match(failed?.message ?? "", /Error while executing command: false && true\. Reason: exit status 1/);
      assert.ok(
        !logged.includes("never") && logged.includes("finally") && logged.includes("after 0"),
        logged.join("\n"),
      );
    });
  });

  it("does not build what could not be prepared", async () => {
    await withBuilds(async ({ build, logged }) => {
      const done = await build(
        spec({
          pre_build: { commands: ["exit 3"] },
          build: { commands: ["echo built"] },
          post_build: { commands: ["echo post"] },
        }),
      );
      assert.deepEqual([done.buildStatus, phasesOf(done)["BUILD"]], ["FAILED", undefined]);
      assert.ok(!logged.includes("built") && !logged.includes("post"));
    });
  });

  it("gets nothing of the operator's, and its role's session", async () => {
    process.env[SECRET_OF_OPERATOR] = "hidden";
    try {
      await withBuilds(async ({ build, logged, stage }) => {
        await build(spec({ build: { commands: ["env", 'echo "home=$HOME key=$AWS_ACCESS_KEY_ID"'] } }));
        const all = logged.join("\n");
        assert.doesNotMatch(all, new RegExp(SECRET_OF_OPERATOR));
        assert.ok(!all.includes(stage.operator.accessKeyId));
        assert.match(all, /home=.*\/build-\w+\/home key=ASIA/);
        assert.ok(all.includes(`AWS_ENDPOINT_URL=${stage.url}`));
      });
    } finally {
      delete process.env[SECRET_OF_OPERATOR];
    }
  });

  it("takes its sources from an archive and packs its artifacts into others, as its role", async () => {
    await withBuilds(async (test) => {
      const files = [
        {
          path: "buildspec.yml",
          content: Buffer.from(`version: 0.2
phases: { build: { commands: ["./run.sh", "mkdir -p out/deep", "echo one > out/a.txt", "echo two > out/deep/b.txt", "echo log > out/c.log"] } }
artifacts:
  base-directory: out
  files: ["**/*.txt"]
  secondary-artifacts: { logs: { base-directory: out, files: "*.log" } }
`),
        },
        { path: "run.sh", content: Buffer.from("#!/bin/sh\necho ran\n"), isExecutable: true },
      ];
      await put(test, "source.zip", writeZip(files));
      const done = await test.build("buildspec.yml", {
        sourceTypeOverride: "S3",
        sourceLocationOverride: "artifacts/source.zip",
        artifactsOverride: { type: "S3", location: "artifacts", name: "out.zip", packaging: "ZIP" },
        secondaryArtifactsOverride: [
          { type: "S3", location: "artifacts", name: "logs.zip", packaging: "ZIP", artifactIdentifier: "logs" },
        ],
      });
      assert.equal(done.buildStatus, "SUCCEEDED", test.logged.join("\n"));
      const read = async (Key: string): Promise<string[]> => {
        const { Body } = (await test.stage.dispatch(test.stage.operator.principal, "s3", "GetObject", {
          Bucket: "artifacts",
          Key,
        })) as { Body: Buffer };
        return readZip(Buffer.from(Body)).map(({ path, content }) => `${path}: ${content.toString().trim()}`);
      };
      assert.deepEqual(await read("out.zip"), ["a.txt: one", "deep/b.txt: two"]);
      assert.deepEqual(await read("logs.zip"), ["c.log: log"]);
    });
  });

  it("is denied what its role may not read", async () => {
    await withBuilds(async ({ build }) => {
      const done = await build("buildspec.yml", {
        sourceTypeOverride: "S3",
        sourceLocationOverride: "elsewhere/source.zip",
      });
      assert.deepEqual([done.buildStatus, phasesOf(done)["DOWNLOAD_SOURCE"]], ["FAILED", "FAILED"]);
    });
  });

  it("is stopped with everything that it started", async () => {
    await withBuilds(async ({ aws: client, clock }) => {
      const buildspecOverride = spec({ build: { commands: ["sleep 300 & sleep 300"] } });
      const { build } = await client.send(new StartBuildCommand({ projectName: "shop", buildspecOverride }));
      await new Promise((resolve) => setTimeout(resolve, 200));
      const stopped = await client.send(new StopBuildCommand({ id: build?.id ?? "" }));
      assert.equal(stopped.build?.buildStatus, "STOPPED");
      await clock.settle();
    });
  });

  it("is started once by a call that is repeated", async () => {
    await withBuilds(async ({ aws: client, clock }) => {
      const input = { projectName: "shop", idempotencyToken: "once" };
      const ids = [
        await client.send(new StartBuildCommand(input)),
        await client.send(new StartBuildCommand(input)),
      ].map(({ build }) => build?.id);
      assert.equal(ids[0], ids[1]);
      await clock.settle();
      const { ids: listed } = await client.send(new ListBuildsForProjectCommand({ projectName: "shop" }));
      assert.deepEqual(listed, [ids[0]]);
    });
  });

  it("is refused with a buildspec that says what the stage does not follow", async () => {
    await withBuilds(async ({ build }) => {
      const done = await build("version: 0.1\nphases: {}\n");
      assert.match(
        done.phases?.find(({ phaseType }) => phaseType === "DOWNLOAD_SOURCE")?.contexts?.[0]?.message ?? "",
        /version: must be 0\.2/,
      );
    });
  });
});
