/** The one inline policy of an IAM user, made of capabilities as a role's is. Users exist only for producers outside AWS. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Capability } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import { planStatements, renderDocument } from "./statements";

export interface UserPolicyArgs {
  readonly user: pulumi.Input<string>;
  readonly access: readonly Capability[];
}

export class UserPolicy extends ClickstreamComponent {
  constructor(name: string, args: UserPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    const statements = planStatements(`UserPolicy ${name}`, args.access);
    super("clickstream:iam:UserPolicy", name, { statements }, opts);
    new aws.iam.UserPolicy(
      name,
      { user: args.user, policy: pulumi.jsonStringify(renderDocument(statements)) },
      this.child(),
    );
    this.registerOutputs({ statements });
  }
}
