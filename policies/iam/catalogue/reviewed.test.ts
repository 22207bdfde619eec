/**
 * What was decided by hand still speaks of actions AWS has, and decides the known cases. Does not prove the decisions
 * right for every action; the reasons stand beside them.
 */
import assert from "node:assert/strict";
import { PATHS } from "../effective/paths";
import { type Action, catalogue } from "./catalogue";
import { CREDENTIALS, DATA, PERMISSIONS, type Power, powerOf } from "./power";
import { MAY_STAR, MUST_SCOPE, type Scope, scopeOf } from "./scope";

function actionOf(id: string): Action {
  const action = catalogue().action(id);
  assert.ok(action, id);
  return action;
}

describe("whether an action may have a star", () => {
  const verdicts: readonly [scope: Scope, ids: string][] = [
    [
      "must-star",
      "logs:DescribeLogGroups xray:PutTraceSegments xray:PutTelemetryRecords ecr:GetAuthorizationToken kinesis:ListStreams " +
        "dynamodb:ListStreams states:ListStateMachines codepipeline:PutJobSuccessResult codepipeline:GetJobDetails " +
        "cloudformation:ValidateTemplate redshift-data:GetStatementResult kafka:GetBootstrapBrokers sts:GetCallerIdentity " +
        "ec2:DescribeNetworkInterfaces s3:ListAllMyBuckets",
    ],
    [
      "may-scope",
      "cloudwatch:PutMetricData cloudformation:DescribeStacks s3:GetBucketLocation rds:DescribeDBInstances",
    ],
    [
      "must-scope",
      "s3:GetObject s3:PutObject s3:ListBucket s3:DeleteObject events:PutEvents execute-api:Invoke redshift-data:ExecuteStatement " +
        "kinesis:PutRecord kinesis:GetRecords firehose:PutRecordBatch sns:Publish sqs:SendMessage dynamodb:PutItem " +
        "logs:CreateLogStream lambda:InvokeFunction states:StartExecution cloudformation:ExecuteChangeSet " +
        "emr-serverless:StartJobRun glue:GetTable athena:StartQueryExecution secretsmanager:GetSecretValue kms:Decrypt " +
        "iam:PassRole kafka-cluster:Connect codebuild:StartBuild codeconnections:UseConnection comprehend:StartEntitiesDetectionJob " +
        "ec2:CreateTags ssm:StartSession es:ESHttpGet",
    ],
  ];
  for (const [scope, ids] of verdicts) {
    for (const id of ids.split(" ")) it(`${id}: ${scope}`, () => assert.equal(scopeOf(actionOf(id)), scope));
  }

  it("is decided by hand only for actions there are", () => {
    for (const [service, names] of [...MAY_STAR, ...MUST_SCOPE]) {
      for (const name of names) assert.ok(catalogue().expand(`${service}:${name}`).length > 0, `${service}:${name}`);
    }
  });

  it("is decided for every action whose types are all optional: looks may have it, what acts must not, unless listed", () => {
    const optional = catalogue()
      .expand("*")
      .filter(({ types }) => types.length > 0 && !types.some(({ required }) => required));
    assert.ok(optional.length > 1000);
    const starred = optional.filter((action) => scopeOf(action) === "may-scope" && action.level === "write");
    // Read this list after an update of the data: each of these may be allowed on every resource without a finding.
    assert.deepEqual(
      starred.map(({ id }) => id),
      [
        "cloudwatch:PutMetricData",
        "route53globalresolver:ListTagsForResource",
        "servicequotas:PutServiceQuotaIncreaseRequestIntoTemplate",
        "servicequotas:RequestServiceQuotaIncrease",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
        "ssm:PutComplianceItems",
        "ssm:UpdateInstanceInformation",
        "sts:SetSourceIdentity",
        "sts:SetContext",
      ],
    );
  });
});

describe("what an action gives", () => {
  const powers: readonly [power: Power, ids: string][] = [
    ["pass-role", "iam:PassRole"],
    [
      "permissions",
      "iam:CreateRole iam:AddUserToGroup iam:PutRolePolicy kms:CreateGrant s3:PutBucketPolicy lambda:AddPermission",
    ],
    ["credentials", "iam:CreateAccessKey iam:CreateLoginProfile sts:AssumeRole redshift:GetClusterCredentials"],
    ["data", "s3:GetObject secretsmanager:GetSecretValue kms:Decrypt dynamodb:Scan kinesis:GetRecords"],
    ["write", "s3:PutObject ec2:CreateTags sqs:SendMessage"],
    ["read", "s3:ListBucket kinesis:DescribeStreamSummary iam:GetRole"],
  ];
  for (const [power, ids] of powers) {
    for (const id of ids.split(" ")) it(`${id}: ${power}`, () => assert.equal(powerOf(actionOf(id)), power));
  }

  it("is listed only for actions there are", () => {
    for (const line of [...CREDENTIALS, ...PERMISSIONS, ...DATA]) {
      const [service = "", ...names] = line.split(" ");
      if (service === "*") continue;
      for (const name of names) assert.ok(catalogue().expand(`${service}:${name}`).length > 0, `${service}:${name}`);
    }
  });
});

describe("a path to all rights", () => {
  it("is made of actions there are, under an id of its own", () => {
    for (const { id, needs } of PATHS) {
      for (const { actions } of needs)
        for (const action of actions) assert.ok(catalogue().action(action), `${id}: ${action}`);
    }
    assert.equal(new Set(PATHS.map(({ id }) => id)).size, PATHS.length);
  });
});
