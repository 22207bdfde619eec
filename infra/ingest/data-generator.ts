/**
 * Sign-in for the Kinesis Data Generator, the page that produces sample traffic from a browser: a user pool with one
 * user, and an identity pool whose signed-in users may put records on this stage's streams, and nothing else.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ANY_RESOURCE, permits, type Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { Role } from "../iam/role";

export interface DataGeneratorArgs {
  readonly on: Foundation;
  /** What the generator's user may do: put records on the stage's streams. */
  readonly access: readonly Capability[];
  readonly userName: string;
  /** The user's password. */
  readonly password: pulumi.Output<string>;
}

/** Where the generator is published. Source: awslabs/amazon-kinesis-data-generator. */
const GENERATOR_PAGE = "https://awslabs.github.io/amazon-kinesis-data-generator/web/producer.html";

const LEAST_PASSWORD = 12;

export class DataGenerator extends ClickstreamComponent {
  /** The generator's page, told where to sign in. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DataGeneratorArgs, opts?: pulumi.ComponentResourceOptions) {
    planDataGenerator(name, args);
    super("clickstream:ingest:DataGenerator", name, {}, opts);
    const { on } = args;

    const users = new aws.cognito.UserPool(
      name,
      {
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        passwordPolicy: {
          minimumLength: LEAST_PASSWORD,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: false,
        },
        deletionProtection: on.durability === "kept" ? "ACTIVE" : "INACTIVE",
      },
      this.child(),
    );
    const client = new aws.cognito.UserPoolClient(
      name,
      { userPoolId: users.id, generateSecret: false, preventUserExistenceErrors: "ENABLED" },
      this.child(),
    );
    new aws.cognito.User(
      name,
      { userPoolId: users.id, username: args.userName, password: args.password, messageAction: "SUPPRESS" },
      this.child(),
    );
    const identities = new aws.cognito.IdentityPool(
      name,
      {
        identityPoolName: `clickstream ${name}`,
        allowUnauthenticatedIdentities: false,
        cognitoIdentityProviders: [{ clientId: client.id, providerName: users.endpoint, serverSideTokenCheck: true }],
      },
      this.child(),
    );
    const role = new Role(
      name,
      {
        on,
        trust: { kind: "identity-pool", pool: identities.id },
        description: "The data generator's user puts sample records on the stage's streams",
        access: [...args.access, canListStreams()].map(idle),
      },
      { parent: this },
    );
    new aws.cognito.IdentityPoolRoleAttachment(
      name,
      { identityPoolId: identities.id, roles: { authenticated: role.arn } },
      this.child(),
    );

    this.url = pulumi.interpolate`${GENERATOR_PAGE}?upid=${users.id}&ipid=${identities.id}&cid=${client.id}&r=${on.place.region}`;
    this.registerOutputs({ url: this.url });
  }
}

/** @throws pulumi.InputPropertiesError */
export function planDataGenerator(name: string, { userName }: Pick<DataGeneratorArgs, "userName">): void {
  const problems = new InputProblems(`DataGenerator ${name}`);
  problems.expect(/^\S{1,128}$/.test(userName), "userName", userName, "1..128 characters without spaces");
  problems.throwIfAny();
}

/** The page offers the account's streams to choose from; AWS offers no resource-level permission for listing them. */
function canListStreams(): Capability {
  return permits({
    sid: "ListStreams",
    reason: "the generator's page offers streams to choose from",
    actions: ["kinesis:ListStreams"],
    targets: [ANY_RESOURCE],
  });
}

function idle(capability: Capability): Capability {
  const reason = "used only while somebody works with the generator's page";
  return { ...capability, statements: capability.statements.map((statement) => ({ ...statement, idle: reason })) };
}
