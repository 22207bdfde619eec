/** Identity policies that a security engineer would sign. */
import { allow, clean, deny, identity, type Labelled, text } from "../labelled";

const ACCOUNT = "111122223333";
const on = (service: string, resource: string): string => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;

export const identityClean: readonly Labelled[] = [
  clean(
    "lists what cannot be scoped",
    identity(allow(["s3:ListAllMyBuckets", "kinesis:ListStreams", "dynamodb:ListTables", "lambda:ListFunctions"], "*")),
  ),
  clean(
    "looks around in EC2",
    identity(allow(["ec2:DescribeInstances", "ec2:DescribeSubnets", "ec2:DescribeTags"], "*")),
  ),
  clean(
    "scaling groups and their tags",
    identity(allow(["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeTags"], "*")),
  ),
  clean(
    "log groups and deliveries",
    identity(allow(["logs:DescribeLogGroups", "logs:CreateLogDelivery", "logs:ListLogDeliveries"], "*")),
  ),
  clean("virtual MFA devices", identity(allow("iam:ListVirtualMFADevices", "*"))),
  clean("who am I", identity(allow("sts:GetCallerIdentity", "*"))),
  clean(
    "tracing",
    identity(allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules"], "*")),
  ),
  clean(
    "metrics",
    identity(allow(["cloudwatch:PutMetricData", "cloudwatch:GetMetricData", "cloudwatch:ListMetrics"], "*")),
  ),
  clean(
    "what stacks there are",
    identity(
      allow(["cloudformation:DescribeStacks", "cloudformation:ListStacks", "cloudformation:ValidateTemplate"], "*"),
    ),
  ),
  clean(
    "results of a pipeline job",
    identity(allow(["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"], "*")),
  ),
  clean("objects below a prefix", identity(allow("s3:GetObject", "arn:aws:s3:::lake/raw/*"))),
  clean("one kind of object in any folder", identity(allow("s3:GetObject", "arn:aws:s3:::lake/*/report.csv"))),
  clean(
    "reads of one bucket by verb",
    identity(allow(["s3:GetObject*", "s3:ListBucket"], ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"])),
  ),
  clean(
    "streams of one log group",
    identity(allow(["logs:CreateLogStream", "logs:PutLogEvents"], on("logs", "log-group:/app/orders:*"))),
  ),
  clean(
    "log groups of one account by prefix",
    identity(allow("logs:CreateLogGroup", on("logs", "log-group:/aws/lambda/orders-*"))),
  ),
  clean("one stream", identity(allow(["kinesis:PutRecord", "kinesis:PutRecords"], on("kinesis", "stream/clicks")))),
  clean(
    "one delivery stream",
    identity(allow(["firehose:PutRecord", "firehose:PutRecordBatch"], on("firehose", "deliverystream/clicks"))),
  ),
  clean("one topic", identity(allow("sns:Publish", on("sns", "alerts")))),
  clean(
    "one table and its indexes",
    identity(
      allow(
        ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"],
        [on("dynamodb", "table/orders"), on("dynamodb", "table/orders/index/*")],
      ),
    ),
  ),
  clean(
    "reads a table's stream",
    identity(
      allow(
        ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
        on("dynamodb", "table/orders/stream/*"),
      ),
      allow("dynamodb:ListStreams", "*"),
    ),
  ),
  clean(
    "one function and its versions",
    identity(allow("lambda:InvokeFunction", [on("lambda", "function:resize"), on("lambda", "function:resize:*")])),
  ),
  clean(
    "one state machine and its executions",
    identity(
      allow("states:StartExecution", on("states", "stateMachine:release")),
      allow("states:DescribeExecution", on("states", "execution:release:*")),
    ),
  ),
  clean(
    "one parameter path",
    identity(allow(["ssm:GetParameter", "ssm:GetParametersByPath"], on("ssm", "parameter/orders/*"))),
  ),
  clean(
    "one key",
    identity(allow(["kms:Decrypt", "kms:GenerateDataKey"], on("kms", "key/0b7c1a70-1111-4222-8333-444455556666"))),
  ),
  clean(
    "a Glue table with its database and catalog",
    identity(
      allow(
        ["glue:GetTable", "glue:GetPartitions"],
        [on("glue", "catalog"), on("glue", "database/lake"), on("glue", "table/lake/events")],
      ),
    ),
  ),
  clean(
    "queries in one work group",
    identity(
      allow(
        ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"],
        on("athena", "workgroup/reports"),
      ),
    ),
  ),
  clean(
    "jobs of one Spark application",
    identity(
      allow("emr-serverless:StartJobRun", on("emr-serverless", "/applications/00f1a2b3")),
      allow("emr-serverless:GetJobRun", on("emr-serverless", "/applications/00f1a2b3/jobruns/*")),
    ),
  ),
  clean(
    "one cluster of Kafka and one topic",
    identity(
      allow("kafka-cluster:Connect", on("kafka", "cluster/main/11112222-3333-4444-8555-666677778888-1")),
      allow(["kafka-cluster:WriteData", "kafka-cluster:DescribeTopic"], on("kafka", "topic/main/*/clicks")),
    ),
  ),
  clean(
    "network interfaces of a function",
    identity(
      allow(
        ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
        [
          on("ec2", "network-interface/*"),
          on("ec2", "subnet/subnet-0a1b2c3d"),
          on("ec2", "security-group/sg-0a1b2c3d"),
        ],
      ),
      allow("ec2:DescribeNetworkInterfaces", "*"),
    ),
  ),
  clean(
    "starts instances from one image in one subnet",
    identity(
      allow("ec2:RunInstances", [
        on("ec2", "instance/*"),
        on("ec2", "volume/*"),
        on("ec2", "network-interface/*"),
        on("ec2", "subnet/subnet-1"),
        on("ec2", "security-group/sg-1"),
        "arn:aws:ec2:eu-west-1::image/ami-0a1b",
      ]),
    ),
  ),
  clean(
    "passes one role to Lambda",
    identity(
      allow("iam:PassRole", `arn:aws:iam::${ACCOUNT}:role/orders-function`, {
        StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" },
      }),
    ),
  ),
  clean(
    "the linked role of one service",
    identity(
      allow(
        "iam:CreateServiceLinkedRole",
        "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*",
        { StringLike: { "iam:AWSServiceName": "ecs.amazonaws.com" } },
      ),
    ),
  ),
  clean(
    "one's own MFA device",
    identity(
      allow(["iam:CreateVirtualMFADevice"], "arn:aws:iam::*:mfa/${aws:username}"),
      allow(
        ["iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"],
        "arn:aws:iam::*:user/${aws:username}",
      ),
    ),
  ),
  clean(
    "nothing without MFA",
    identity(deny("ec2:TerminateInstances", "*", { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } })),
  ),
  clean(
    "nothing outside the office",
    identity(
      deny("*", "*", {
        NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"] },
        Bool: { "aws:ViaAWSService": "false" },
      }),
    ),
  ),
  clean(
    "nothing unencrypted",
    identity(deny("s3:PutObject", "arn:aws:s3:::lake/*", { Null: { "s3:x-amz-server-side-encryption": "true" } })),
  ),
  clean(
    "no new access keys for anybody",
    identity(deny(["iam:CreateAccessKey", "iam:CreateUser", "iam:*LoginProfile"], "*")),
  ),
  clean(
    "deny everything but a list",
    identity({
      Effect: "Deny",
      NotAction: ["sts:*", "support:*"],
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } },
    }),
  ),
  clean(
    "deletes only what carries the tag",
    identity(
      allow("ec2:TerminateInstances", on("ec2", "instance/*"), { StringEquals: { "ec2:ResourceTag/stage": "dev" } }),
    ),
  ),
  clean(
    "tags only at creation",
    identity(allow("ec2:CreateTags", on("ec2", "*/*"), { StringEquals: { "ec2:CreateAction": "RunInstances" } })),
  ),
  clean(
    "creates with the right tag only",
    identity(
      allow("dynamodb:CreateTable", on("dynamodb", "table/app-*"), {
        StringEquals: { "aws:RequestTag/team": "clicks" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
      }),
    ),
  ),
  clean("puts events on one bus", identity(allow("events:PutEvents", on("events", "event-bus/orders")))),
  clean("calls one API", identity(allow("execute-api:Invoke", on("execute-api", "a1b2c3d4/prod/GET/orders/*")))),
  clean("sends mail as one identity", identity(allow("ses:SendEmail", on("ses", "identity/example.com")))),
  clean(
    "queues of one name prefix",
    identity(allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"], on("sqs", "orders-*"))),
  ),
  clean(
    "change sets of one stack",
    identity(
      allow(
        [
          "cloudformation:CreateChangeSet",
          "cloudformation:DescribeChangeSet",
          "cloudformation:ExecuteChangeSet",
          "cloudformation:DeleteChangeSet",
        ],
        on("cloudformation", "stack/app/*"),
      ),
    ),
  ),
  clean(
    "one repository of images, pushing",
    identity(
      allow("ecr:GetAuthorizationToken", "*"),
      allow(
        [
          "ecr:PutImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:BatchCheckLayerAvailability",
        ],
        on("ecr", "repository/orders"),
      ),
    ),
  ),
  clean(
    "becomes a role of one name in other accounts",
    identity(allow("sts:AssumeRole", "arn:aws:iam::222233334444:role/deploy")),
  ),
  clean(
    "a single statement that is no list",
    text(
      "identity",
      `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"${on("sqs", "orders")}"}}`,
    ),
  ),
];
