/**
 * The stack that releases the others: a pipeline, and the machine by which it deploys. It has a stack of its own, so that no
 * release changes what releases it.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation, Place } from "../infra/core/foundation";
import { defaultTags } from "../infra/core/tags";
import { Network } from "../infra/network/network";
import { NotificationTopic } from "../infra/notify/notification-topic";
import { DeployAction } from "../infra/release/deploy-action";
import { DeployMachine } from "../infra/release/deploy-machine";
import { Pipeline } from "../infra/release/pipeline";
import { PullRequests } from "../infra/release/pull-requests";
import { backendUrlOf, secretsProviderOf } from "../infra/release/pulumi-state";
import { createReleaseBuilds } from "../infra/release/release-builds";
import type { ReleaseStage, Source } from "../infra/release/release-stage";
import { ReleaseStore } from "../infra/release/release-store";
import { createStackRole } from "../infra/release/stack-role";
import { EncryptionKey } from "../infra/store/encryption-key";
import { partitionOf } from "./partition";
import { PLATFORM_NAMES } from "./platform";
import type { ReleaseSettings } from "./release-settings";
import { NAMESPACE, type Stage } from "./stage";

export interface ReleaseOutputs {
  readonly pipelineName: pulumi.Output<string>;
  readonly deployMachineArn: pulumi.Output<string>;
  /** Holds inputs, evidence of inspections, and approvals. */
  readonly releaseBucketName: pulumi.Output<string>;
  /** What `pulumi login` and `pulumi stack init --secrets-provider` are told for every stage that is released. */
  readonly pulumiBackendUrl: pulumi.Output<string>;
  readonly pulumiSecretsProvider: pulumi.Output<string>;
  /** Must be authorised once by hand where it was made here. */
  readonly connectionArn?: pulumi.Output<string>;
}

export function release(stage: Stage, settings: ReleaseSettings): ReleaseOutputs {
  // 0. The ground it stands on.
  const provider = new aws.Provider("aws", {
    region: stage.region as aws.Region,
    defaultTags: { tags: defaultTags({ project: NAMESPACE, stage: stage.name }) },
  });
  const opts = { providers: { aws: provider } };
  const place: Place = {
    partition: partitionOf(stage.region),
    region: stage.region,
    account: aws.getCallerIdentityOutput({}, { provider }).accountId,
  };
  const key = new EncryptionKey(
    "key",
    { place, durability: stage.durability, notifiers: ["events.amazonaws.com"] },
    opts,
  );
  const on: Foundation = {
    place,
    roles: stage.roles,
    durability: stage.durability,
    logRetention: stage.logRetention,
    key,
  };
  const { availabilityZones, given } = stage.network;
  const network = new Network(
    "network",
    {
      place,
      services: ["cloudformation", "codepipeline", "states"],
      availabilityZones,
      ...(given === undefined ? {} : { given }),
    },
    opts,
  );

  // 1. What it keeps: what machines are started with and what they saw, artifacts between actions, the state of stacks.
  const store = new ReleaseStore("releases", { on }, opts);
  const artifacts = new ReleaseStore("artifacts", { on }, opts);
  const state = new ReleaseStore("state", { on }, opts);

  // 2. Who hears of it.
  const operators = new NotificationTopic(
    "operators",
    { on, email: stage.opsEmail, sender: "Releases", services: ["events.amazonaws.com"] },
    opts,
  );

  // 3. What builds, previews and applies.
  const stages = settings.stages.map(({ name }) => name);
  const { buildNetwork, checks } = settings;
  const builds = createReleaseBuilds(
    {
      on,
      store,
      artifacts,
      state,
      stages,
      names: { rolePrefix: settings.rolePrefix, ...PLATFORM_NAMES },
      ...(checks === undefined ? {} : { checks }),
      ...(buildNetwork === undefined ? {} : { network: buildNetwork }),
    },
    opts,
  );

  // 4. What decides.
  const machine = new DeployMachine(
    "deploy",
    {
      on,
      network,
      store,
      artifacts,
      stages,
      stackRole: createStackRole({ on, stages }, opts),
      previewProject: builds.preview,
      applyProject: builds.apply,
      operators,
    },
    opts,
  );
  const deploy = new DeployAction("trigger", { on, network, machine, store }, opts);

  // 5. What brings pushes to it.
  const source = settings.source as Source;
  const pipeline = new Pipeline(
    "release",
    {
      on,
      source,
      stages: settings.stages as readonly ReleaseStage[],
      deployBy: settings.deployBy,
      store,
      artifacts,
      build: builds.build,
      deploy,
      machine,
      operators,
    },
    opts,
  );
  const { connectionArn } = pipeline;
  if (source.kind === "connection" && connectionArn !== undefined) {
    new PullRequests("pull-requests", { on, source, connectionArn, stages }, opts);
  }

  return {
    pipelineName: pipeline.name,
    deployMachineArn: machine.arn,
    releaseBucketName: store.name,
    pulumiBackendUrl: backendUrlOf(state, on),
    pulumiSecretsProvider: secretsProviderOf(on),
    ...(connectionArn === undefined ? {} : { connectionArn }),
  };
}
