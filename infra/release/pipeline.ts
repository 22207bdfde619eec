/**
 * The pipeline: pushes come in, are built, and go through the stages one after the other. Runs wait for each other
 * (QUEUED), so that none overtakes another between its approval and its deployment.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { Role } from "../iam/role";
import type { NotificationTopic } from "../notify/notification-topic";
import {
  inputKeyOf,
  machineInputOf,
  planBlueprint,
  type BlueprintArgs,
  type PlannedAction,
  type PlannedStage,
} from "./blueprint";
import type { BuildProject } from "./build-project";
import type { DeployAction } from "./deploy-action";
import type { DeployMachine } from "./deploy-machine";
import type { Source } from "./release-stage";
import type { ReleaseStore } from "./release-store";

export interface PipelineArgs extends BlueprintArgs {
  readonly on: Foundation;
  readonly store: ReleaseStore;
  readonly artifacts: ReleaseStore;
  readonly build: BuildProject;
  readonly deploy: DeployAction;
  readonly machine: DeployMachine;
  /** Tells people: approvals that wait, and how runs end. */
  readonly operators: NotificationTopic;
}

const OF_REPOSITORIES = "CodePipeline fetches commits on its behalf";

export class Pipeline extends ClickstreamComponent {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Of the repository; one that was made here waits until someone authorises it. */
  readonly connectionArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const parts = {
      buildProject: args.build.name,
      trigger: args.deploy.function.name,
      machine: args.machine.arn,
      releaseBucket: args.store.name,
      approvalTopic: args.operators.arn,
    };
    planBlueprint(name, args, { ...parts, connectionArn: "" });
    super("clickstream:release:Pipeline", name, {}, opts);
    const { on, source, artifacts } = args;

    this.connectionArn = source.kind === "connection" ? this.#connect(name, source) : undefined;
    const stages = planBlueprint(name, args, { ...parts, connectionArn: this.connectionArn ?? "" });
    for (const stage of args.stages) {
      for (const deployment of stage.deployments) {
        const key = inputKeyOf(stage.name, deployment);
        const input = JSON.stringify(machineInputOf(stage.name, deployment));
        args.store.keep(key.replace(/^inputs\/|\.json$/g, "").replace("/", "-"), key, input);
      }
    }
    const role = new Role(
      name,
      {
        on,
        trust: {
          kind: "service",
          service: "codepipeline.amazonaws.com",
          conditions: { StringEquals: { "aws:SourceAccount": on.place.account } },
        },
        description: "Runs the release pipeline",
        access: this.#access(args, stages),
      },
      { parent: this },
    );
    const pipeline = new aws.codepipeline.Pipeline(
      name,
      {
        pipelineType: "V2",
        executionMode: "QUEUED",
        roleArn: role.arn,
        artifactStores: [{ type: "S3", location: artifacts.name, encryptionKey: { type: "KMS", id: on.key.arn } }],
        stages: stages.map(renderStage),
        ...(source.kind === "connection" ? { triggers: [triggerOf(source)] } : {}),
      },
      this.child({ dependsOn: [role.ready] }),
    );
    if (source.kind === "codecommit") this.#startOnPush(name, source, pipeline, on);
    this.#tellOfEnds(name, pipeline, args.operators);

    this.name = pipeline.name;
    this.arn = pipeline.arn;
    this.registerOutputs({ name: this.name });
  }

  #connect(name: string, { connectionArn, provider }: Extract<Source, { kind: "connection" }>): pulumi.Output<string> {
    if (connectionArn !== undefined) return pulumi.output(connectionArn);
    return new aws.codeconnections.Connection(name, { providerType: provider }, this.child()).arn;
  }

  #access(args: PipelineArgs, stages: readonly PlannedStage[]): Capability[] {
    const { on, artifacts, store, build, deploy, machine, operators, source, deployBy } = args;
    const approves = stages.some(({ actions }) => actions.some(({ category }) => category === "Approval"));
    return [
      artifacts.canHandOn("hands artifacts from action to action"),
      build.canRun("builds what was pushed"),
      this.#canRead(source, on),
      ...(deployBy === "lambda"
        ? [deploy.canBeInvoked(on)]
        : [machine.canStart("starts deployments itself"), store.canWrite("revisions", "keeps what is deployed")]),
      ...(approves ? [operators.canPublish("asks for approvals")] : []),
    ];
  }

  #canRead(source: Source, { place: { partition, region, account } }: Foundation): Capability {
    if (source.kind === "connection") {
      return permits({
        sid: "UseConnection",
        reason: "takes pushes from the repository",
        actions: ["codeconnections:UseConnection"],
        targets: [{ arn: this.connectionArn ?? "", pattern: `arn:${partition}:*:${region}:*:connection/*` }],
        idle: OF_REPOSITORIES,
      });
    }
    const { repository } = source;
    return permits({
      sid: "ReadRepository",
      reason: "takes pushes from the repository",
      actions: [
        ...(["codecommit:GetBranch", "codecommit:GetCommit", "codecommit:GetRepository"] as const),
        ...(["codecommit:GetUploadArchiveStatus", "codecommit:UploadArchive"] as const),
      ],
      targets: [
        {
          arn: pulumi.interpolate`arn:${partition}:codecommit:${region}:${account}:${repository}`,
          pattern: `arn:${partition}:codecommit:${region}:*:${repository}`,
        },
      ],
      idle: OF_REPOSITORIES,
    });
  }

  /** CodeCommit has no filters of its own: a rule picks the branch, and starts the pipeline as a role of its own. */
  #startOnPush(
    name: string,
    { repository, branch }: Extract<Source, { kind: "codecommit" }>,
    pipeline: aws.codepipeline.Pipeline,
    on: Foundation,
  ): void {
    const { partition, region, account } = on.place;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-push`,
      {
        description: "Pushes to the branch that is released",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.codecommit"],
          "detail-type": ["CodeCommit Repository State Change"],
          resources: [pulumi.interpolate`arn:${partition}:codecommit:${region}:${account}:${repository}`],
          detail: {
            event: ["referenceCreated", "referenceUpdated"],
            referenceType: ["branch"],
            referenceName: [branch],
          },
        }),
      },
      this.child(),
    );
    const starter = new Role(
      `${name}-push`,
      {
        on,
        trust: { kind: "service", service: "events.amazonaws.com" },
        description: "Starts the release pipeline when its branch moves",
        access: [
          permits({
            sid: "StartPipeline",
            reason: "a push begins a release",
            actions: ["codepipeline:StartPipelineExecution"],
            targets: [{ arn: pipeline.arn, pattern: `arn:${partition}:codepipeline:${region}:*:${name}-*` }],
            idle: "EventBridge uses it when CodeCommit tells of a push",
          }),
        ],
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-push`,
      { rule: rule.name, arn: pipeline.arn, roleArn: starter.arn },
      this.child({ dependsOn: [starter.ready] }),
    );
  }

  #tellOfEnds(name: string, pipeline: aws.codepipeline.Pipeline, operators: NotificationTopic): void {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-ends`,
      {
        description: "How releases end",
        eventPattern: pulumi.jsonStringify({
          source: ["aws.codepipeline"],
          "detail-type": ["CodePipeline Pipeline Execution State Change"],
          detail: { pipeline: [pipeline.name], state: ["SUCCEEDED", "FAILED", "STOPPED", "SUPERSEDED"] },
        }),
      },
      this.child(),
    );
    new aws.cloudwatch.EventTarget(`${name}-ends`, { rule: rule.name, arn: operators.arn }, this.child());
  }
}

function renderStage({ name, actions }: PlannedStage): aws.types.input.codepipeline.PipelineStage {
  return { name, actions: actions.map(renderAction) };
}

function renderAction(action: PlannedAction): aws.types.input.codepipeline.PipelineStageAction {
  const { name, category, provider, runOrder, inputs, outputs, namespace, configuration, timeoutMinutes } = action;
  const texts = Object.entries(configuration).map(([key, value]) => [
    key,
    isPlain(value) ? pulumi.jsonStringify(value) : value,
  ]);
  return {
    ...{ name, category, provider, runOrder, owner: "AWS", version: "1" },
    inputArtifacts: [...inputs],
    outputArtifacts: [...outputs],
    configuration: Object.fromEntries(texts) as Record<string, pulumi.Input<string>>,
    ...(namespace === undefined ? {} : { namespace }),
    ...(timeoutMinutes === undefined ? {} : { timeoutInMinutes: timeoutMinutes }),
  };
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}

function triggerOf({
  branch,
  paths,
}: Extract<Source, { kind: "connection" }>): aws.types.input.codepipeline.PipelineTrigger {
  return {
    providerType: "CodeStarSourceConnection",
    gitConfiguration: {
      sourceActionName: "Source",
      pushes: [
        { branches: { includes: [branch] }, ...(paths === undefined ? {} : { filePaths: { includes: [...paths] } }) },
      ],
    },
  };
}
