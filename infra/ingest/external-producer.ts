/**
 * A producer outside AWS that pushes records into one stream and can do nothing else. It takes on a role by presenting an
 * external id; where it cannot, an IAM user with keys (off by default) serves it.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { Role } from "../iam/role";
import { UserPolicy } from "../iam/user-policy";
import type { EventStream } from "../store/event-stream";

export interface ExternalProducerArgs {
  readonly on: Foundation;
  readonly stream: EventStream;
  /** Account whose principals may take the role on: twelve digits. @default - this account */
  readonly account?: string;
  /** What the producer must present with it, agreed with the producer. */
  readonly externalId: string;
  /** Makes an IAM user with an access key for a producer that cannot take on a role. @default false */
  readonly user?: boolean;
}

export class ExternalProducer extends ClickstreamComponent {
  readonly roleArn: pulumi.Output<string>;
  /** The user's key, where there is one; the secret is a secret output. */
  readonly accessKey: { readonly id: pulumi.Output<string>; readonly secret: pulumi.Output<string> } | undefined;

  constructor(name: string, args: ExternalProducerArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planExternalProducer(name, args);
    super("clickstream:ingest:ExternalProducer", name, {}, opts);
    const { on, stream } = args;
    const access = [stream.canWrite("a producer outside AWS puts records on the input stream")];

    const role = new Role(
      name,
      {
        on,
        trust: { kind: "account", account: args.account ?? on.place.account, externalId: plan.externalId },
        description: "A producer outside AWS puts records on the input stream",
        access,
      },
      { parent: this },
    );
    this.roleArn = role.arn;
    this.accessKey = plan.user ? this.#createUser(name, access) : undefined;
    this.registerOutputs({ roleArn: this.roleArn });
  }

  #createUser(
    name: string,
    access: ConstructorParameters<typeof UserPolicy>[1]["access"],
  ): ExternalProducer["accessKey"] {
    const user = new aws.iam.User(name, { path: "/clickstream/" }, this.child());
    new UserPolicy(name, { user: user.name, access }, { parent: this });
    const key = new aws.iam.AccessKey(name, { user: user.name }, this.child());
    return { id: key.id, secret: pulumi.secret(key.secret) };
  }
}

/** @throws pulumi.InputPropertiesError */
export function planExternalProducer(
  name: string,
  { account, externalId, user = false }: Pick<ExternalProducerArgs, "account" | "externalId" | "user">,
): { readonly externalId: string; readonly user: boolean } {
  const problems = new InputProblems(`ExternalProducer ${name}`);
  problems.expect(account === undefined || /^\d{12}$/.test(account), "account", account, "twelve digits");
  // Source: sts:ExternalId in the IAM user guide.
  problems.expect(
    /^[\w+=,.@:/-]{2,1224}$/.test(externalId),
    "externalId",
    externalId,
    "2..1224 of the characters A-Z a-z 0-9 _ + = , . @ : / -",
  );
  problems.throwIfAny();
  return { externalId, user };
}
