/**
 * Permissions: roles may do what their policies say, on tables, indexes and keys, and nothing else.
 * Does not prove: that AWS asks in the same order.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { render, withStage, type TestStage } from "../../../test/stage";
import { roleSession, type Principal } from "../../iam/principal";
import { callerOf, declareAlerts, declareEvents, type Call } from "./testing/tables";

const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/events";
const ALERTS = "arn:aws:dynamodb:eu-west-1:000000000000:table/alerts";

interface Statement {
  readonly Effect?: "Allow" | "Deny";
  readonly Action: string | string[];
  readonly Resource: pulumi.Input<string> | string[];
  readonly Condition?: object;
}

/** A role that Lambda may take on, with one policy. */
function declareRole(name: string, ...statements: readonly Statement[]): void {
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const role = new aws.iam.Role(name, { name, assumeRolePolicy });
  const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  new aws.iam.RolePolicy(name, { role: role.name, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement }) });
}

const as = (role: string): Principal => roleSession(`arn:aws:iam::000000000000:role/${role}`, "tests");

async function withRoles(program: () => unknown, run: (call: Call, test: TestStage) => Promise<void>): Promise<void> {
  await withStage(await render(program), (test) => run(callerOf(test), test));
}

const key = { site: { S: "a" }, at: { N: "1" } };
const denied = (action: string, resource: string) => ({
  code: "AccessDeniedException",
  message: new RegExp(`is not authorized to perform: ${action} on resource: ${resource} because`),
});

describe("DynamoDB permissions", () => {
  it("are asked of the caller for the operation and the table", async () => {
    const program = (): void => {
      declareEvents();
      declareRole("reader", { Action: "dynamodb:GetItem", Resource: TABLE });
    };
    await withRoles(program, async (_, test) => {
      const client = new DynamoDBClient(test.client(as("reader")));
      await client.send(new GetItemCommand({ TableName: "events", Key: key }));
      await assert.rejects(client.send(new PutItemCommand({ TableName: "events", Item: key })), {
        name: "AccessDeniedException",
        message: `User: arn:aws:sts::000000000000:assumed-role/reader/tests is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
      });
      await assert.rejects(client.send(new GetItemCommand({ TableName: "secrets", Key: key })), {
        name: "AccessDeniedException",
      });
      client.destroy();
    });
  });

  it("are asked for an index, not for its table, when an index is queried", async () => {
    const program = (): void => {
      declareEvents();
      declareRole("watcher", { Action: "dynamodb:Query", Resource: `${TABLE}/index/watched` });
    };
    await withRoles(program, async (call) => {
      const query = (IndexName: string | undefined, name: string): Promise<unknown> =>
        call(
          "Query",
          {
            TableName: "events",
            IndexName,
            KeyConditionExpression: `${name} = :v`,
            ExpressionAttributeValues: { ":v": { S: "w" } },
          },
          as("watcher"),
        );
      await query("watched", "watch");
      await assert.rejects(query("sites", "watch"), denied("dynamodb:Query", `${TABLE}/index/sites`));
      await assert.rejects(query(undefined, "site"), denied("dynamodb:Query", TABLE));
      await assert.rejects(
        call("Scan", { TableName: "events", IndexName: "watched" }, as("watcher")),
        denied("dynamodb:Scan", `${TABLE}/index/watched`),
      );
    });
  });

  it("are asked for each part of a batch or transaction by its own action", async () => {
    const program = (): void => {
      declareEvents();
      declareAlerts();
      declareRole("batcher", { Action: ["dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"], Resource: TABLE });
      declareRole(
        "writer",
        { Action: ["dynamodb:PutItem", "dynamodb:ConditionCheckItem"], Resource: [TABLE, ALERTS] },
        { Action: "dynamodb:GetItem", Resource: TABLE },
      );
    };
    await withRoles(program, async (call) => {
      const alertKey = { alert: { S: "x" } };
      await call("BatchWriteItem", { RequestItems: { events: [{ PutRequest: { Item: key } }] } }, as("batcher"));
      await call("BatchGetItem", { RequestItems: { events: { Keys: [key] } } }, as("batcher"));
      await assert.rejects(
        call(
          "BatchGetItem",
          { RequestItems: { events: { Keys: [key] }, alerts: { Keys: [alertKey] } } },
          as("batcher"),
        ),
        denied("dynamodb:BatchGetItem", ALERTS),
      );
      const put = { Put: { TableName: "events", Item: key } };
      const check = {
        ConditionCheck: { TableName: "alerts", Key: alertKey, ConditionExpression: "attribute_not_exists(alert)" },
      };
      const transact = (...TransactItems: object[]): Promise<unknown> =>
        call("TransactWriteItems", { TransactItems }, as("writer"));
      await transact(put, check);
      await assert.rejects(
        transact(put, { Delete: { TableName: "alerts", Key: alertKey } }),
        denied("dynamodb:DeleteItem", ALERTS),
      );
      await assert.rejects(
        transact({ Update: { TableName: "alerts", Key: alertKey, UpdateExpression: "REMOVE x" } }),
        denied("dynamodb:UpdateItem", ALERTS),
      );
      await assert.rejects(
        call("TransactWriteItems", { TransactItems: [check] }, as("batcher")),
        denied("dynamodb:ConditionCheckItem", ALERTS),
      );
      await call("TransactGetItems", { TransactItems: [{ Get: { TableName: "events", Key: key } }] }, as("writer"));
      await assert.rejects(
        call("TransactGetItems", { TransactItems: [{ Get: { TableName: "alerts", Key: alertKey } }] }, as("writer")),
        denied("dynamodb:GetItem", ALERTS),
      );
    });
  });

  it("may depend on the partition keys, attributes and answers that a request asks for", async () => {
    const program = (): void => {
      declareEvents();
      declareRole("tenant", {
        Action: ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        Resource: TABLE,
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"], "dynamodb:Attributes": ["site", "at", "note"] },
        },
      });
      declareRole("quiet", {
        Action: "dynamodb:UpdateItem",
        Resource: TABLE,
        Condition: { StringEquals: { "dynamodb:ReturnValues": "NONE" } },
      });
      declareRole("transactor", {
        Action: "dynamodb:PutItem",
        Resource: TABLE,
        Condition: { StringEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } },
      });
    };
    await withRoles(program, async (call) => {
      const refused = { code: "AccessDeniedException" };
      const put = (Item: object, role = "tenant"): Promise<unknown> =>
        call("PutItem", { TableName: "events", Item }, as(role));
      await put({ ...key, note: { S: "mine" } });
      await assert.rejects(put({ ...key, site: { S: "b" } }), refused);
      await assert.rejects(put({ ...key, other: { S: "x" } }), refused);
      const query = (site: string): Promise<unknown> =>
        call(
          "Query",
          {
            TableName: "events",
            KeyConditionExpression: "site = :s",
            ExpressionAttributeValues: { ":s": { S: site } },
          },
          as("tenant"),
        );
      await query("a");
      await assert.rejects(query("b"), refused);
      const update = (text: string, role: string, more: object = {}): Promise<unknown> =>
        call("UpdateItem", { TableName: "events", Key: key, UpdateExpression: text, ...more }, as(role));
      await update("SET note = site", "tenant");
      await assert.rejects(update("SET note = secret", "tenant"), refused);
      await update("REMOVE note", "quiet", { ReturnValues: "NONE" });
      await assert.rejects(update("REMOVE note", "quiet", { ReturnValues: "ALL_OLD" }), refused);
      await assert.rejects(put(key, "transactor"), refused);
      await call(
        "TransactWriteItems",
        { TransactItems: [{ Put: { TableName: "events", Item: key } }] },
        as("transactor"),
      );
    });
  });

  it("are asked for the key of an encrypted table, through DynamoDB", async () => {
    const program = (): void => {
      const encryptionKey = new aws.kms.Key("table", {});
      declareEvents({ serverSideEncryption: { enabled: true, kmsKeyArn: encryptionKey.arn } });
      const data = { Action: "dynamodb:*", Resource: TABLE };
      const through = (service: string): Statement => ({
        Action: "kms:Decrypt",
        Resource: encryptionKey.arn,
        Condition: { StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` } },
      });
      declareRole("keyed", data, through("dynamodb"));
      declareRole("keyless", data);
      declareRole("sideways", data, through("s3"));
    };
    await withRoles(program, async (call) => {
      const requests: readonly (readonly [string, object])[] = [
        ["GetItem", { TableName: "events", Key: key }],
        ["PutItem", { TableName: "events", Item: key }],
        ["Scan", { TableName: "events" }],
        ["BatchGetItem", { RequestItems: { events: { Keys: [key] } } }],
        ["TransactWriteItems", { TransactItems: [{ Put: { TableName: "events", Item: key } }] }],
      ];
      for (const [operation, input] of requests) {
        await call(operation, input, as("keyed"));
        for (const role of ["keyless", "sideways"]) {
          await assert.rejects(
            call(operation, input, as(role)),
            denied("kms:Decrypt", "arn:aws:kms:.*"),
            `${role} ${operation}`,
          );
        }
      }
      // What a table is, is no secret of its key.
      await call("DescribeTable", { TableName: "events" }, as("keyless"));
    });
  });
});
