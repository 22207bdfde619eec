/** For tests only: cases of the rules about conditions. */
import { allow, identity, type Json } from "../../corpus/labelled";
import { on, sends, type Case, type Document } from "./case";

const lists = (condition: Json): Document => identity(allow("s3:ListBucket", "arn:aws:s3:::lake", condition));

export const CONDITIONS: readonly Case[] = [
  {
    rule: "condition-operator-unknown",
    wrong: sends({ StringIs: { "aws:RequestedRegion": "eu-west-1" } }),
    place: "Statement[0].Condition.StringIs.aws:RequestedRegion",
    right: sends({ StringEquals: { "aws:RequestedRegion": "eu-west-1" } }),
  },
  {
    rule: "condition-key-unknown",
    wrong: sends({ StringEquals: { "aws:Region": "eu-west-1" } }),
    place: "Statement[0].Condition.StringEquals.aws:Region",
    right: sends({ StringEquals: { "AWS:requestedregion": "eu-west-1" } }),
  },
  {
    rule: "condition-key-inapplicable",
    wrong: sends({ StringEquals: { "s3:prefix": "a" } }),
    place: "Statement[0].Condition.StringEquals.s3:prefix",
    right: lists({ StringEquals: { "s3:prefix": "a" } }),
  },
  {
    rule: "condition-type-mismatch",
    wrong: lists({ StringEquals: { "s3:max-keys": "10" } }),
    place: "Statement[0].Condition.StringEquals.s3:max-keys",
    right: lists({ NumericEquals: { "s3:max-keys": 10 } }),
  },
  {
    rule: "condition-value-invalid",
    wrong: lists({ NumericEquals: { "s3:max-keys": "ten" } }),
    place: "Statement[0].Condition.NumericEquals.s3:max-keys",
    right: lists({ NumericEquals: { "s3:max-keys": "10" } }),
  },
  {
    rule: "condition-literal-wildcard",
    wrong: lists({ StringEquals: { "s3:prefix": "raw/*" } }),
    place: "Statement[0].Condition.StringEquals.s3:prefix",
    right: lists({ StringLike: { "s3:prefix": "raw/*" } }),
  },
  {
    rule: "condition-vacuous",
    wrong: identity(
      allow("dynamodb:TagResource", on("dynamodb", "table/a"), {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
      }),
    ),
    place: "Statement[0].Condition.ForAllValues:StringEquals.aws:TagKeys",
    right: identity(
      allow("dynamodb:TagResource", on("dynamodb", "table/a"), {
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
        Null: { "aws:TagKeys": "false" },
      }),
    ),
  },
  {
    rule: "condition-set-single-valued",
    wrong: sends({
      "ForAllValues:StringEquals": { "aws:RequestedRegion": "eu-west-1" },
      Bool: { "aws:ViaAWSService": "true" },
    }),
    place: "Statement[0].Condition.ForAllValues:StringEquals.aws:RequestedRegion",
    right: sends({ "ForAnyValue:StringEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" } }),
  },
  {
    rule: "condition-mfa-broken",
    wrong: sends({ BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } }),
    place: "Statement[0].Condition.BoolIfExists.aws:MultiFactorAuthPresent",
    right: sends({ Bool: { "aws:MultiFactorAuthPresent": "true" } }),
  },
  {
    rule: "condition-void",
    wrong: sends({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
    place: "Statement[0].Condition.IpAddress.aws:SourceIp",
    right: sends({ IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }),
  },
  {
    rule: "condition-contradictory",
    wrong: lists({ Null: { "s3:prefix": "true" }, StringEquals: { "s3:prefix": "a" } }),
    place: "Statement[0].Condition.Null.s3:prefix",
    right: lists({ Null: { "s3:prefix": "false" }, StringEquals: { "s3:prefix": "a" } }),
  },
];
