/** The platform, in the order of an event's journey. Every stage is this composition; a stage is data. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Foundation, Place } from "../infra/core/foundation";
import { defaultTags } from "../infra/core/tags";
import { BeaconApi } from "../infra/ingest/beacon-api";
import { DataGenerator } from "../infra/ingest/data-generator";
import { ExternalProducer } from "../infra/ingest/external-producer";
import { RawArchive } from "../infra/ingest/raw-archive";
import { Network } from "../infra/network/network";
import { NotificationTopic } from "../infra/notify/notification-topic";
import { Alarms } from "../infra/observe/alarms";
import { Dashboard } from "../infra/observe/dashboard";
import { CtrAnomaly } from "../infra/realtime/ctr-anomaly";
import { EncryptionKey } from "../infra/store/encryption-key";
import { EventStream } from "../infra/store/event-stream";
import { FailureQueue } from "../infra/store/failure-queue";
import { LakeBucket } from "../infra/store/lake-bucket";
import { StateTable } from "../infra/store/state-table";
import { partitionOf } from "./partition";
import { NAMESPACE, type Stage } from "./stage";

/** Finds sites by their last window. */
const SILENCE_INDEX = "by-last-window";

/** What a release may touch of a stage, by the logical names that stand below. */
export const PLATFORM_NAMES = {
  buckets: ["raw", "processed"],
  functions: ["detect", "notice", "alert"],
} as const;

/** What a stage tells whoever deployed it. */
export interface PlatformOutputs {
  readonly beaconUrl: pulumi.Output<string>;
  readonly inputStreamName: pulumi.Output<string>;
  readonly anomalyStreamName: pulumi.Output<string>;
  readonly rawBucketName: pulumi.Output<string>;
  readonly processedBucketName: pulumi.Output<string>;
  readonly producerRoleArn: pulumi.Output<string>;
  /** Only where the stage makes a user for a producer outside AWS. */
  readonly producerAccessKeyId?: pulumi.Output<string>;
  readonly producerSecretAccessKey?: pulumi.Output<string>;
  /** Only where the stage has the data generator's sign-in. */
  readonly kinesisDataGeneratorUrl?: pulumi.Output<string>;
}

export function platform(stage: Stage): PlatformOutputs {
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
  const key = new EncryptionKey("key", { place, durability: stage.durability }, opts);
  const on: Foundation = {
    place,
    roles: stage.roles,
    durability: stage.durability,
    logRetention: stage.logRetention,
    key,
  };
  const metricNamespace = `${NAMESPACE}/${stage.name}`;
  const network = new Network(
    "network",
    {
      place,
      services: ["kinesis-streams", "sns"],
      availabilityZones: stage.network.availabilityZones,
      ...(stage.network.given === undefined ? {} : { given: stage.network.given }),
    },
    opts,
  );

  // 1. Where events and state rest.
  const input = new EventStream("input", { on, capacity: stage.inputCapacity, retention: stage.streamRetention }, opts);
  const anomalies = new EventStream("anomalies", { on, capacity: 1, retention: stage.streamRetention }, opts);
  const retention = stage.lakeRetention === undefined ? {} : { retention: stage.lakeRetention };
  const raw = new LakeBucket("raw", { on, ...retention }, opts);
  const processed = new LakeBucket("processed", { on, ...retention }, opts);
  const forests = new StateTable(
    "forests",
    {
      on,
      key: { partition: { name: "site", type: "S" }, sort: { name: "entry", type: "S" } },
      expiry: "expires",
      index: {
        name: SILENCE_INDEX,
        key: { partition: { name: "watch", type: "S" }, sort: { name: "lastWindow", type: "N" } },
      },
    },
    opts,
  );
  const alerts = new StateTable(
    "alerts",
    { on, key: { partition: { name: "alert", type: "S" } }, expiry: "expires" },
    opts,
  );
  const failures = new FailureQueue("failures", { on }, opts);

  // 2. How events come in.
  const { requestsPerAddress, ...beacons } = stage.beacons;
  const api = new BeaconApi(
    "beacons",
    { on, stream: input, ...beacons, ...(requestsPerAddress === undefined ? {} : { requestsPerAddress }) },
    opts,
  );
  const { account, ...producerOptions } = stage.producer;
  const producer = new ExternalProducer(
    "producer",
    { on, stream: input, ...producerOptions, ...(account === undefined ? {} : { account }) },
    opts,
  );
  const generator =
    stage.dataGenerator === undefined
      ? undefined
      : new DataGenerator(
          "generator",
          {
            on,
            access: [input.canWrite("sends sample records")],
            userName: stage.dataGenerator.userName,
            password: pulumi.secret(stage.dataGenerator.password.reveal()),
          },
          opts,
        );
  const archive = new RawArchive("archive", { on, source: input, bucket: raw }, opts);

  // 3. How they are watched.
  const people = new NotificationTopic(
    "people",
    {
      on,
      email: stage.alertEmail,
      sender: "Clickstream",
      ...(stage.alertPhone === undefined ? {} : { phone: pulumi.secret(stage.alertPhone.reveal()) }),
    },
    opts,
  );
  const ctr = new CtrAnomaly(
    "ctr",
    {
      on,
      network,
      beacons: input,
      anomalies,
      forests,
      silenceIndex: SILENCE_INDEX,
      alerts,
      processed,
      topic: people,
      failures,
      detector: stage.detector,
      metricNamespace,
    },
    opts,
  );

  // 4. How the platform itself is watched.
  const functions = { detect: ctr.detect, notice: ctr.notice, alert: ctr.alert };
  const operators = new NotificationTopic(
    "operators",
    { on, email: stage.opsEmail, sender: "ClickstrOps", services: ["cloudwatch.amazonaws.com"] },
    opts,
  );
  new Alarms(
    "alarms",
    {
      topic: operators,
      input,
      functions,
      consumers: ["detect", "alert"],
      failures,
      latest: "2 minutes",
      longestQuiet: "15 minutes",
    },
    opts,
  );
  new Dashboard("dashboard", { place, api, input, archive, functions, failures, metricNamespace }, opts);

  return {
    beaconUrl: api.url,
    inputStreamName: input.name,
    anomalyStreamName: anomalies.name,
    rawBucketName: raw.name,
    processedBucketName: processed.name,
    producerRoleArn: producer.roleArn,
    ...(producer.accessKey === undefined
      ? {}
      : { producerAccessKeyId: producer.accessKey.id, producerSecretAccessKey: producer.accessKey.secret }),
    ...(generator === undefined ? {} : { kinesisDataGeneratorUrl: generator.url }),
  };
}
