/** What holds state, under the monitor. Does not prove that AWS accepts the arguments. */
import assert from "node:assert/strict";
import { at, census, foundation, policyOf } from "../../test/foundation";
import { render } from "../../test/stage";
import type { Capability } from "../core/capability";
import type { Durability } from "../core/foundation";
import { Role } from "../iam/role";
import { EventStream, planEventStream } from "./event-stream";
import { FailureQueue } from "./failure-queue";
import { LakeBucket, planLakeBucket } from "./lake-bucket";
import { StateTable } from "./state-table";

const roleWith = (on: ReturnType<typeof foundation>, ...access: Capability[]): Role =>
  new Role("user", { on, trust: { kind: "service", service: "lambda.amazonaws.com" }, access, description: "uses it" });

const VIA = (service: string): unknown => ({
  StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` },
});

describe("An event stream", () => {
  it("is encrypted with the stage's key and keeps records as long as it is told", async () => {
    const graph = await render(() => new EventStream("input", { on: foundation(), capacity: 3, retention: "7 days" }));
    const stream = graph.only("aws:kinesis/stream:Stream");
    assert.equal(at(stream, "shardCount"), 3);
    assert.equal(at(stream, "retentionPeriod"), 168);
    assert.equal(at(stream, "encryptionType"), "KMS");
    assert.equal(at(stream, "kmsKeyId"), graph.only("aws:kms/key:Key").outputs["arn"]);
  });

  it("follows the load when it is on demand", async () => {
    const graph = await render(() => new EventStream("input", { on: foundation(), capacity: "on-demand" }));
    const stream = graph.only("aws:kinesis/stream:Stream");
    assert.equal(at(stream, "streamModeDetails.streamMode"), "ON_DEMAND");
    assert.equal(at(stream, "shardCount"), undefined);
    assert.equal(at(stream, "retentionPeriod"), 24);
  });

  it("lets a writer put and encrypt, and a reader read and decrypt, nothing else", async () => {
    const graph = await render(() => {
      const on = foundation();
      const stream = new EventStream("input", { on, capacity: 1 });
      roleWith(on, stream.canWrite("puts", ["kinesis:PutRecord"]));
      new Role("reader", {
        on,
        trust: { kind: "service", service: "lambda.amazonaws.com" },
        access: [stream.canFeed("reads")],
        description: "reads",
      });
    });
    const arn = String(graph.only("aws:kinesis/stream:Stream").outputs["arn"]);
    const key = String(graph.only("aws:kms/key:Key").outputs["arn"]);
    assert.deepEqual(policyOf(graph, "user"), {
      KeyThroughKinesis: {
        Sid: "KeyThroughKinesis",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey"],
        Resource: [key],
        Condition: VIA("kinesis"),
      },
      WriteinputStream: { Sid: "WriteinputStream", Effect: "Allow", Action: ["kinesis:PutRecord"], Resource: [arn] },
    });
    assert.deepEqual(policyOf(graph, "reader")["KeyThroughKinesis"]?.Action, ["kms:Decrypt"]);
    assert.deepEqual(policyOf(graph, "reader")["ReadinputStream"]?.Action, [
      "kinesis:DescribeStream",
      "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
    ]);
  });

  it("is refused with every problem at once", () => {
    assert.throws(() => planEventStream("input", { capacity: 0, retention: "400 days" }), {
      message:
        'EventStream input: capacity must be "on-demand" or 1..200 shards, got 0; retention must be "24 hours".."365 days" in whole hours, got "400 days"',
    });
    assert.throws(() => planEventStream("input", { capacity: 1.5 }), /got 1\.5/);
    assert.throws(
      () => planEventStream("input", { capacity: 1, retention: "1441 minutes" }),
      /in whole hours, got "1441 minutes"/,
    );
  });
});

describe("A bucket of the lake", () => {
  it("is versioned, encrypted, closed, reached by TLS only, and bounded", async () => {
    const graph = await render(() => new LakeBucket("raw", { on: foundation(), retention: "30 days" }));
    assert.equal(
      at(graph.only("aws:s3/bucketVersioning:BucketVersioning"), "versioningConfiguration.status"),
      "Enabled",
    );
    const encryption = graph.only(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    assert.equal(
      at(encryption, "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId"),
      graph.only("aws:kms/key:Key").outputs["arn"],
    );
    const closed = graph.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs;
    for (const setting of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"])
      assert.equal(closed[setting], true);
    const arn = String(graph.only("aws:s3/bucket:Bucket").outputs["arn"]);
    assert.deepEqual(JSON.parse(String(graph.only("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"])), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const lifecycle = graph.only("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
    assert.equal(at(lifecycle, "rules.0.expiration.days"), 30);
  });

  it("keeps objects for ever unless told otherwise, and refuses part of a day", () => {
    const on = { durability: "disposable" as const };
    assert.equal("expiration" in (planLakeBucket("raw", { on }).lifecycle[0] ?? {}), false);
    assert.throws(
      () => planLakeBucket("raw", { on, retention: "36 hours" }),
      /LakeBucket raw: retention must be whole days, at least "1 day", got "36 hours"/,
    );
  });

  it("lets a writer write under its folder, never read or delete", async () => {
    const graph = await render(() => {
      const on = foundation();
      roleWith(on, new LakeBucket("raw", { on }).canWrite("beacons/", "writes"));
    });
    const arn = String(graph.only("aws:s3/bucket:Bucket").outputs["arn"]);
    const policy = policyOf(graph, "user");
    assert.deepEqual(policy["WriterawBucketbeacons"], {
      Sid: "WriterawBucketbeacons",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${arn}/beacons/*`],
    });
    assert.deepEqual(policy["KeyThroughS3"]?.Condition, VIA("s3"));
  });
});

describe("A state table", () => {
  it("has its keys, index and expiry, is encrypted and can be restored", async () => {
    const graph = await render(() => {
      new StateTable("forests", {
        on: foundation(),
        key: { partition: { name: "site", type: "S" }, sort: { name: "entry", type: "S" } },
        expiry: "expires",
        index: {
          name: "by-window",
          key: { partition: { name: "watch", type: "S" }, sort: { name: "last", type: "N" } },
        },
      });
    });
    const table = graph.only("aws:dynamodb/table:Table");
    assert.deepEqual(table.inputs["attributes"], [
      { name: "site", type: "S" },
      { name: "entry", type: "S" },
      { name: "watch", type: "S" },
      { name: "last", type: "N" },
    ]);
    assert.equal(at(table, "globalSecondaryIndexes.0.projectionType"), "KEYS_ONLY");
    assert.equal(at(table, "ttl.attributeName"), "expires");
    assert.equal(at(table, "serverSideEncryption.kmsKeyArn"), graph.only("aws:kms/key:Key").outputs["arn"]);
    assert.equal(at(table, "pointInTimeRecovery.enabled"), true);
  });

  it("lets a reader of the index query that index only", async () => {
    const graph = await render(() => {
      const on = foundation();
      const table = new StateTable("forests", {
        on,
        key: { partition: { name: "site", type: "S" } },
        expiry: "expires",
      });
      roleWith(on, table.canQueryIndex("by-window", "finds"));
    });
    const arn = String(graph.only("aws:dynamodb/table:Table").outputs["arn"]);
    assert.deepEqual(policyOf(graph, "user")["QueryforestsTablebywindow"]?.Resource, [`${arn}/index/by-window`]);
  });
});

describe("State", () => {
  const declare = (durability: Durability) => (): void => {
    const on = foundation({ durability });
    new EventStream("input", { on, capacity: 1 });
    new LakeBucket("raw", { on });
    new StateTable("forests", { on, key: { partition: { name: "site", type: "S" } }, expiry: "expires" });
    new FailureQueue("failures", { on });
  };
  const HOLDERS = [
    "aws:kms/key:Key",
    "aws:kinesis/stream:Stream",
    "aws:s3/bucket:Bucket",
    "aws:dynamodb/table:Table",
    "aws:sqs/queue:Queue",
  ];

  it("is protected and retained where it is kept", async () => {
    const graph = await render(declare("kept"));
    for (const type of HOLDERS) {
      const { options } = graph.only(type);
      assert.deepEqual(
        { protect: options.protect, retain: options.retainOnDelete },
        { protect: true, retain: true },
        type,
      );
    }
    assert.equal(graph.only("aws:s3/bucket:Bucket").inputs["forceDestroy"], false);
    assert.equal(graph.only("aws:dynamodb/table:Table").inputs["deletionProtectionEnabled"], true);
  });

  it("goes with the stage where it is disposable", async () => {
    const graph = await render(declare("disposable"));
    for (const type of HOLDERS) {
      const { options } = graph.only(type);
      assert.deepEqual(
        { protect: options.protect, retain: options.retainOnDelete },
        { protect: false, retain: false },
        type,
      );
    }
    assert.equal(graph.only("aws:s3/bucket:Bucket").inputs["forceDestroy"], true);
  });

  it("that failed is held for two weeks, reached by TLS only", async () => {
    const graph = await render(() => new FailureQueue("failures", { on: foundation() }));
    assert.equal(graph.only("aws:sqs/queue:Queue").inputs["messageRetentionSeconds"], 1_209_600);
    assert.deepEqual(census(graph)["aws:sqs/queuePolicy:QueuePolicy"], 1);
  });
});
