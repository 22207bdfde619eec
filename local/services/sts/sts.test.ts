/**
 * STS on loopback, driven by the unmodified SDK client: who is who, and roles taken on by whom they trust.
 * Does not prove: that AWS answers alike; session tags, multi-factor authentication, federation, which are refused.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from "@aws-sdk/client-sts";
import { FACTS, render, START, withStage, type TestStage } from "../../../test/stage";
import { textOf } from "../../graph/graph";
import { iamUser, roleSession } from "../../iam/principal";

const PRODUCER = "arn:aws:iam::000000000000:role/producer";
const CHAINED = "arn:aws:iam::000000000000:role/chained";

const role = (name: string, statement: object, args: Partial<aws.iam.RoleArgs> = {}): aws.iam.Role =>
  new aws.iam.Role(name, {
    name,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }],
    }),
    ...args,
  });

const program = (): void => {
  const account = { AWS: `arn:aws:iam::${FACTS.account}:root` };
  const producer = role("producer", {
    Principal: account,
    Condition: { StringEquals: { "sts:ExternalId": "agreed" }, StringLike: { "sts:RoleSessionName": "producer-*" } },
  });
  role("chained", { Principal: { AWS: PRODUCER } }, { maxSessionDuration: 7200 });
  role("lambda", { Principal: { Service: "lambda.amazonaws.com" } });
  new aws.iam.RolePolicy("producer", {
    role: producer.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["kms:ListKeys", "kms:ListAliases"], Resource: "*" }],
    }),
  });
  new aws.iam.User("person", { name: "person" });
};

async function withSts(run: (sts: STSClient, test: TestStage) => Promise<void>): Promise<void> {
  await withStage(await render(program), async (test) => {
    const sts = new STSClient(test.client());
    try {
      await run(sts, test);
    } finally {
      sts.destroy();
    }
  });
}

const asProducer = { RoleArn: PRODUCER, RoleSessionName: "producer-1", ExternalId: "agreed" };

/** A client with the keys that an AssumeRole answered. */
function clientOf(
  test: TestStage,
  {
    Credentials: keys,
  }: {
    Credentials?:
      | { AccessKeyId: string | undefined; SecretAccessKey: string | undefined; SessionToken: string | undefined }
      | undefined;
  },
): STSClient {
  return new STSClient({
    ...test.client(),
    credentials: {
      accessKeyId: keys?.AccessKeyId ?? "",
      secretAccessKey: keys?.SecretAccessKey ?? "",
      sessionToken: keys?.SessionToken ?? "",
    },
  });
}

describe("STS", () => {
  it("tells a caller who they are", async () => {
    await withSts(async (sts, { graph, ...test }) => {
      const operator = await sts.send(new GetCallerIdentityCommand({}));
      assert.equal(operator.Account, FACTS.account);
      assert.equal(operator.Arn, "arn:aws:iam::000000000000:user/operator");
      assert.match(operator.UserId ?? "", /^AIDA[0-9A-F]{17}$/);

      const session = new STSClient(test.client(roleSession(PRODUCER, "one")));
      const { UserId, Arn } = await session.send(new GetCallerIdentityCommand({}));
      const { outputs } = graph.only("aws:iam/role:Role", ({ name }) => name === "producer");
      assert.deepEqual(
        { UserId, Arn },
        { UserId: `${textOf(outputs, "uniqueId")}:one`, Arn: "arn:aws:sts::000000000000:assumed-role/producer/one" },
      );

      const person = new STSClient(test.client(iamUser("arn:aws:iam::000000000000:user/person")));
      assert.equal((await person.send(new GetCallerIdentityCommand({}))).Arn, "arn:aws:iam::000000000000:user/person");
      session.destroy();
      person.destroy();
    });
  });

  it("gives credentials that act as the role, until they expire", async () => {
    await withSts(async (sts, test) => {
      const taken = await sts.send(new AssumeRoleCommand({ ...asProducer, DurationSeconds: 900 }));
      assert.equal(taken.AssumedRoleUser?.Arn, "arn:aws:sts::000000000000:assumed-role/producer/producer-1");
      assert.match(taken.Credentials?.AccessKeyId ?? "", /^ASIA/);
      assert.equal(taken.Credentials?.Expiration?.getTime(), START + 900_000);
      const producer = clientOf(test, taken);
      const whoAmI = await producer.send(new GetCallerIdentityCommand({}));
      assert.equal(whoAmI.Arn, taken.AssumedRoleUser?.Arn);
      assert.equal(whoAmI.UserId, taken.AssumedRoleUser?.AssumedRoleId);
      await test.clock.advance(899_999);
      await producer.send(new GetCallerIdentityCommand({}));
      await test.clock.advance(1);
      await assert.rejects(producer.send(new GetCallerIdentityCommand({})), { name: "ExpiredToken" });
      producer.destroy();
    });
  });

  it("lets in only whom the trust policy names, with what it asks them to bring", async () => {
    await withSts(async (sts) => {
      const denied = {
        name: "AccessDenied",
        message: /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam:/,
      };
      for (const input of [
        { ...asProducer, ExternalId: undefined },
        { ...asProducer, ExternalId: "guessed" },
        { ...asProducer, RoleSessionName: "other-1" },
        { RoleArn: "arn:aws:iam::000000000000:role/lambda", RoleSessionName: "x1" },
        { RoleArn: "arn:aws:iam::000000000000:role/nobody", RoleSessionName: "x1" },
      ]) {
        await assert.rejects(sts.send(new AssumeRoleCommand(input)), denied);
      }
    });
  });

  it("narrows a session by its policy, which can only take away", async () => {
    await withSts(async (sts, test) => {
      const Policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["kms:ListKeys", "sns:ListTopics"], Resource: "*" }],
      });
      const taken = await sts.send(new AssumeRoleCommand({ ...asProducer, Policy }));
      const caller = test.stage.credentials.find(taken.Credentials?.AccessKeyId ?? "")?.principal;
      assert.ok(caller);
      await test.stage.dispatch(caller, "kms", "ListKeys", {});
      await assert.rejects(test.stage.dispatch(caller, "kms", "ListAliases", {}), {
        code: "AccessDeniedException",
        message: /no session policy allows/,
      });
      await assert.rejects(test.stage.dispatch(caller, "sns", "ListTopics", {}), {
        message: /no identity-based policy allows/,
      });
      await assert.rejects(sts.send(new AssumeRoleCommand({ ...asProducer, Policy: '{"Statement":1}' })), {
        name: "MalformedPolicyDocumentException",
      });
    });
  });

  it("bounds a session by its role and by the chain it stands in", async () => {
    await withSts(async (sts, test) => {
      await assert.rejects(sts.send(new AssumeRoleCommand({ ...asProducer, DurationSeconds: 3601 })), {
        name: "ValidationError",
        message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      });
      const producer = clientOf(test, await sts.send(new AssumeRoleCommand(asProducer)));
      const chained = { RoleArn: CHAINED, RoleSessionName: "chained-1" };
      await producer.send(new AssumeRoleCommand({ ...chained, DurationSeconds: 3600 }));
      await assert.rejects(producer.send(new AssumeRoleCommand({ ...chained, DurationSeconds: 3601 })), {
        name: "ValidationError",
        message: /1 hour session limit for roles assumed by role chaining/,
      });
      producer.destroy();
    });
  });

  it("refuses what is malformed or not modelled", async () => {
    await withSts(async (sts) => {
      const refused: [Partial<AssumeRoleCommandInput>, string][] = [
        [{ RoleArn: "arn:aws:iam::1:role/x" }, "RoleArn"],
        [{ RoleSessionName: "a b" }, "RoleSessionName"],
        [{ DurationSeconds: 60 }, "DurationSeconds"],
        [{ ExternalId: "<&>" }, "ExternalId"],
        [{ Tags: [{ Key: "a", Value: "b" }] }, "Tags"],
        [{ SerialNumber: "123456789", TokenCode: "123456" }, "SerialNumber"],
      ];
      for (const [change, member] of refused) {
        await assert.rejects(sts.send(new AssumeRoleCommand({ ...asProducer, ...change })), {
          name: "ValidationError",
          message: new RegExp(`detected: (?:${member}: |Value .* at '${member}')`, "is"),
        });
      }
      await assert.rejects(sts.send(new GetSessionTokenCommand({})), {
        name: "InvalidAction",
        message: /does not model sts:GetSessionToken/,
      });
    });
  });

  it("answers a program where it is", async () => {
    const graph = await render(async () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      const { accountId, arn } = await aws.getCallerIdentity({}, { provider });
      const { region, name } = await aws.getRegion({}, { provider });
      const { partition, dnsSuffix, reverseDnsPrefix } = await aws.getPartition({}, { provider });
      return { accountId, arn, region, name, partition, dnsSuffix, reverseDnsPrefix };
    });
    assert.deepEqual(graph.stackOutputs, {
      accountId: FACTS.account,
      arn: "arn:aws:iam::000000000000:user/operator",
      region: "eu-west-1",
      name: "eu-west-1",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    });
    await assert.rejects(
      render(() => void new aws.Provider("elsewhere", { region: "us-east-1" })),
      /aws elsewhere: region us-east-1: this stage is in eu-west-1 and has no other/,
    );
  });
});
