/** What the stack `release` is told beside what every stage is told: where pushes come from, and where they go. */
import { z } from "zod";
import { structure } from "./setting";

const text = z.string().min(1);

const source = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("connection"),
    provider: z.enum(["GitHub", "GitLab", "Bitbucket"]),
    repository: text,
    branch: text,
    connectionArn: text.optional(),
    paths: z.array(text).min(1).optional(),
  }),
  z.strictObject({ kind: z.literal("codecommit"), repository: text, branch: text }),
]);

const deployment = z.discriminatedUnion("engine", [
  z.strictObject({ engine: z.literal("pulumi") }),
  z.strictObject({
    engine: z.literal("cloudformation"),
    stackName: text,
    templatePath: text,
    configurationPath: text.optional(),
    capabilities: z.array(z.enum(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])).optional(),
    newStackName: text.optional(),
  }),
]);

const network = z.strictObject({ vpcId: text, subnetIds: z.array(text).min(1), securityGroupId: text });

const settings = z.strictObject({
  source,
  stages: z
    .array(z.strictObject({ name: text, deployments: z.array(deployment).min(1), approval: z.boolean().optional() }))
    .min(1),
  /** What the name of every role of these stages begins with, as their `rolePrefix` says. The release's own must differ. */
  rolePrefix: text.default("clickstream-"),
  /** Commands by which a build checks what was pushed. @default check, tests, and the policies on every stage */
  checks: z.array(text).optional(),
  /** How a stage is deployed. @default lambda */
  deployBy: z.enum(["lambda", "step-functions"]).default("lambda"),
  /** Subnets of a VPC to build in, from which packages can be reached. @default - outside of any VPC */
  buildNetwork: network.optional(),
});

export type ReleaseSettings = z.infer<typeof settings>;

export const releaseSetting = structure(
  settings,
  "a source and stages as Pulumi.release.yaml has them",
  JSON.stringify({
    source: { kind: "codecommit", repository: "clickstream", branch: "main" },
    stages: [{ name: "dev", deployments: [{ engine: "pulumi" }] }],
  }),
);
