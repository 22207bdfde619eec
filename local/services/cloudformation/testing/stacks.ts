/** A stage with roles that may work on stacks, and short ways to make stacks and change sets on it. */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Change,
  type CreateChangeSetCommandInput,
  type CreateStackCommandInput,
  type DescribeChangeSetCommandOutput,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { render, withStage, type TestStage } from "../../../../test/stage";
import { CloudFormationService } from "../service";

const trust = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

export const STACK_ROLE = "arn:aws:iam::000000000000:role/stack";
export const WEAK_ROLE = "arn:aws:iam::000000000000:role/weak";
export const RELEASE_ROLE = "arn:aws:iam::000000000000:role/release";

const program = (): void => {
  const role = (name: string, service: string, ...statements: object[]): void => {
    const made = new aws.iam.Role(name, { name, assumeRolePolicy: trust(service) });
    new aws.iam.RolePolicy(name, {
      role: made.name,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
  };
  const allow = (Resource: string, ...Action: string[]): object => ({ Effect: "Allow", Action, Resource });
  role(
    "stack",
    "cloudformation.amazonaws.com",
    allow("*", "dynamodb:*", "sqs:*", "sns:*", "lambda:*", "iam:*", "s3:*", "cloudformation:*", "logs:*"),
  );
  role("weak", "cloudformation.amazonaws.com", allow("*", "sqs:*"));
  role(
    "release",
    "lambda.amazonaws.com",
    allow(
      "arn:aws:cloudformation:eu-west-1:000000000000:stack/shop/*",
      "cloudformation:CreateStack",
      "cloudformation:DescribeStacks",
    ),
    { Effect: "Allow", Action: "iam:PassRole", Resource: STACK_ROLE },
  );
  new aws.s3.Bucket("templates", { bucket: "templates" });
};

export interface Formation extends TestStage {
  readonly aws: CloudFormationClient;
  readonly service: CloudFormationService;
}

export async function withFormation(run: (test: Formation) => Promise<void>, folder?: string): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const client = new CloudFormationClient(test.client());
      const service = test.stage.service("cloudformation");
      assert.ok(service instanceof CloudFormationService);
      try {
        await run({ ...test, aws: client, service });
      } finally {
        client.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

/** Longer than anything here takes. */
export const LONG_MS = 10 * 60_000;

export async function create(
  test: Formation,
  template: string,
  input: Partial<CreateStackCommandInput> = {},
): Promise<Stack> {
  await test.aws.send(new CreateStackCommand({ StackName: "shop", TemplateBody: template, ...input }));
  await test.clock.advance(LONG_MS);
  return describe(test, input.StackName ?? "shop");
}

export async function describe({ aws: client }: Formation, StackName = "shop"): Promise<Stack> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0] ?? assert.fail("no stack");
}

/** Makes a change set and describes it, all pages, with values unless told otherwise. */
export async function inspect(
  test: Formation,
  template: string,
  input: Partial<CreateChangeSetCommandInput> = {},
  IncludePropertyValues = true,
): Promise<DescribeChangeSetCommandOutput & { readonly Changes: Change[] }> {
  const { Id } = await test.aws.send(
    new CreateChangeSetCommand({ StackName: "shop", ChangeSetName: "change", TemplateBody: template, ...input }),
  );
  await test.clock.advance(LONG_MS);
  return describeSet(test, Id ?? "", IncludePropertyValues);
}

export async function describeSet(
  { aws: client }: Formation,
  ChangeSetName: string,
  IncludePropertyValues = true,
): Promise<DescribeChangeSetCommandOutput & { readonly Changes: Change[] }> {
  const all: Change[] = [];
  let NextToken: string | undefined;
  for (;;) {
    const page = await client.send(
      new DescribeChangeSetCommand({
        ChangeSetName,
        IncludePropertyValues,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    all.push(...(page.Changes ?? []));
    if (page.NextToken === undefined) return { ...page, Changes: all };
    NextToken = page.NextToken;
  }
}

export async function execute(test: Formation, ChangeSetName: string, token?: string): Promise<void> {
  await test.aws.send(
    new ExecuteChangeSetCommand({ ChangeSetName, ...(token === undefined ? {} : { ClientRequestToken: token }) }),
  );
  await test.clock.advance(LONG_MS);
}

/** `Table CREATE_COMPLETE`, the oldest first. */
export async function history({ aws: client }: Formation, StackName = "shop"): Promise<string[]> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents.toReversed().map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

/** `Modify Table True`, in the order of the change set. */
export const inShort = ({ Changes }: { readonly Changes: readonly Change[] }): string[] =>
  Changes.map(({ ResourceChange: change }) =>
    [change?.Action, change?.LogicalResourceId, change?.Replacement, change?.PolicyAction].filter(Boolean).join(" "),
  );

/** A small shop: a table, a queue that knows its name, and a function. */
export const shop = ({
  key = "id",
  retention = 60,
  more = "",
}: { key?: string; retention?: number; more?: string } = {}): string => `
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{ AttributeName: ${key}, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: ${key}, AttributeType: S }]
      BillingMode: PAY_PER_REQUEST
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "\${Stage}-jobs"
      MessageRetentionPeriod: ${retention}
      Tags:
        - { Key: table, Value: !GetAtt Orders.Arn }
  Alarm:
    Type: AWS::SNS::Topic
    Condition: IsProd
${more}
Outputs:
  TableName:
    Value: !Ref Orders
    Export: { Name: !Sub "\${AWS::StackName}-table" }
  QueueUrl: { Value: !Ref Jobs }
`;
