/** Roles that somebody made in a hurry: what the policy pack is there to find, on resources whose ARNs are not known yet. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface Statement {
  readonly sid: string;
  readonly reason: string;
  readonly actions: readonly string[];
  readonly targets: readonly { readonly arn: pulumi.Input<string>; readonly pattern: string }[];
}

/** As infra/iam makes a role, without what infra/iam refuses. */
class Role extends pulumi.ComponentResource {
  constructor(name: string, statements: readonly Statement[], opts: pulumi.ComponentResourceOptions) {
    const declared = { trust: { kind: "service", service: "lambda.amazonaws.com" }, statements };
    super("clickstream:iam:Role", name, declared, opts);
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: JSON.stringify(policyOf([{ ...trusted, Action: ["sts:AssumeRole"] }])) },
      { parent: this },
    );
    const granted = statements.map(({ sid, actions, targets }) => ({
      ...{ Sid: sid, Effect: "Allow", Action: actions },
      Resource: targets.map(({ arn }) => arn),
    }));
    new aws.iam.RolePolicy(
      name,
      { role: role.name, policy: pulumi.jsonStringify(policyOf(granted)) },
      { parent: this },
    );
    this.registerOutputs(declared);
  }
}

const trusted = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } };

function policyOf(statements: readonly object[]): object {
  return { Version: "2012-10-17", Statement: statements };
}

const provider = new aws.Provider("aws", { region: "eu-west-1" });
const stream = new aws.kinesis.Stream("clicks", { shardCount: 1 }, { provider });
const opts = { providers: [provider] };

/** Nothing speaks against its one grant but that nobody has reviewed it. */
new Role(
  "modest",
  [
    {
      ...{ sid: "Write", reason: "puts clicks", actions: ["kinesis:PutRecord"] },
      targets: [{ arn: stream.arn, pattern: "arn:aws:kinesis:eu-west-1:*:stream/clicks-*" }],
    },
  ],
  opts,
);

/** A wildcard beside a target that is not known yet, and a target that is everything. */
new Role(
  "greedy",
  [
    {
      ...{ sid: "All", reason: "in a hurry", actions: ["kinesis:*"] },
      targets: [{ arn: stream.arn, pattern: "arn:aws:kinesis:eu-west-1:*:stream/clicks-*" }],
    },
    {
      ...{ sid: "Every", reason: "in a hurry", actions: ["s3:GetObject"] },
      targets: [{ arn: "*", pattern: "*" }],
    },
  ],
  opts,
);
