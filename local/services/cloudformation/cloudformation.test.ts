/**
 * Stacks from templates: made, changed, undone and deleted, in virtual time.
 * Does not prove that AWS makes the same of a template: the resources are records, and each type's facts are a table.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStacksCommand,
  SetStackPolicyCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { roleSession } from "../../iam/principal";
import {
  create,
  describe as describeOne,
  execute,
  history,
  inspect,
  LONG_MS,
  RELEASE_ROLE,
  shop,
  STACK_ROLE,
  WEAK_ROLE,
  withFormation,
  type Formation,
} from "./testing/stacks";

const update = async (test: Formation, template: string): Promise<void> => {
  await test.aws.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: template }));
  await test.clock.advance(LONG_MS);
};

const idsOf = async ({ aws }: Formation): Promise<Record<string, string>> => {
  const { StackResources = [] } = await aws.send(new DescribeStackResourcesCommand({ StackName: "shop" }));
  return Object.fromEntries(
    StackResources.map((each) => [each.LogicalResourceId ?? "", each.PhysicalResourceId ?? ""]),
  );
};

describe("A stack", () => {
  it("is made of a template in the order of its references, with outputs and exports", async () => {
    await withFormation(async (test) => {
      const stack = await create(test, shop(), { Tags: [{ Key: "team", Value: "web" }] });
      assert.equal(stack.StackStatus, "CREATE_COMPLETE");
      assert.match(stack.StackId ?? "", /^arn:aws:cloudformation:eu-west-1:000000000000:stack\/shop\/[0-9a-f-]{36}$/);
      const outputOf = (key: string): string | undefined =>
        stack.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
      assert.match(outputOf("TableName") ?? "", /^shop-Orders-[0-9A-F]{12}$/);
      assert.equal(outputOf("QueueUrl"), "https://sqs.eu-west-1.amazonaws.com/000000000000/dev-jobs");
      assert.deepEqual(await history(test), [
        "shop CREATE_IN_PROGRESS",
        "Orders CREATE_IN_PROGRESS",
        "Orders CREATE_COMPLETE",
        "Jobs CREATE_IN_PROGRESS",
        "Jobs CREATE_COMPLETE",
        "shop CREATE_COMPLETE",
      ]);
      assert.deepEqual(Object.keys(await idsOf(test)), ["Orders", "Jobs"]);
      const { TemplateBody } = await test.aws.send(new GetTemplateCommand({ StackName: "shop" }));
      assert.equal(TemplateBody, shop());
    });
  });

  it("takes time, and is in progress meanwhile", async () => {
    await withFormation(async (test) => {
      await test.aws.send(new CreateStackCommand({ StackName: "shop", TemplateBody: shop() }));
      await test.clock.advance(500);
      assert.equal((await describeOne(test)).StackStatus, "CREATE_IN_PROGRESS");
    });
  });

  it("that is not there is told by the message that tools know", async () => {
    await withFormation(async ({ aws }) => {
      await assert.rejects(aws.send(new DescribeStacksCommand({ StackName: "none" })), {
        name: "ValidationError",
        message: "Stack with id none does not exist",
      });
    });
  });

  it("is made once by a call that is repeated, and refused by another", async () => {
    await withFormation(async ({ aws }) => {
      const input = { StackName: "shop", TemplateBody: shop(), ClientRequestToken: "one" };
      const first = await aws.send(new CreateStackCommand(input));
      assert.equal((await aws.send(new CreateStackCommand(input))).StackId, first.StackId);
      await assert.rejects(aws.send(new CreateStackCommand({ ...input, ClientRequestToken: "two" })), {
        message: "Stack [shop] already exists",
      });
    });
  });

  const refused: readonly [claim: string, template: string, message: RegExp][] = [
    [
      "has a type nobody models",
      "Resources: { A: { Type: 'AWS::Mars::Rover' } }",
      /does not model the resource type AWS::Mars::Rover/,
    ],
    [
      "refers to nothing",
      "Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: !Ref B } } }",
      /Unresolved resource dependencies \[B\]/,
    ],
    [
      "goes in circles",
      "Resources: { A: { Type: 'AWS::SNS::Topic', DependsOn: B }, B: { Type: 'AWS::SNS::Topic', DependsOn: A } }",
      /Circular dependency between resources/,
    ],
    [
      "makes identities unacknowledged",
      "Resources: { A: { Type: 'AWS::IAM::Role' } }",
      /Requires capabilities : \[CAPABILITY_IAM\]/,
    ],
    [
      "names identities unacknowledged",
      "Resources: { A: { Type: 'AWS::IAM::Role', Properties: { RoleName: r } } }",
      /Requires capabilities : \[CAPABILITY_NAMED_IAM\]/,
    ],
    ["is no YAML", "Resources: [", /YAML not well-formed/],
    ["has a section nobody knows", "Resources: { A: { Type: 'AWS::SNS::Topic' } }\nStuff: {}", /Template format error/],
    [
      "wants a macro",
      "Transform: AWS::Serverless-2016-10-31\nResources: { A: { Type: 'AWS::SNS::Topic' } }",
      /runs no macros/,
    ],
    [
      "lacks a parameter",
      "Parameters: { P: { Type: String } }\nResources: { A: { Type: 'AWS::SNS::Topic' } }",
      /Parameters: \[P\] must have values/,
    ],
  ];
  for (const [claim, template, message] of refused) {
    it(`is refused when its template ${claim}`, async () => {
      await withFormation(async ({ aws }) => {
        await assert.rejects(
          aws.send(new CreateStackCommand({ StackName: "shop", TemplateBody: template })),
          (error: Error) => message.test(error.message),
        );
      });
    });
  }

  it("is updated in place, and makes anew what cannot be", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const before = await idsOf(test);
      await update(test, shop({ retention: 120 }));
      assert.deepEqual(await idsOf(test), before);
      await update(test, shop({ key: "order", retention: 120 }));
      const after = await idsOf(test);
      assert.notEqual(after["Orders"], before["Orders"]);
      assert.equal(after["Jobs"], before["Jobs"]);
      assert.deepEqual((await history(test)).slice(-9), [
        "shop UPDATE_IN_PROGRESS",
        "Orders UPDATE_IN_PROGRESS",
        "Orders UPDATE_COMPLETE",
        "Jobs UPDATE_IN_PROGRESS",
        "Jobs UPDATE_COMPLETE",
        "shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "Orders DELETE_IN_PROGRESS",
        "Orders DELETE_COMPLETE",
        "shop UPDATE_COMPLETE",
      ]);
    });
  });

  it("says when there is nothing to update", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      await assert.rejects(update(test, shop()), { message: "No updates are to be performed." });
    });
  });

  it("is rolled back when a resource cannot be made, and can be deleted then", async () => {
    await withFormation(async (test) => {
      test.service.faults.plan({ stackName: "shop", logicalId: "Jobs", on: "create", reason: "no more queues" });
      const stack = await create(test, shop());
      assert.equal(stack.StackStatus, "ROLLBACK_COMPLETE");
      assert.deepEqual((await history(test)).slice(3), [
        "Jobs CREATE_IN_PROGRESS",
        "Jobs CREATE_FAILED",
        "shop ROLLBACK_IN_PROGRESS",
        "Orders DELETE_IN_PROGRESS",
        "Orders DELETE_COMPLETE",
        "shop ROLLBACK_COMPLETE",
      ]);
      await assert.rejects(
        update(test, shop({ retention: 61 })),
        /is in ROLLBACK_COMPLETE state and can not be updated/,
      );
      await test.aws.send(new DeleteStackCommand({ StackName: "shop" }));
      await test.clock.advance(LONG_MS);
      await assert.rejects(describeOne(test), /does not exist/);
      assert.equal((await describeOne(test, stack.StackId)).StackStatus, "DELETE_COMPLETE");
    });
  });

  it("goes back to what it was when an update fails", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const before = await idsOf(test);
      test.service.faults.plan({ stackName: "shop", logicalId: "Jobs", on: "update", reason: "no" });
      await update(test, shop({ key: "order", retention: 120, more: "  Mail: { Type: AWS::SQS::Queue }" }));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.deepEqual(await idsOf(test), before);
      const { TemplateBody } = await test.aws.send(new GetTemplateCommand({ StackName: "shop" }));
      assert.equal(TemplateBody, shop());
      await update(test, shop({ retention: 120 }));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_COMPLETE");
    });
  });

  it("that cannot be rolled back says so", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      test.service.faults.plan({ stackName: "shop", logicalId: "Jobs", on: "update", reason: "no", times: 2 });
      await update(test, shop({ retention: 120 }));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_ROLLBACK_FAILED");
    });
  });

  it("keeps what is to be retained when it is deleted, and stays when something cannot be", async () => {
    await withFormation(async (test) => {
      const kept = shop({ more: "  Mail: { Type: AWS::SQS::Queue, DeletionPolicy: Retain }" });
      await create(test, kept);
      test.service.faults.plan({ stackName: "shop", logicalId: "Orders", on: "delete", reason: "in use" });
      await test.aws.send(new DeleteStackCommand({ StackName: "shop" }));
      await test.clock.advance(LONG_MS);
      const stack = await describeOne(test);
      assert.equal(stack.StackStatus, "DELETE_FAILED");
      assert.match(stack.StackStatusReason ?? "", /failed to delete: \[Orders\]/);
      assert.ok((await history(test)).includes("Mail DELETE_SKIPPED"));
      await test.aws.send(new DeleteStackCommand({ StackName: "shop" }));
      await test.clock.advance(LONG_MS);
      assert.equal((await describeOne(test, stack.StackId)).StackStatus, "DELETE_COMPLETE");
    });
  });

  it("is not deleted while it is protected, or while another imports what it exports", async () => {
    await withFormation(async (test) => {
      await create(test, shop(), { EnableTerminationProtection: true });
      const remove = () => test.aws.send(new DeleteStackCommand({ StackName: "shop" }));
      await assert.rejects(remove(), /cannot be deleted while TerminationProtection is enabled/);
      await test.aws.send(
        new UpdateTerminationProtectionCommand({ StackName: "shop", EnableTerminationProtection: false }),
      );
      const reader = "Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !ImportValue shop-table } } }";
      await create(test, reader, { StackName: "reader" });
      await remove();
      await test.clock.advance(LONG_MS);
      assert.match(
        (await describeOne(test)).StackStatusReason ?? "",
        /Export shop-table cannot be deleted as it is in use by reader/,
      );
    });
  });

  it("updates nothing that its policy forbids", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const Statement = [
        { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" },
        { Effect: "Deny", Action: "Update:Replace", Principal: "*", Resource: "LogicalResourceId/Orders" },
      ];
      await test.aws.send(
        new SetStackPolicyCommand({ StackName: "shop", StackPolicyBody: JSON.stringify({ Statement }) }),
      );
      const before = await idsOf(test);
      await update(test, shop({ key: "order" }));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.deepEqual(await idsOf(test), before);
    });
  });

  it("is worked on as its role, whose permissions are checked for each resource", async () => {
    await withFormation(async (test) => {
      const weak = await create(test, shop(), { RoleARN: WEAK_ROLE });
      assert.equal(weak.StackStatus, "ROLLBACK_COMPLETE");
      const strong = await create(test, shop(), { StackName: "strong", RoleARN: STACK_ROLE });
      assert.equal(strong.StackStatus, "CREATE_COMPLETE");
      assert.equal(strong.RoleARN, STACK_ROLE);
    });
  });

  it("is made only by whom its permissions allow, with a role that the caller may pass", async () => {
    await withFormation(async (test) => {
      const client = new CloudFormationClient(test.client(roleSession(RELEASE_ROLE, "run")));
      try {
        const send = (StackName: string, RoleARN: string) =>
          client.send(new CreateStackCommand({ StackName, TemplateBody: shop(), RoleARN }));
        await assert.rejects(send("other", STACK_ROLE), { name: "AccessDenied" });
        await assert.rejects(send("shop", WEAK_ROLE), /iam:PassRole/);
        await send("shop", STACK_ROLE);
        await test.clock.advance(LONG_MS);
        assert.equal((await describeOne(test)).StackStatus, "CREATE_COMPLETE");
        await assert.rejects(client.send(new ListStacksCommand({})), { name: "AccessDenied" });
      } finally {
        client.destroy();
      }
    });
  });

  const put = (test: Formation, Key: string, Body: string): Promise<unknown> =>
    test.stage.dispatch(test.stage.operator.principal, "s3", "PutObject", {
      Bucket: "templates",
      Key,
      Body: Buffer.from(Body),
    });
  const nesting = (size: number): string => `
Resources:
  Store:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://templates.s3.eu-west-1.amazonaws.com/store.yaml
      Parameters: { Size: ${size} }
  Jobs:
    Type: AWS::SQS::Queue
    Properties: { QueueName: !GetAtt Store.Outputs.Name }
`;
  const store = `
Parameters: { Size: { Type: Number } }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Size } }
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub "t\${Size}" } }
Outputs:
  Name: { Value: !GetAtt Queue.QueueName }
`;

  it("has stacks inside, made and deleted with it, and undone with it when something fails", async () => {
    await withFormation(async (test) => {
      await put(test, "store.yaml", store);
      const stack = await create(test, nesting(1));
      assert.equal(stack.StackStatus, "CREATE_COMPLETE");
      const { Store = "", Jobs = "" } = await idsOf(test);
      const inner = await describeOne(test, Store);
      assert.deepEqual([inner.StackStatus, inner.ParentId], ["CREATE_COMPLETE", stack.StackId]);
      assert.match(Jobs, /Queue-[0-9A-F]{12}$/);
      test.service.faults.plan({
        stackName: inner.StackName ?? "",
        logicalId: "Topic",
        on: "update",
        reason: "no topics",
      });
      await update(test, nesting(2));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      const events = await history(test, Store);
      assert.ok(events.includes("Topic UPDATE_FAILED"), events.join());
      await update(test, nesting(3));
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_COMPLETE");
      await test.aws.send(new DeleteStackCommand({ StackName: "shop" }));
      await test.clock.advance(LONG_MS);
      assert.equal((await describeOne(test, Store)).StackStatus, "DELETE_COMPLETE");
    });
  });

  it("goes on where it was when the stage opens again in the midst of an update", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stacks-"));
    try {
      await withFormation(async (test) => {
        await create(test, shop());
        const { ChangeSetId = "" } = await inspect(test, shop({ key: "order" }));
        await execute(test, ChangeSetId).catch(() => undefined);
        await test.aws.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: shop({ key: "other" }) }));
        await test.clock.advance(500);
        assert.equal((await describeOne(test)).StackStatus, "UPDATE_IN_PROGRESS");
      }, folder);
      await withFormation(async (test) => {
        await test.clock.advance(LONG_MS);
        assert.equal((await describeOne(test)).StackStatus, "UPDATE_COMPLETE");
        assert.equal((await history(test)).filter((each) => each === "Orders DELETE_COMPLETE").length, 2);
      }, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
