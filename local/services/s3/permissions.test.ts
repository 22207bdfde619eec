/**
 * Who may do what in S3: each call needs the permissions AWS asks for, on the bucket or the object, and on the key.
 * Does not prove: the evaluation of policies (local/iam); that AWS asks for no other permission than those documented.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { render, withStage, type TestStage } from "../../../test/stage";
import { roleSession } from "../../iam/principal";
import { put, rejectsWith, textOf } from "./testing/buckets";

const ACCOUNT = "000000000000";
const OPEN = "open-bucket";
const SEALED = "sealed-bucket";

interface Grant {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

/** A bucket without a key, one with, one guarded by its policy, and a role with exactly these grants. */
function granting(...grants: readonly Grant[]): () => void {
  return () => {
    const key = new aws.kms.Key("key", {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
        ],
      }),
    });
    new aws.s3.Bucket("open", { bucket: OPEN });
    new aws.s3.Bucket("sealed", { bucket: SEALED });
    new aws.s3.BucketServerSideEncryptionConfiguration("sealed", {
      bucket: SEALED,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn } }],
    });
    new aws.s3.BucketPolicy("open", {
      bucket: OPEN,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${OPEN}/precious/*` },
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/worker` },
            Action: "s3:GetObject",
            Resource: `arn:aws:s3:::${OPEN}/shared/*`,
          },
        ],
      }),
    });
    const role = new aws.iam.Role("worker", {
      name: "worker",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    if (grants.length === 0) return;
    new aws.iam.RolePolicy("worker", {
      role: role.name,
      policy: key.arn.apply((arn) =>
        JSON.stringify({
          Version: "2012-10-17",
          Statement: grants.map((grant) => ({
            Effect: "Allow",
            ...grant,
            Resource: grant.Resource === "the key" ? arn : grant.Resource,
          })),
        }),
      ),
    });
  };
}

async function asWorker(
  grants: readonly Grant[],
  run: (clients: { worker: S3Client; owner: S3Client }, test: TestStage) => Promise<void>,
): Promise<void> {
  await withStage(await render(granting(...grants)), async (test) => {
    const worker = new S3Client(test.client(roleSession(`arn:aws:iam::${ACCOUNT}:role/worker`, "tests")));
    const owner = new S3Client(test.client());
    try {
      await run({ worker, owner }, test);
    } finally {
      worker.destroy();
      owner.destroy();
    }
  });
}

const denied = { name: "AccessDenied" };

describe("Permissions in S3", () => {
  it("cover an object by its ARN, and a refusal is worded as AWS words it", async () => {
    const grants = [{ Action: "s3:PutObject", Resource: `arn:aws:s3:::${OPEN}/raw/*` }];
    await asWorker(grants, async ({ worker }, { stage }) => {
      await put(worker, OPEN, "raw/x", "-");
      await assert.rejects(put(worker, OPEN, "other/x", "-"), {
        name: "AccessDenied",
        message:
          `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/tests is not authorized to perform: s3:PutObject on resource: ` +
          `arn:aws:s3:::${OPEN}/other/x because no identity-based policy allows the s3:PutObject action`,
      });
      await assert.rejects(textOf(worker, OPEN, "raw/x"), denied);
      const report = stage.permissions.roles.find(({ role }) => role.endsWith("::worker"));
      assert.deepEqual(report?.unused, []);
    });
  });

  it("tell an object that is not there from one that may not be read only to who may list", async () => {
    const read = { Action: "s3:GetObject", Resource: `arn:aws:s3:::${OPEN}/*` };
    await asWorker([read], async ({ worker }) => {
      await assert.rejects(textOf(worker, OPEN, "none"), { ...denied, message: /s3:ListBucket/ });
      await rejectsWith(403, worker.send(new HeadObjectCommand({ Bucket: OPEN, Key: "none" })));
    });
    const list = { Action: "s3:ListBucket", Resource: `arn:aws:s3:::${OPEN}` };
    await asWorker([read, list], async ({ worker }) => {
      await assert.rejects(textOf(worker, OPEN, "none"), { name: "NoSuchKey" });
    });
  });

  it("bound a listing by its prefix", async () => {
    const list = {
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${OPEN}`,
      Condition: { StringEquals: { "s3:prefix": "home/", "s3:delimiter": "/" } },
    };
    await asWorker([list], async ({ worker }) => {
      const at = (Prefix?: string) =>
        worker.send(new ListObjectsV2Command({ Bucket: OPEN, Delimiter: "/", ...(Prefix && { Prefix }) }));
      assert.equal((await at("home/")).KeyCount, 0);
      await assert.rejects(at("other/"), denied);
      await assert.rejects(at(), denied);
    });
  });

  it("include those on the key of an encrypted bucket, through S3", async () => {
    const objects = { Action: ["s3:PutObject", "s3:GetObject"], Resource: `arn:aws:s3:::${SEALED}/*` };
    const through = { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } };
    const encrypt = { Action: "kms:GenerateDataKey", Resource: "the key", Condition: through };
    const decrypt = { Action: "kms:Decrypt", Resource: "the key", Condition: through };
    await asWorker([objects], async ({ worker }) => {
      await assert.rejects(put(worker, SEALED, "x", "-"), { ...denied, message: /kms:GenerateDataKey/ });
    });
    await asWorker([objects, encrypt], async ({ worker, owner }) => {
      await put(worker, SEALED, "x", "sealed");
      await assert.rejects(textOf(worker, SEALED, "x"), { ...denied, message: /kms:Decrypt/ });
      assert.equal(await textOf(owner, SEALED, "x"), "sealed");
      const plain = new PutObjectCommand({ Bucket: SEALED, Key: "y", Body: "-", ServerSideEncryption: "AES256" });
      assert.equal((await worker.send(plain)).ServerSideEncryption, "AES256");
      assert.equal(await textOf(worker, SEALED, "y"), "-", "the object says how it is encrypted, not the bucket");
    });
    await asWorker([objects, encrypt, decrypt], async ({ worker }) => {
      await put(worker, SEALED, "x", "sealed");
      const got = await worker.send(new GetObjectCommand({ Bucket: SEALED, Key: "x" }));
      assert.equal(got.ServerSideEncryption, "aws:kms");
      assert.match(got.SSEKMSKeyId ?? "", /^arn:aws:kms:eu-west-1:000000000000:key\//);
    });
  });

  it("are asked for each key of a deletion, and the bucket's own policy has the last word", async () => {
    const grants = [{ Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${OPEN}/*/x` }];
    await asWorker(grants, async ({ worker, owner }) => {
      for (const key of ["a/x", "b/y", "precious/x"]) await put(owner, OPEN, key, "-");
      const Objects = ["a/x", "b/y", "precious/x"].map((Key) => ({ Key }));
      const { Deleted, Errors } = await worker.send(new DeleteObjectsCommand({ Bucket: OPEN, Delete: { Objects } }));
      assert.deepEqual(
        Deleted?.map(({ Key }) => Key),
        ["a/x"],
      );
      assert.deepEqual(Errors?.map(({ Key, Code }) => [Key, Code]).sort(), [
        ["b/y", "AccessDenied"],
        ["precious/x", "AccessDenied"],
      ]);
      const elsewhere = new DeleteObjectsCommand({ Bucket: "none", Delete: { Objects } });
      await assert.rejects(owner.send(elsewhere), { name: "NoSuchBucket" });
    });
  });

  it("may come from the bucket's policy alone", async () => {
    await asWorker([], async ({ worker, owner }) => {
      await put(owner, OPEN, "shared/x", "for the worker");
      await put(owner, OPEN, "x", "not for the worker");
      assert.equal(await textOf(worker, OPEN, "shared/x"), "for the worker");
      await assert.rejects(textOf(worker, OPEN, "x"), denied);
    });
  });

  it("of a copy are reading here and writing there; tags and ACLs need their own", async () => {
    const grants = [
      { Action: "s3:GetObject", Resource: `arn:aws:s3:::${OPEN}/from/*` },
      { Action: "s3:PutObject", Resource: `arn:aws:s3:::${OPEN}/to/*` },
    ];
    await asWorker(grants, async ({ worker, owner }) => {
      await put(owner, OPEN, "from/x", "-");
      await owner.send(new PutObjectCommand({ Bucket: OPEN, Key: "from/tagged", Body: "-", Tagging: "a=b" }));
      const copy = (from: string, Key: string) =>
        worker.send(new CopyObjectCommand({ Bucket: OPEN, Key, CopySource: `${OPEN}/${from}` }));
      await copy("from/x", "to/x");
      await assert.rejects(copy("from/x", "from/y"), { ...denied, message: /s3:PutObject/ });
      await assert.rejects(copy("to/x", "to/y"), { ...denied, message: /s3:GetObject/ });
      await assert.rejects(copy("from/tagged", "to/y"), { ...denied, message: /s3:GetObjectTagging/ });
      const tagged = new PutObjectCommand({ Bucket: OPEN, Key: "to/z", Body: "-", Tagging: "a=b" });
      await assert.rejects(worker.send(tagged), { ...denied, message: /s3:PutObjectTagging/ });
      const owned = new PutObjectCommand({ Bucket: OPEN, Key: "to/z", Body: "-", ACL: "bucket-owner-full-control" });
      await assert.rejects(worker.send(owned), { ...denied, message: /s3:PutObjectAcl/ });
    });
  });

  it("of a condition on an ETag include reading; giving up an upload has its own", async () => {
    await asWorker([{ Action: "s3:PutObject", Resource: `arn:aws:s3:::${OPEN}/*` }], async ({ worker, owner }) => {
      const IfMatch = await put(owner, OPEN, "x", "-");
      const replace = new PutObjectCommand({ Bucket: OPEN, Key: "x", Body: "-", IfMatch });
      await assert.rejects(worker.send(replace), { ...denied, message: /s3:GetObject/ });
      const { UploadId } = await worker.send(new CreateMultipartUploadCommand({ Bucket: OPEN, Key: "y" }));
      const abort = new AbortMultipartUploadCommand({ Bucket: OPEN, Key: "y", UploadId });
      await assert.rejects(worker.send(abort), { ...denied, message: /s3:AbortMultipartUpload/ });
    });
  });
});
