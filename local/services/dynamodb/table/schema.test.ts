/**
 * Declarations of tables: what is read from them, and what the stage refuses.
 * Does not prove: that AWS takes every declaration that is taken here.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { render } from "../../../../test/stage";
import { readSchema, type TableSchema } from "./schema";

type Args = aws.dynamodb.TableArgs;

const PLAIN: Args = {
  name: "things",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
  billingMode: "PAY_PER_REQUEST",
};

async function schemaOf(args: Args): Promise<TableSchema> {
  const graph = await render(() => void new aws.dynamodb.Table("things", args));
  return readSchema(graph.only("aws:dynamodb/table:Table"));
}

describe("Table schema", () => {
  it("is read from the declaration", async () => {
    const attributes = [
      { name: "id", type: "S" },
      { name: "at", type: "N" },
      { name: "kind", type: "B" },
    ];
    const schema = await schemaOf({
      ...PLAIN,
      rangeKey: "at",
      attributes,
      globalSecondaryIndexes: [
        { name: "by-kind", hashKey: "kind", rangeKey: "at", projectionType: "KEYS_ONLY" },
        {
          name: "by-time",
          keySchemas: [{ attributeName: "at", keyType: "HASH" }],
          projectionType: "INCLUDE",
          nonKeyAttributes: ["x"],
        },
      ],
      ttl: { attributeName: "expires", enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: "arn:aws:kms:eu-west-1:000000000000:key/k" },
      pointInTimeRecovery: { enabled: true },
      tags: { team: "x" },
    });
    const [id, at, kind] = attributes;
    assert.deepEqual(schema, {
      name: "things",
      arn: "arn:aws:dynamodb:eu-west-1:000000000000:table/things",
      key: { partition: id, sort: at },
      indexes: [
        { name: "by-kind", key: { partition: kind, sort: at }, projected: [] },
        { name: "by-time", key: { partition: at, sort: undefined }, projected: ["x"] },
      ],
      expiry: "expires",
      keyArn: "arn:aws:kms:eu-west-1:000000000000:key/k",
      billingMode: "PAY_PER_REQUEST",
      isProtected: false,
    });
  });

  it("takes what is switched off, and encryption without a key of one's own", async () => {
    const schema = await schemaOf({
      ...PLAIN,
      streamEnabled: false,
      ttl: { attributeName: "", enabled: false },
      serverSideEncryption: { enabled: true },
      localSecondaryIndexes: [],
    });
    assert.equal(schema.expiry, undefined);
    assert.equal(schema.keyArn, undefined);
  });

  const refusals: readonly (readonly [string, Partial<Args>, RegExp])[] = [
    ["streams", { streamEnabled: true }, /^Table things\b.*: the local stage does not model streamEnabled of a table/],
    ["replicas", { replicas: [{ regionName: "eu-west-2" }] }, /does not model replicas/],
    [
      "local indexes",
      { localSecondaryIndexes: [{ name: "l", rangeKey: "x", projectionType: "ALL" }] },
      /does not model localSecondaryIndexes/,
    ],
    ["imports", { importTable: { inputFormat: "CSV", s3BucketSource: { bucket: "b" } } }, /does not model importTable/],
    ["restores", { restoreSourceName: "other" }, /does not model restoreSourceName/],
    ["a key without a type", { hashKey: "other" }, /key other is not in attributes: name it there with its type/],
    [
      "a type that no key can have",
      { attributes: [{ name: "id", type: "BOOL" }] },
      /attribute id: type must be S, N or B, got BOOL/,
    ],
    [
      "an attribute in no key",
      { attributes: [...(PLAIN.attributes as { name: string; type: string }[]), { name: "x", type: "S" }] },
      /attributes x are in no key/,
    ],
    [
      "a projection that does not exist",
      { globalSecondaryIndexes: [{ name: "idx", hashKey: "id", projectionType: "SOME" }] },
      /index idx: projectionType must be/,
    ],
    [
      "keys of several attributes",
      {
        globalSecondaryIndexes: [
          {
            name: "idx",
            keySchemas: [
              { attributeName: "id", keyType: "HASH" },
              { attributeName: "id", keyType: "HASH" },
            ],
            projectionType: "ALL",
          },
        ],
      },
      /index idx: the local stage models one HASH and at most one RANGE/,
    ],
  ];
  for (const [what, args, message] of refusals) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(schemaOf({ ...PLAIN, ...args }), { name: "StageError", message });
    });
  }
});
