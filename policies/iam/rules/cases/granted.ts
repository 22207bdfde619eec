/** For tests only: cases of the rules about what is granted. */
import { allow, identity } from "../../corpus/labelled";
import { on, QUEUE, sends, type Case } from "./case";

export const GRANTED: readonly Case[] = [
  { rule: "full-access", wrong: identity(allow("*", QUEUE)), place: "Statement[0].Action", right: sends() },
  {
    rule: "service-wildcard",
    wrong: identity(allow("sqs:*", QUEUE)),
    place: "Statement[0].Action",
    right: identity(allow("sqs:Send*", QUEUE)),
  },
  {
    rule: "wildcard-reaches-permissions",
    wrong: identity(allow("sqs:*Permission", QUEUE)),
    place: "Statement[0].Action",
    right: identity(allow("s3:Put*", "arn:aws:s3:::home/${aws:username}/*")),
  },
  {
    rule: "not-action-allow",
    wrong: identity({ Effect: "Allow", NotAction: "sqs:DeleteQueue", Resource: QUEUE }),
    place: "Statement[0].NotAction",
    right: identity({ Effect: "Deny", NotAction: "sqs:SendMessage", Resource: QUEUE }),
  },
  {
    rule: "not-resource-allow",
    wrong: identity({ Effect: "Allow", Action: "sqs:SendMessage", NotResource: QUEUE }),
    place: "Statement[0].NotResource",
    right: identity({ Effect: "Deny", Action: "sqs:SendMessage", NotResource: QUEUE }),
  },
  {
    rule: "pass-role-unscoped",
    wrong: identity(allow("iam:PassRole", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("iam:PassRole", "*", { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } })),
  },
  {
    rule: "service-linked-role-unscoped",
    wrong: identity(allow("iam:CreateServiceLinkedRole", "*")),
    place: "Statement[0].Resource",
    right: identity(
      allow("iam:CreateServiceLinkedRole", "*", { StringEquals: { "iam:AWSServiceName": "ecs.amazonaws.com" } }),
    ),
  },
  {
    rule: "permissions-unscoped",
    wrong: identity(allow("s3:PutBucketPolicy", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("s3:PutBucketPolicy", "arn:aws:s3:::lake")),
  },
  {
    rule: "credentials-unscoped",
    wrong: identity(allow("rds-db:connect", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("rds-db:connect", on("rds-db", "dbuser:db-ABC/app"))),
  },
  {
    rule: "data-unscoped",
    wrong: identity(allow("s3:GetObject", ["arn:aws:s3:::lake/*", "arn:aws:s3:::*/*"])),
    place: "Statement[0].Resource[1]",
    right: identity(allow("s3:GetObject", "arn:aws:s3:::lake-*/raw/*")),
  },
  {
    rule: "write-unscoped",
    wrong: identity(allow("sqs:SendMessage", "arn:aws:sqs:*:*:*")),
    place: "Statement[0].Resource",
    right: identity(allow("sqs:SendMessage", on("sqs", "*"))),
  },
  {
    rule: "read-unscoped",
    wrong: identity(allow("kinesis:DescribeStreamSummary", "*")),
    place: "Statement[0].Resource",
    right: identity(allow("kinesis:ListStreams", "*")),
  },
  {
    rule: "privilege-escalation",
    wrong: identity(allow("lambda:UpdateFunctionCode", on("lambda", "function:*"))),
    place: "Statement[0].Action",
    right: identity(allow("lambda:UpdateFunctionCode", on("lambda", "function:resize"))),
  },
];
