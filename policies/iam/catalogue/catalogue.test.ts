/** The checked-in table is what its source yields today, and is read as meant. Does not prove the source right. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Catalogue, catalogue } from "./catalogue";
import { distil } from "./distil";

const text = readFileSync(join(__dirname, "iam.txt"), "utf8");

describe("the catalogue of AWS", () => {
  it("is what the pinned package yields", async () => {
    assert.equal(
      await distil(),
      text,
      "run node -r ts-node/register policies/iam/catalogue/distil.ts and read the diff",
    );
  });

  it("carries its version and the hash of its content", () => {
    const table = new Catalogue(text);
    const body = text.slice(text.indexOf("\n", text.indexOf("\n") + 1) + 1);
    assert.match(table.version, /^\d+\.\d+\.\d+$/);
    assert.equal(table.hash, createHash("sha256").update(body).digest("hex"));
  });

  it("names every action as a policy writes it", () => {
    const actions = catalogue().expand("*");
    assert.ok(actions.length > 21_000, String(actions.length));
    for (const { id } of actions) assert.match(id, /^[a-z0-9-]+:[A-Za-z0-9-]+$/);
    for (const { id, keys, types } of actions) {
      assert.ok(!keys.includes(""), id);
      for (const { type } of types)
        assert.ok(
          type.templates.every((template) => template.includes(":")),
          id,
        );
    }
  });

  it("reads levels, types, keys and their types", () => {
    const table = catalogue();
    const put = table.action("KINESIS:putrecord");
    assert.equal(put?.id, "kinesis:PutRecord");
    assert.equal(put.level, "write");
    assert.deepEqual(
      put.types.map(({ type, required }) => [type.name, type.templates, required]),
      [["stream", ["kinesis:@:stream/{StreamName}"], true]],
    );
    assert.equal(table.action("s3:PutBucketPolicy")?.level, "permissions");
    assert.equal(table.action("s3:PutObjectTagging")?.level, "tagging");
    assert.deepEqual(table.action("xray:PutTraceSegments")?.types, []);
    assert.equal(table.action("s3:GetObjects"), undefined);
    assert.deepEqual(table.conditionKey("AWS:sourcearn"), { name: "aws:SourceArn", type: "ARN", multivalued: false });
    assert.equal(table.conditionKey("aws:TagKeys")?.multivalued, true);
    assert.equal(table.conditionKey("aws:ResourceTag/team")?.name, "aws:ResourceTag/tag-key");
    assert.equal(table.conditionKey("aws:ResourceTag/"), undefined);
    assert.equal(table.conditionKey("kms:EncryptionContext:aws:s3:arn")?.type, "String");
    assert.equal(table.conditionKey("s3:nonsense"), undefined);
  });

  it("expands wildcards, in any case", () => {
    const ids = catalogue()
      .expand("SQS:*message")
      .map(({ id }) => id);
    assert.ok(
      ids.includes("sqs:SendMessage") && ids.includes("sqs:ReceiveMessage") && !ids.includes("sqs:SendMessageBatch"),
    );
    assert.deepEqual(catalogue().expand("s3:Nothing*"), []);
  });
});
