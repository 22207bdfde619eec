/** A program with one state machine `m`, its role, and what else a test wants. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export const REGION_ACCOUNT = "eu-west-1:000000000000";
export const MACHINE = `arn:aws:states:${REGION_ACCOUNT}:stateMachine:m`;

export interface Declared {
  readonly definition: object;
  /** What the machine's role may do. */
  readonly grants?: readonly { readonly Action: string | string[]; readonly Resource: string | string[] }[];
  readonly machine?: Partial<aws.sfn.StateMachineArgs>;
  /** Name of the machine's role. @default states */
  readonly role?: string;
  readonly also?: () => void;
}

export const program =
  ({ definition, grants = [], machine = {}, role: roleName = "states", also }: Declared) =>
  (): void => {
    also?.();
    const role = roleFor("states", grants, roleName);
    new aws.sfn.StateMachine("m", {
      name: "m",
      roleArn: role.arn,
      definition: JSON.stringify(definition),
      ...machine,
    });
  };

/** A role that a service takes on. @param service `states` */
export function roleFor(service: string, grants: Declared["grants"] = [], name = service): aws.iam.Role {
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" }],
    }),
  });
  if (grants.length > 0) {
    new aws.iam.RolePolicy(name, {
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: grants.map((grant) => ({ Effect: "Allow", ...grant })),
      }),
    });
  }
  return role;
}

/** A function `fn`. @param code body of its handler: `event` in, an answer out */
export const declareFunction = (code: string, grants: Declared["grants"] = []): void => {
  new aws.cloudwatch.LogGroup("fn", { name: "fn" });
  const own = {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `arn:aws:logs:${REGION_ACCOUNT}:log-group:fn:*`,
  };
  new aws.lambda.Function("fn", {
    name: "fn",
    role: roleFor("lambda", [own, ...grants]).arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({
      "index.js": new pulumi.asset.StringAsset(`exports.handler = async (event) => { ${code} };`),
    }),
    loggingConfig: { logFormat: "JSON", logGroup: "fn" },
  });
};
