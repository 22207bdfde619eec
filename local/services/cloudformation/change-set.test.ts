/**
 * Change sets, and what the guard makes of them.
 * Does not prove that AWS describes a change in the same words: the shapes are those of its API reference.
 */
import assert from "node:assert/strict";
import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { judge } from "../../../functions/inspect/judge";
import { readChangeSet } from "../../../functions/inspect/cloudformation/read-change-set";
import {
  create,
  describe as describeOne,
  describeSet,
  execute,
  history,
  inShort,
  inspect,
  LONG_MS,
  shop,
  withFormation,
  type Formation,
} from "./testing/stacks";

const verdictOf = (...pages: object[]): string[] => {
  const plain = JSON.parse(JSON.stringify(pages)) as object[];
  const { verdict, findings } = judge(readChangeSet(plain));
  return [verdict, ...new Set(findings.map(({ change, name }) => `${change} ${name}`))];
};

const MAIL = "  Mail: { Type: AWS::SQS::Queue }";

describe("A change set", () => {
  const cases: readonly [claim: string, before: string, after: string, changes: string[], verdict: string[]][] = [
    ["adds", shop(), shop({ more: MAIL }), ["Add Mail"], ["safe"]],
    ["updates in place", shop(), shop({ retention: 120 }), ["Modify Jobs False"], ["safe"]],
    [
      "replaces for sure",
      shop(),
      shop({ key: "order" }),
      ["Modify Orders True ReplaceAndDelete", "Modify Jobs False"],
      ["refused", "replace Orders"],
    ],
    ["removes", shop({ more: MAIL }), shop(), ["Remove Mail Delete"], ["refused", "delete Mail"]],
    [
      "leaves behind what is retained",
      shop({ more: "  Mail: { Type: AWS::SQS::Queue, DeletionPolicy: Retain }" }),
      shop(),
      ["Remove Mail Retain"],
      ["refused", "orphan Mail"],
    ],
    [
      "weakens a policy",
      shop({ more: "  Mail: { Type: AWS::SQS::Queue, DeletionPolicy: Retain }" }),
      shop({ more: MAIL }),
      ["Modify Mail False"],
      ["refused", "protection-dropped Mail"],
    ],
  ];
  for (const [claim, before, after, changes, verdict] of cases) {
    it(`${claim}, and is judged for it`, async () => {
      await withFormation(async (test) => {
        await create(test, before);
        const set = await inspect(test, after);
        assert.deepEqual([set.Status, set.ExecutionStatus], ["CREATE_COMPLETE", "AVAILABLE"]);
        assert.deepEqual(inShort(set), changes);
        assert.deepEqual(verdictOf(set), verdict);
      });
    });
  }

  it("says what causes a change, with values only where they are asked for", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const set = await inspect(test, shop(), { Parameters: [{ ParameterKey: "Stage", ParameterValue: "prod" }] });
      assert.deepEqual(inShort(set), ["Modify Jobs True ReplaceAndDelete", "Add Alarm"]);
      const jobs = set.Changes[0]?.ResourceChange;
      assert.deepEqual(jobs?.Details, [
        {
          Target: {
            Attribute: "Properties",
            Name: "QueueName",
            RequiresRecreation: "Always",
            Path: "/Properties/QueueName",
            BeforeValue: "dev-jobs",
            AfterValue: "prod-jobs",
            AttributeChangeType: "Modify",
          },
          Evaluation: "Static",
          ChangeSource: "ParameterReference",
          CausingEntity: "Stage",
        },
      ]);
      assert.match(jobs.BeforeContext ?? "", /"QueueName":"dev-jobs"/);
      const without = await describeSet(test, set.ChangeSetId ?? "", false);
      assert.equal(without.Changes[0]?.ResourceChange?.BeforeContext, undefined);
      assert.equal(without.Changes[0]?.ResourceChange?.Details?.[0]?.Target?.AfterValue, undefined);
    });
  });

  it("takes what comes from a changed resource for unknown", async () => {
    const after = shop().replace("BillingMode: PAY_PER_REQUEST", "BillingMode: PROVISIONED");
    await withFormation(async (test) => {
      await create(test, shop());
      const set = await inspect(test, after);
      assert.deepEqual(inShort(set), ["Modify Orders False", "Modify Jobs False"]);
      const [detail] = set.Changes[1]?.ResourceChange?.Details ?? [];
      assert.deepEqual(
        [detail?.Evaluation, detail?.ChangeSource, detail?.CausingEntity],
        ["Dynamic", "ResourceAttribute", "Orders.Arn"],
      );
    });
  });

  it("is pending at first, then in progress, and cannot be executed before it is complete", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const { Id = "" } = await test.aws.send(
        new CreateChangeSetCommand({ StackName: "shop", ChangeSetName: "c", TemplateBody: shop({ retention: 61 }) }),
      );
      const status = async () => (await describeSet(test, Id)).Status;
      assert.equal(await status(), "CREATE_PENDING");
      await assert.rejects(execute(test, Id), { name: "InvalidChangeSetStatusException" });
      await test.clock.advance(600);
      assert.equal(await status(), "CREATE_IN_PROGRESS");
      await test.clock.advance(LONG_MS);
      assert.equal(await status(), "CREATE_COMPLETE");
    });
  });

  it("without changes fails with the words that tools know", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const set = await inspect(test, shop());
      assert.equal(set.Status, "FAILED");
      assert.match(set.StatusReason ?? "", /^The submitted information didn't contain changes\./);
      assert.deepEqual(verdictOf(set), ["safe"]);
    });
  });

  it("is executed once, and tells what became of it", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const { ChangeSetId = "" } = await inspect(test, shop({ retention: 120 }));
      await execute(test, ChangeSetId, "t1");
      await execute(test, ChangeSetId, "t1");
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_COMPLETE");
      assert.equal((await describeSet(test, ChangeSetId)).ExecutionStatus, "EXECUTE_COMPLETE");
      assert.equal((await history(test)).filter((each) => each === "Jobs UPDATE_COMPLETE").length, 1);
      await assert.rejects(
        execute(test, ChangeSetId),
        /cannot be executed in its current execution status of \[EXECUTE_COMPLETE\]/,
      );
    });
  });

  it("is out of date after another update", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const { ChangeSetId = "" } = await inspect(test, shop({ retention: 120 }));
      await test.aws.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: shop({ retention: 180 }) }));
      await test.clock.advance(LONG_MS);
      const set = await describeSet(test, ChangeSetId);
      assert.equal(set.ExecutionStatus, "OBSOLETE");
      assert.equal(verdictOf(set)[0], "refused");
      await assert.rejects(execute(test, ChangeSetId), { name: "InvalidChangeSetStatusException" });
    });
  });

  it("tells of an execution that failed", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const { ChangeSetId = "" } = await inspect(test, shop({ retention: 120 }));
      test.service.faults.plan({ stackName: "shop", logicalId: "Jobs", on: "update", reason: "no" });
      await execute(test, ChangeSetId);
      assert.equal((await describeSet(test, ChangeSetId)).ExecutionStatus, "EXECUTE_FAILED");
    });
  });

  it("is made once by a call that is repeated, and is gone once deleted", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const input = {
        StackName: "shop",
        ChangeSetName: "c",
        TemplateBody: shop({ retention: 61 }),
        ClientToken: "one",
      };
      const { Id = "" } = await test.aws.send(new CreateChangeSetCommand(input));
      assert.equal((await test.aws.send(new CreateChangeSetCommand(input))).Id, Id);
      await assert.rejects(test.aws.send(new CreateChangeSetCommand({ ...input, ClientToken: "two" })), {
        name: "AlreadyExistsException",
      });
      await test.aws.send(new DeleteChangeSetCommand({ ChangeSetName: Id }));
      await assert.rejects(test.aws.send(new DescribeChangeSetCommand({ ChangeSetName: Id })), {
        name: "ChangeSetNotFoundException",
      });
      const { Summaries } = await test.aws.send(new ListChangeSetsCommand({ StackName: "shop" }));
      assert.deepEqual(Summaries ?? [], []);
    });
  });

  it("is told in pages", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const many = Array.from({ length: 40 }, (_, n) => `  Mail${n}: { Type: AWS::SQS::Queue }`).join("\n");
      const set = await inspect(test, shop({ more: many }));
      assert.equal(set.Changes.length, 40);
      const first = await test.aws.send(new DescribeChangeSetCommand({ ChangeSetName: set.ChangeSetId }));
      assert.equal(first.Changes?.length, 39);
      assert.ok(first.NextToken);
    });
  });

  it("of a new stack leaves a stack in review until it is executed", async () => {
    await withFormation(async (test) => {
      const set = await inspect(test, shop(), { ChangeSetType: "CREATE" });
      assert.equal((await describeOne(test)).StackStatus, "REVIEW_IN_PROGRESS");
      assert.deepEqual(inShort(set), ["Add Orders", "Add Jobs"]);
      await execute(test, set.ChangeSetId ?? "");
      assert.equal((await describeOne(test)).StackStatus, "CREATE_COMPLETE");
    });
  });

  it("takes over what exists", async () => {
    await withFormation(async (test) => {
      await create(test, shop());
      const kept = shop({ more: "  Mail: { Type: AWS::SQS::Queue, DeletionPolicy: Retain }" });
      const set = await inspect(test, kept, {
        ChangeSetType: "IMPORT",
        ResourcesToImport: [
          {
            ResourceType: "AWS::SQS::Queue",
            LogicalResourceId: "Mail",
            ResourceIdentifier: { QueueUrl: "https://q/mail" },
          },
        ],
      });
      assert.deepEqual(inShort(set), ["Import Mail"]);
      await execute(test, set.ChangeSetId ?? "");
      assert.equal((await describeOne(test)).StackStatus, "IMPORT_COMPLETE");
    });
  });

  const put = (test: Formation, Body: string): Promise<unknown> =>
    test.stage.dispatch(test.stage.operator.principal, "s3", "PutObject", {
      Bucket: "templates",
      Key: "store.yaml",
      Body: Buffer.from(Body),
    });
  const nesting = `
Resources:
  Store:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: "https://templates.s3.amazonaws.com/store.yaml" }
`;

  it("looks into nested stacks, where it is told to", async () => {
    await withFormation(async (test) => {
      await put(test, shop({ more: MAIL }));
      await create(test, nesting);
      await put(test, shop());
      const blind = await inspect(test, nesting, { ChangeSetName: "blind" });
      assert.deepEqual(inShort(blind), ["Modify Store False"]);
      assert.equal(verdictOf(blind)[0], "refused");
      const set = await inspect(test, nesting, { IncludeNestedStacks: true });
      const nested = await describeSet(test, set.Changes[0]?.ResourceChange?.ChangeSetId ?? "");
      assert.equal(nested.RootChangeSetId, set.ChangeSetId);
      assert.deepEqual(inShort(nested), ["Remove Mail Delete"]);
      assert.deepEqual(verdictOf(set, nested), ["refused", "delete Mail"]);
      await execute(test, set.ChangeSetId ?? "");
      assert.equal((await describeOne(test)).StackStatus, "UPDATE_COMPLETE");
      const same = await inspect(test, nesting, { IncludeNestedStacks: true, ChangeSetName: "same" });
      assert.match(same.StatusReason ?? "", /didn't contain changes/);
    });
  });
});
