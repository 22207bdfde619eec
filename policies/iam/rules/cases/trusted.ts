/** For tests only: cases of the rules about who is trusted, by roles and by resources. */
import { grants, lets, refuses, resource, service, trust } from "../../corpus/labelled";
import { ACCOUNT, OTHER, on, QUEUE, type Case } from "./case";

const GITHUB = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` };
const WEB = "sts:AssumeRoleWithWebIdentity";

export const TRUSTED: readonly Case[] = [
  {
    rule: "trust-anyone",
    wrong: trust(lets({ AWS: "*" })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } })),
  },
  {
    rule: "trust-whole-account",
    wrong: trust(lets({ AWS: OTHER })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: OTHER }, { StringEquals: { "sts:ExternalId": "d3b07384" } })),
  },
  {
    rule: "trust-foreign-account",
    wrong: trust(lets({ AWS: `arn:aws:iam::${OTHER}:role/reader` })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/reader` })),
    subject: { account: ACCOUNT },
  },
  {
    rule: "trust-confused-deputy",
    wrong: trust(lets(service("states"))),
    place: "Statement[0].Principal.Service",
    right: trust(lets(service("lambda"))),
  },
  {
    rule: "oidc-subject-loose",
    wrong: trust(
      lets(
        GITHUB,
        { StringLike: { "token.actions.githubusercontent.com:sub": ["repo:acme/clicks:*", "repo:acme*"] } },
        WEB,
      ),
    ),
    place: "Statement[0].Principal.Federated",
    right: trust(
      lets(
        GITHUB,
        { StringLike: { "token.actions.githubusercontent.com:sub": ["repo:acme/clicks:*", "repo:acme/*"] } },
        WEB,
      ),
    ),
  },
  {
    rule: "trust-action-mismatch",
    wrong: trust(lets({ Service: "lambda.amazonaws.com" }, undefined, [WEB, "sts:TagSession"])),
    place: "Statement[0].Principal.Service",
    right: trust(
      lets({ Service: "lambda.amazonaws.com" }),
      lets({ Service: "lambda.amazonaws.com" }, undefined, "sts:TagSession"),
    ),
  },
  {
    rule: "not-principal-allow",
    wrong: resource({ Effect: "Allow", NotPrincipal: { AWS: OTHER }, Action: "sqs:SendMessage", Resource: QUEUE }),
    place: "Statement[0].NotPrincipal",
    right: resource({ Effect: "Deny", NotPrincipal: { AWS: OTHER }, Action: "sqs:SendMessage", Resource: QUEUE }),
  },
  {
    rule: "resource-public",
    wrong: resource(grants("*", "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal",
    right: resource(
      grants("*", "sqs:SendMessage", QUEUE),
      refuses("*", "sqs:*", QUEUE, { StringNotEquals: { "aws:PrincipalAccount": ACCOUNT } }),
    ),
  },
  {
    rule: "resource-confused-deputy",
    wrong: resource(grants(service("events"), "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal.Service",
    right: resource(
      grants(service("events"), "sqs:SendMessage", QUEUE, {
        ArnEquals: { "aws:SourceArn": on("events", "rule/tick") },
      }),
    ),
  },
  {
    rule: "resource-foreign-account",
    wrong: resource(grants({ AWS: OTHER }, "sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal.AWS",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
    subject: { account: ACCOUNT },
  },
  {
    rule: "resource-handed-over",
    wrong: resource(grants({ AWS: OTHER }, "sqs:*", QUEUE)),
    place: "Statement[0].Principal.AWS",
    right: resource(grants({ AWS: OTHER }, "sqs:SendMessage", QUEUE)),
    subject: { account: ACCOUNT, knownAccounts: [OTHER] },
  },
];
