/**
 * What a bucket may be declared with, and what is refused before anything runs.
 * Does not prove: every property of the provider; whatever is not on the list of what is followed is refused alike.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
} from "@aws-sdk/client-s3";
import { FACTS, render } from "../../../test/stage";
import { StageError } from "../../diagnostics";
import { readBuckets } from "./settings";
import { withS3 } from "./testing/buckets";

const named = { bucket: "the-bucket" };
const KEY = "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000";

async function read(program: () => void): Promise<ReturnType<typeof readBuckets>> {
  return readBuckets(await render(program), FACTS);
}

/** The message with which a bucket that is configured like this is refused. */
async function refusal(configure: () => void): Promise<string> {
  const graph = await render(() => {
    new aws.s3.Bucket("it", named);
    configure();
  });
  let message = "";
  assert.throws(
    () => readBuckets(graph, FACTS),
    (error) => error instanceof StageError && (message = error.message) !== "",
  );
  return message;
}

function policy(...statements: readonly object[]): () => void {
  return () =>
    void new aws.s3.BucketPolicy("it", {
      ...named,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
}

describe("A bucket's declaration", () => {
  it("names the bucket by its logical name and digits, in lower case, where it gives no name", async () => {
    const [first, again] = await Promise.all([0, 1].map(() => read(() => void new aws.s3.Bucket("RawLake"))));
    assert.match(first?.[0]?.name ?? "", /^rawlake-[0-9a-f]{7}$/);
    assert.deepEqual(first, again);
    const [prefixed] = await read(() => void new aws.s3.Bucket("x", { bucketPrefix: "lake-" }));
    assert.match(prefixed?.name ?? "", /^lake-[0-9a-f]{26}$/);
  });

  it("is refused where AWS would not take the name", async () => {
    for (const bucket of ["Upper", "ab", "a..b", "-a-", "127.0.0.1", "x".repeat(64), "under_score"]) {
      await assert.rejects(
        render(() => void new aws.s3.Bucket("x", { bucket })),
        /allowed are 3 to 63/,
        bucket,
      );
    }
    await assert.rejects(
      render(() => void new aws.s3.Bucket("x".repeat(60))),
      /68 characters/,
    );
  });

  it("closes, encrypts and versions as AWS does when it says nothing", async () => {
    const [bucket] = await read(() => void new aws.s3.Bucket("it", named));
    assert.deepEqual(bucket?.encryption, { algorithm: "AES256" });
    assert.equal(bucket.versioning, "Off");
    assert.deepEqual(new Set(Object.values(bucket.publicAccess)), new Set([true]));
  });

  it("is answered to who asks", async () => {
    const program = (): void => {
      new aws.s3.Bucket("it", named);
      new aws.s3.BucketVersioning("it", { ...named, versioningConfiguration: { status: "Enabled" } });
      new aws.s3.BucketServerSideEncryptionConfiguration("it", {
        ...named,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
            bucketKeyEnabled: true,
          },
        ],
      });
      policy({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "arn:aws:s3:::the-bucket/*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      })();
    };
    await withS3(async (s3) => {
      const Bucket = named.bucket;
      assert.equal((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion, "eu-west-1");
      assert.equal((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, "eu-west-1");
      assert.equal((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Enabled");
      const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      assert.deepEqual(encryption.ServerSideEncryptionConfiguration?.Rules?.[0], {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KEY },
        BucketKeyEnabled: true,
      });
      const access = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      assert.equal(access.PublicAccessBlockConfiguration?.BlockPublicPolicy, true);
      const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
      assert.deepEqual(ownership.OwnershipControls?.Rules, [{ ObjectOwnership: "BucketOwnerEnforced" }]);
      assert.match((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? "", /"Effect":"Deny"/);
      assert.equal((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic, false);
    }, program);
  });

  it("is refused, with its place, where it asks for what the stage does not do", async () => {
    const acl = await render(() => void new aws.s3.Bucket("it", { ...named, acl: "private" }));
    assert.throws(
      () => readBuckets(acl, FACTS),
      /^StageError: Bucket it \(local\/.*settings\.test\.ts:\d+\) has acl, which/,
    );
    assert.match(
      await refusal(
        () => void new aws.s3.BucketOwnershipControls("it", { ...named, rule: { objectOwnership: "ObjectWriter" } }),
      ),
      /leaves ACLs on \("ObjectWriter"\)/,
    );
    assert.match(
      await refusal(
        () =>
          void new aws.s3.BucketServerSideEncryptionConfiguration("it", {
            ...named,
            rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms:dsse" } }],
          }),
      ),
      /encrypts by "aws:kms:dsse"/,
    );
    assert.match(
      await refusal(
        () =>
          void new aws.s3.BucketLifecycleConfiguration("it", {
            ...named,
            rules: [{ id: "cold", status: "Enabled", transitions: [{ days: 30, storageClass: "GLACIER" }] }],
          }),
      ),
      /BucketLifecycleConfiguration it .*a rule has transitions; the local stage follows/,
    );
    assert.match(
      await refusal(
        () =>
          void new aws.s3.BucketVersioning("it", { bucket: "other", versioningConfiguration: { status: "Enabled" } }),
      ),
      /configures other, which is no bucket of this graph/,
    );
    assert.match(await refusal(() => void new aws.s3.Bucket("twin", named)), /has the name of Bucket it/);
  });

  it("may not let strangers in", async () => {
    const anyone = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::the-bucket/*" };
    for (const Principal of ["*", { AWS: "*" }, { AWS: ["111122223333", "*"] }]) {
      assert.match(await refusal(policy({ ...anyone, Principal })), /is public, and the bucket's public access block/);
    }
    const open = (): void => {
      policy({ ...anyone, Principal: "*" })();
      new aws.s3.BucketPublicAccessBlock("it", { ...named, blockPublicPolicy: false });
    };
    assert.match(await refusal(open), /serves nobody without credentials/);
    const wide = { StringLike: { "aws:PrincipalOrgID": "*" } };
    assert.match(await refusal(policy({ ...anyone, Principal: "*", Condition: wide })), /is public/);
    const narrow = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
    const [bucket] = await read(() => {
      new aws.s3.Bucket("it", named);
      policy({ ...anyone, Principal: "*", Condition: narrow })();
    });
    assert.ok(bucket?.policy !== undefined);
  });
});
