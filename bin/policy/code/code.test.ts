/**
 * The reading of handlers' sources and its comparison with grants. Does not prove that a command which is imported is
 * ever sent (the ledger does), nor that a grant on one resource is not needed on another.
 */
import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Resource } from "../../../local/graph/graph";
import { catalogue } from "../../../policies/iam/catalogue/catalogue";
import { stageGraph } from "../../../test/policy-pack/stages";
import { ROOT } from "../../folders";
import type { Grant } from "../../permissions/matrix";
import { compare, judgeCode } from "./agreement";
import { actionsOf, exceptionalActions } from "./sdk-actions";
import { readCode, type CodeReading } from "./sdk-calls";

describe("The reading of a function's code", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "code-"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (files: Record<string, string>): string[] => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const { calls, opaque } = readCode(folder, "main.ts");
    return [
      ...calls.map(({ client, operation, source }) => `${client} ${operation} ${source.file}:${source.line}`),
      ...opaque.map(({ what, source }) => `? ${what} ${source.file}:${source.line}`),
    ];
  };

  it("follows imports, also where they name nothing, and finds commands and paginators where they are imported", () => {
    assert.deepEqual(
      read({
        "main.ts": `import "./lib/store";\nimport { KinesisClient, PutRecordCommand as Put } from "@aws-sdk/client-kinesis";`,
        "lib/store.ts": `// a store\nimport { paginateQuery, type DynamoDBClient } from "@aws-sdk/client-dynamodb";\nexport * from "./more";`,
        "lib/more/index.ts": `export { GetObjectCommand } from "@aws-sdk/client-s3";`,
      }),
      [
        "client-s3 GetObject lib/more/index.ts:1",
        "client-dynamodb Query lib/store.ts:2",
        "client-kinesis PutRecord main.ts:2",
      ],
    );
  });

  it("takes types, errors and files that nobody imports for no calls", () => {
    assert.deepEqual(
      read({
        "main.ts": `import type { PutRecordCommand } from "@aws-sdk/client-kinesis";
          import { type GetObjectCommand, NoSuchKey } from "@aws-sdk/client-s3";
          import type { Other } from "./other";`,
        "other.ts": `import { DeleteObjectCommand } from "@aws-sdk/client-s3";`,
      }),
      [],
    );
  });

  it("says what it cannot see through", () => {
    assert.deepEqual(
      read({
        "main.ts": `import { Kinesis } from "@aws-sdk/client-kinesis";
import * as s3 from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { waitUntilObjectExists } from "@aws-sdk/client-s3";
const sns = await import("@aws-sdk/client-sns");`,
      }),
      [
        "? Kinesis, a client called by method main.ts:1",
        "? all of @aws-sdk/client-s3 main.ts:2",
        "? @aws-sdk/lib-storage main.ts:3",
        "? the waiter waitUntilObjectExists main.ts:4",
        "? all of @aws-sdk/client-sns main.ts:5",
      ],
    );
  });

  it("stops at an import that leads nowhere", () => {
    assert.throws(
      () => read({ "main.ts": `import { x } from "./gone";` }),
      /main\.ts imports \.\/gone, which is not there/,
    );
  });
});

describe("A command's permission", () => {
  it("is the operation of its service, or one of the exceptions", () => {
    const needed = (client: string, operation: string) => actionsOf({ client, operation });
    assert.deepEqual(needed("client-sfn", "StartExecution"), { every: ["states:StartExecution"] });
    assert.deepEqual(needed("client-s3", "ListObjectsV2"), { every: ["s3:ListBucket"] });
    assert.deepEqual(needed("client-lambda", "Invoke"), { every: ["lambda:InvokeFunction"] });
    assert.deepEqual(needed("client-sts", "GetCallerIdentity"), { every: [] });
    assert.equal(needed("client-quantum", "Entangle"), undefined);
  });

  it("is one that IAM knows", () => {
    for (const action of exceptionalActions()) assert.ok(catalogue().action(action), action);
  });
});

describe("Code and grants", () => {
  const lambda = { urn: "urn:detect", name: "detect", inputs: {}, outputs: {} } as unknown as Resource;
  const grant = (sid: string, action: string, service?: string): Grant => ({
    role: "detect",
    sid,
    action,
    resource: "arn:x",
    pattern: "arn:*",
    reason: "",
    idle: undefined,
    conditions:
      service === undefined ? undefined : { StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` } },
  });
  const call = (client: string, operation: string) => ({
    client,
    operation,
    source: { file: "functions/detect/main.ts", line: 7 },
  });
  const said = (reading: Partial<CodeReading>, granted: readonly Grant[], byAws: readonly string[] = []): string[] =>
    compare({ calls: [], opaque: [], ...reading }, { lambda, role: undefined, granted, byAws: new Set(byAws) }).map(
      ({ message }) => message,
    );

  it("agree where each call is granted, and each grant is called by the code or by AWS", () => {
    assert.deepEqual(
      said(
        { calls: [call("client-kinesis", "PutRecord"), call("client-dynamodb", "TransactWriteItems")] },
        [
          grant("Write", "kinesis:PutRecord"),
          grant("Use", "dynamodb:PutItem"),
          grant("Log", "logs:PutLogEvents"),
          grant("Key", "kms:GenerateDataKey", "kinesis"),
        ],
        ["logs:PutLogEvents"],
      ),
      [],
    );
  });

  it("disagree on a call without a grant", () => {
    assert.deepEqual(
      said({ calls: [call("client-s3", "HeadObject"), call("client-dynamodb", "TransactWriteItems")] }, []),
      [
        "detect calls HeadObject of client-s3, which needs s3:GetObject; its role does not grant it",
        "detect calls TransactWriteItems of client-dynamodb, which needs one of dynamodb:ConditionCheckItem, dynamodb:DeleteItem, dynamodb:PutItem, dynamodb:UpdateItem; its role does not grant it",
      ],
    );
    assert.deepEqual(said({ calls: [call("client-quantum", "Entangle")] }, []), [
      "detect calls Entangle of client-quantum, which needs an action that client-quantum is not known by; its role does not grant it",
    ]);
  });

  it("disagree on a grant without a call, and on a key for a service that nobody calls", () => {
    assert.deepEqual(
      said({}, [grant("Use", "dynamodb:DeleteItem"), grant("Key", "kms:Decrypt", "s3"), grant("Raw", "kms:Decrypt")]),
      [
        "the role of detect grants dynamodb:DeleteItem, which neither its code nor AWS on its behalf calls",
        "the role of detect grants kms:Decrypt, which neither its code nor AWS on its behalf calls",
        "the role of detect grants kms:Decrypt, which neither its code nor AWS on its behalf calls",
      ],
    );
  });

  it("leave grants alone where a call cannot be read, and say why", () => {
    const opaque = [{ what: "all of @aws-sdk/client-s3", source: { file: "functions/detect/main.ts", line: 3 } }];
    assert.deepEqual(said({ opaque }, [grant("Read", "s3:GetObject")]), [
      "detect uses all of @aws-sdk/client-s3: what it calls cannot be read from its code",
    ]);
  });

  it("agree in every function of the platform, and not by accident", async () => {
    const graph = await stageGraph("prod");
    assert.deepEqual(judgeCode(graph, ROOT), []);
    for (const name of ["detect", "notice", "alert"]) {
      const { calls, opaque } = readCode(ROOT, `functions/${name}/main.ts`);
      assert.ok(calls.length >= 3, name);
      assert.deepEqual(opaque, [], name);
      for (const { client, operation } of calls) {
        const needed = actionsOf({ client, operation }) ?? assert.fail(client);
        for (const action of "every" in needed ? needed.every : needed.some)
          assert.ok(catalogue().action(action), action);
      }
    }
  });
});
