/**
 * What other tools accused wrongly, one test for each public thread, and what was right about the accusation. Does not
 * prove that nothing else is accused wrongly; the labelled documents measure that.
 */
import assert from "node:assert/strict";
import { allow, deny, grants, identity, refuses, resource } from "./corpus/labelled";
import { examineDocument } from "./examine-document";
import type { Finding } from "./finding";

const ACCOUNT = "111122223333";
const examine = ({ kind, document }: ReturnType<typeof identity>): readonly Finding[] =>
  examineDocument(document, { kind });
const rules = (findings: readonly Finding[]): readonly string[] => findings.map(({ rule }) => rule);

describe("what takes no resource", () => {
  for (const [thread, action] of [
    ["bridgecrewio/checkov #5134", "s3:ListAllMyBuckets"],
    ["bridgecrewio/checkov #5442", "logs:DescribeLogGroups"],
    ["stelligent/cfn_nag #408", "ec2:DescribeTags"],
    ["stelligent/cfn_nag #490", "ecr:GetAuthorizationToken"],
    ["aquasecurity/tfsec #915", "iam:ListVirtualMFADevices"],
    ["aquasecurity/tfsec #961", "autoscaling:DescribeTags"],
    ["aquasecurity/trivy #5040", "logs:CreateLogDelivery"],
  ] as const) {
    it(`may have a star: ${action} (${thread})`, () => {
      assert.deepEqual(examine(identity(allow(action, "*"))), []);
    });

    it(`does not lend its star to a neighbour: ${action}`, () => {
      const [finding, ...others] = examine(identity(allow([action, "sqs:SendMessage"], "*")));
      assert.deepEqual(others, []);
      assert.equal(finding?.rule, "write-unscoped");
      assert.deepEqual(finding.actions, ["sqs:SendMessage"]);
      assert.equal(finding.place, "Statement[0].Resource");
    });
  }

  it("is told apart from its neighbours, and the split is proposed (aquasecurity/tfsec #1128)", () => {
    const needed = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];
    const [finding] = examine(identity(allow(needed, "*")));
    assert.deepEqual(finding?.actions, ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]);
    assert.match(finding.message, /leave ec2:DescribeNetworkInterfaces on \* in a statement of its own/);
  });
});

describe("a narrower pattern", () => {
  for (const [thread, action, pattern] of [
    ["aquasecurity/tfsec #1978", "s3:GetObject", "arn:aws:s3:::bucket/*/x.log"],
    ["aquasecurity/trivy #5114", "s3:PutObject", "arn:aws:s3:::bucket/*"],
    ["aquasecurity/trivy #5090", "logs:PutLogEvents", `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:NAME:*`],
    [
      "aquasecurity/trivy #5010",
      "logs:CreateLogStream",
      `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:NAME:log-stream:*`,
    ],
  ] as const) {
    it(`is no wild one: ${pattern} (${thread})`, () => {
      assert.deepEqual(examine(identity(allow(action, pattern))), []);
    });
  }
});

describe("a Deny", () => {
  const documents = [
    identity(deny("*", "*")),
    identity(deny(["iam:*", "s3:DeleteBucket"], "*")),
    identity({ Effect: "Deny", NotAction: "sts:*", Resource: "*" }),
    resource(
      refuses("*", "s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], { Bool: { "aws:SecureTransport": "false" } }),
    ),
    resource(refuses({ AWS: "*" }, "kms:*", "*")),
  ];
  documents.forEach((document, index) => {
    it(`is never too broad, ${index + 1} (checkov #4394, #4401, cfn_nag #584, tfsec PR #451)`, () => {
      assert.deepEqual(examine(document), []);
    });
  });
});

describe("a condition", () => {
  const open = (condition: Readonly<Record<string, unknown>>): readonly string[] =>
    rules(examine(resource(grants("*", "sqs:SendMessage", `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`, condition))));

  it("that names the source account makes a star somebody (checkov #1392, cfn_nag #497)", () => {
    assert.deepEqual(open({ StringEquals: { "aws:SourceAccount": ACCOUNT } }), []);
  });

  for (const [why, condition] of [
    ["its operator passes absent keys", { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } }],
    ["its operator is negated", { StringNotEquals: { "aws:SourceAccount": ACCOUNT } }],
    ["its key says nothing of the caller", { StringLike: { "aws:UserAgent": "shop/*" } }],
    ["its value lets all through", { StringLike: { "aws:SourceAccount": "*" } }],
    ["one of its values lets all through", { ArnLike: { "aws:SourceArn": [`arn:aws:sns:*:${ACCOUNT}:t`, "*"] } }],
    ["its range is the internet", { IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/1"] } }],
  ] as const) {
    it(`does not when ${why}`, () => assert.ok(open(condition).includes("resource-public")));
  }
});

it("in a key policy a star is the key (SonarSource/SonarJS #3543)", () => {
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  assert.deepEqual(examine(resource(grants(root, "kms:*", "*"))), []);
});

it("a finding names its actions, so that a waiver cannot cover new ones (cdklabs/cdk-nag #833)", () => {
  const waived = examine(identity(allow(["s3:GetObject"], "*")));
  const later = examine(identity(allow(["s3:GetObject", "s3:DeleteObject"], "*")));
  assert.deepEqual(
    waived.map(({ actions }) => actions),
    [["s3:GetObject"]],
  );
  assert.deepEqual(
    later.map(({ actions }) => actions),
    [["s3:GetObject"], ["s3:DeleteObject"]],
  );
});

it("a finding names its statement by Sid, whatever stands around it (cdk-nag #957, #634, #1481)", () => {
  const loose = { Sid: "Reads", ...allow("s3:GetObject", "*") };
  const [before] = examine(identity(loose));
  const [after] = examine(identity(allow("sts:GetCallerIdentity", "*"), loose));
  assert.equal(before?.statement, "Reads");
  assert.equal(after?.statement, "Reads");
  assert.equal(after.place, "Statement[1].Resource");
});
