/**
 * The pipeline and its parts, under the monitor. Does not prove that they run (the local stage does) or that AWS accepts
 * them.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { functions } from "../../functions/manifest";
import type { Graph } from "../../local/graph/graph";
import { at, foundation, policyOf } from "../../test/foundation";
import { render } from "../../test/stage";
import { NotificationTopic } from "../notify/notification-topic";
import { inputKeyOf, planBlueprint, type BlueprintArgs, type PlannedAction } from "./blueprint";
import { applySpec, buildSpec, previewSpec, pullRequestSpec } from "./buildspecs";
import { DeployAction } from "./deploy-action";
import { DeployMachine } from "./deploy-machine";
import { Pipeline } from "./pipeline";
import type { StageNames } from "./apply-access";
import { createReleaseBuilds } from "./release-builds";
import type { Deployment, ReleaseStage } from "./release-stage";
import { ReleaseStore } from "./release-store";
import { createStackRole } from "./stack-role";

const PARTS = {
  connectionArn: "arn:connection",
  buildProject: "build",
  trigger: "trigger",
  machine: "arn:machine",
  releaseBucket: "releases",
  approvalTopic: "arn:topic",
};
const PULUMI: Deployment = { engine: "pulumi" };
const SAMPLE: Deployment = { engine: "cloudformation", stackName: "sample", templatePath: "infra/t.yaml" };
const CONNECTION = {
  kind: "connection",
  provider: "GitHub",
  repository: "example/clickstream",
  branch: "main",
} as const;
const DEV: ReleaseStage = { name: "dev", deployments: [PULUMI] };
const PROD: ReleaseStage = { name: "prod", deployments: [PULUMI], approval: true };

const args = (changes: Partial<BlueprintArgs> = {}): BlueprintArgs => ({
  source: CONNECTION,
  stages: [DEV, PROD],
  deployBy: "lambda",
  ...changes,
});

const NAMES: StageNames = { rolePrefix: "shop-", buckets: ["raw"], functions: ["detect"] };

const network = { subnetIds: ["subnet-1"], functionsGroupId: "sg-1" };

function renderPipeline(blueprint: BlueprintArgs, permissionsBoundary?: string): Promise<Graph> {
  return render(() => {
    const on = foundation(permissionsBoundary === undefined ? {} : { roles: { permissionsBoundary } });
    const [store, artifacts, state] = ["releases", "artifacts", "state"].map((name) => new ReleaseStore(name, { on }));
    if (store === undefined || artifacts === undefined || state === undefined) throw new Error("three buckets");
    const stages = blueprint.stages.map(({ name }) => name);
    const operators = new NotificationTopic("operators", { on, email: "ops@example.com", sender: "Releases" });
    const builds = createReleaseBuilds({ on, store, artifacts, state, stages, names: NAMES });
    const stackRole = createStackRole({ on, stages });
    const { preview: previewProject, apply: applyProject, build } = builds;
    const common = { on, network, store, artifacts, operators };
    const machine = new DeployMachine("deploy", { ...common, stages, stackRole, previewProject, applyProject });
    const deploy = new DeployAction("trigger", { on, network, machine, store });
    new Pipeline("release", { ...blueprint, ...common, build, deploy, machine });
  });
}

describe("A pipeline's blueprint", () => {
  it("goes from source to build, and then stage by stage", () => {
    const stages = planBlueprint("release", args(), PARTS);
    assert.deepEqual(
      stages.map(({ name, actions }) => [name, ...actions.map((action) => `${action.runOrder} ${action.name}`)]),
      [
        ["Source", "1 Source"],
        ["Build", "1 Build"],
        ["Dev", "1 Deploy"],
        ["Prod", "1 Review", "2 Approve", "3 Deploy"],
      ],
    );
  });

  it("deploys by the article's action and parameters", () => {
    const [, , dev] = planBlueprint("release", args(), PARTS);
    const action = dev?.actions[0] ?? assert.fail();
    assert.deepEqual([action.category, action.provider, action.inputs], ["Invoke", "Lambda", ["SourceOutput"]]);
    const { s3Bucket, stateMachineFile, pipelineExecutionId } = userParameters(action);
    assert.deepEqual([s3Bucket, stateMachineFile], ["releases", "inputs/dev/platform.json"]);
    assert.equal(pipelineExecutionId, "#{codepipeline.PipelineExecutionId}");
  });

  it("shows the verdict to who approves, and binds the deployment to what was reviewed", () => {
    const [, , , prod] = planBlueprint("release", args(), PARTS);
    const [review, approve, deploy] = prod?.actions ?? [];
    assert.ok(review && approve && deploy);
    assert.equal(userParameters(review)["mode"], "review");
    const shown = String(approve.configuration["CustomData"]);
    for (const variable of ["verdict", "digest", "summary"])
      assert.ok(shown.includes(`#{${review.namespace}.${variable}}`));
    const reviewed = userParameters(deploy)["reviewed"] as Record<string, string>;
    assert.deepEqual(Object.keys(reviewed).sort(), ["digest", "evidence", "subject"]);
    assert.ok(reviewed["digest"]?.includes(`${review.namespace}.digest`));
  });

  it("can leave it to CodePipeline to start the machine, which then knows where the artifact is", () => {
    const [, , dev] = planBlueprint("release", args({ deployBy: "step-functions", stages: [DEV] }), PARTS);
    const [keep, deploy] = dev?.actions ?? [];
    const input = deploy?.configuration["Input"] as Record<string, unknown>;
    assert.equal(deploy?.provider, "StepFunctions");
    assert.equal(input["revisionS3Key"], keep?.configuration["ObjectKey"]);
    assert.equal(input["engine"], "pulumi");
  });

  it("gives each deployment of a stage its own action and input", () => {
    const [, , dev] = planBlueprint(
      "release",
      args({ stages: [{ name: "dev", deployments: [PULUMI, SAMPLE] }] }),
      PARTS,
    );
    assert.deepEqual(
      dev?.actions.map(({ name }) => name),
      ["Deploy-platform", "Deploy-sample"],
    );
    assert.notEqual(inputKeyOf("dev", PULUMI), inputKeyOf("dev", SAMPLE));
  });

  it("is refused with everything that is wrong with it", () => {
    const wrong = args({
      source: { ...CONNECTION, repository: "clickstream" },
      stages: [DEV, DEV, { name: "Prod!", deployments: [] }],
    });
    assert.throws(() => planBlueprint("release", wrong, PARTS), {
      message:
        'Pipeline release: source.repository must be "owner/name", got "clickstream"; stages must be stages with different names, got ["dev","dev","Prod!"]; ' +
        'stages.name must be 1..20 lower-case letters, digits and hyphens, got "Prod!"; stages.Prod!.deployments must be at least one deployment, each once, got []',
    });
  });
});

function userParameters({ configuration }: PlannedAction): Record<string, unknown> {
  return configuration["UserParameters"] as Record<string, unknown>;
}

describe("A pipeline", () => {
  it("lets runs wait for each other, takes pushes of its branch and paths only, and tells how they end", async () => {
    const graph = await renderPipeline(args({ source: { ...CONNECTION, paths: ["infra/**"] } }));
    const pipeline = graph.only("aws:codepipeline/pipeline:Pipeline");
    assert.deepEqual([at(pipeline, "pipelineType"), at(pipeline, "executionMode")], ["V2", "QUEUED"]);
    assert.deepEqual(at(pipeline, "triggers.0.gitConfiguration.pushes.0"), {
      branches: { includes: ["main"] },
      filePaths: { includes: ["infra/**"] },
    });
    const { UserParameters } = at(pipeline, "stages.2.actions.0.configuration") as Record<string, string>;
    assert.equal(
      (JSON.parse(UserParameters ?? "") as Record<string, string>)["stateMachineFile"],
      "inputs/dev/platform.json",
    );
    const ends = graph.only("aws:cloudwatch/eventRule:EventRule", ({ name }) => name === "release-ends");
    assert.match(String(ends.inputs["eventPattern"]), /FAILED/);
  });

  it("puts the machine's input where its actions say", async () => {
    const graph = await renderPipeline(args({ stages: [{ name: "dev", deployments: [SAMPLE] }] }));
    const object = graph.only("aws:s3/bucketObjectv2:BucketObjectv2");
    assert.equal(object.inputs["key"], inputKeyOf("dev", SAMPLE));
    assert.deepEqual(JSON.parse(String(object.inputs["content"])), { environmentName: "dev", ...SAMPLE });
  });

  it("starts at a push to CodeCommit by a role that can do nothing else", async () => {
    const graph = await renderPipeline(
      args({ source: { kind: "codecommit", repository: "clickstream", branch: "main" } }),
    );
    const statements = policyOf(graph, "release-push");
    assert.deepEqual(
      Object.values(statements).map(({ Action }) => Action),
      [["codepipeline:StartPipelineExecution"]],
    );
    assert.equal(graph.ofType("aws:codeconnections/connection:Connection").length, 0);
  });
});

describe("The roles of a release", () => {
  let graph: Graph;
  before(
    async () =>
      void (graph = await renderPipeline(args({ stages: [DEV, PROD] }), "arn:aws:iam::000000000000:policy/edge")),
  );
  const actionsOf = (role: string): string[] => Object.values(policyOf(graph, role)).flatMap(({ Action }) => Action);

  it("let a preview write nothing but the preview and its log", () => {
    const writing = /:(?!Get|List|Describe|Decrypt|Encrypt|BatchGet)/;
    assert.deepEqual(
      actionsOf("preview")
        .filter((action) => writing.test(action))
        .sort(),
      ["kms:GenerateDataKey", "logs:CreateLogStream", "logs:PutLogEvents", "s3:PutObject"],
    );
    const { Resource = [] } = policyOf(graph, "preview")["Writereleasespreviews"] ?? {};
    assert.match(Resource[0] ?? "", /\/previews\/\*$/);
  });

  it("let an update make no role without the boundary, and pass roles to the platform's services only", () => {
    const statements = policyOf(graph, "apply");
    assert.deepEqual(statements["MakeRoles"]?.Condition, {
      StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::000000000000:policy/edge" },
    });
    assert.match(JSON.stringify(statements["PassRoles"]?.Condition), /iam:PassedToService/);
    assert.ok(
      !actionsOf("apply").some((action) => /^iam:(Attach|CreateUser|CreateAccessKey|CreatePolicy)/.test(action)),
    );
  });

  it("let no template write IAM", () => {
    assert.deepEqual(
      actionsOf("stacks").filter((action) => action.startsWith("iam:")),
      [],
    );
  });

  it("let the trigger start, see and stop one machine, and nothing else of Step Functions", () => {
    const machine = String(graph.only("aws:sfn/stateMachine:StateMachine").outputs["arn"]);
    const states = Object.values(policyOf(graph, "trigger")).filter(({ Action }) =>
      Action.some((action) => action.startsWith("states:")),
    );
    assert.deepEqual(
      states.flatMap(({ Resource }) => Resource).filter((arn) => arn !== machine),
      [
        `${machine.replace(":stateMachine:", ":execution:")}:*`,
        `${machine.replace(":stateMachine:", ":execution:")}:*`,
      ],
    );
  });

  it("G14: hold none of the sample's grants: no wildcard, no star but where AWS has no other, no misspelt action", () => {
    for (const { inputs, parent } of graph.ofType("aws:iam/rolePolicy:RolePolicy")) {
      const { Statement } = JSON.parse(String(inputs["policy"])) as {
        Statement: { Action: string[]; Resource: string[] }[];
      };
      for (const { Action } of Statement)
        for (const action of Action) assert.match(action, /^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/, parent);
    }
    for (const role of ["deploy", "prepare", "inspect", "trigger", "release"]) {
      assert.deepEqual(
        actionsOf(role).filter((action) => /^iam:(?!PassRole)/.test(action)),
        [],
        role,
      );
    }
  });
});

describe("Buildspecs", () => {
  it("are YAML that CodeBuild reads, and ask for what the program has", () => {
    for (const spec of [buildSpec(["dev"]), previewSpec(), applySpec(), pullRequestSpec(["dev"])]) {
      const { version, phases } = parse(spec) as { version: number; phases: Record<string, { commands: string[] }> };
      assert.equal(version, 0.2);
      assert.ok(phases["install"]?.commands.includes("npm ci"));
    }
  });

  it("judge every stage, and never name a secret", () => {
    assert.match(buildSpec(["dev", "prod"]), /policy --stage dev[\s\S]*policy --stage prod/);
    assert.doesNotMatch(buildSpec(["dev"]) + previewSpec() + applySpec(), /SECRET|PASSWORD|TOKEN/);
  });
});

describe("The sample application", () => {
  const folder = join(__dirname, "templates");

  it("makes no identities, so that it needs no capability", () => {
    const template = readFileSync(join(folder, "sample-application.yaml"), "utf8");
    assert.doesNotMatch(template, /AWS::IAM::/);
  });

  it("is given parameters that it has", () => {
    const template = readFileSync(join(folder, "sample-application.yaml"), "utf8");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const { Parameters } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { Parameters: object };
      for (const name of Object.keys(Parameters)) assert.match(template, new RegExp(`^  ${name}:$`, "m"), file);
    }
  });

  it("is released by functions of the manifest", () => {
    assert.deepEqual(
      ["inspect", "prepare", "trigger"].filter((name) => !(name in functions)),
      [],
    );
  });
});
