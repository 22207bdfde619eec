/**
 * The only place that creates roles and their policies.
 *
 * A role is made of capabilities. Its structured statements are component inputs on purpose: a rendered policy is one
 * unknown string as long as one ARN is unknown, whereas the inputs keep every known leaf, so a policy pack can judge them
 * at preview. They are registered as outputs as well, which is what stack policies see.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Capability, Statement } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation, RoleConvention } from "../core/foundation";
import { ROLE_NAME_LENGTH } from "../core/limits";
import { InputProblems } from "../core/problems";
import { planStatements, renderDocument } from "./statements";
import { renderTrust, type Trust } from "./trust";

export interface RoleArgs {
  readonly on: Pick<Foundation, "place" | "roles">;
  /** Who may take the role on. */
  readonly trust: Trust;
  /** Everything the role may do. */
  readonly access: readonly Capability[];
  /** What the role is for, shown in the console of IAM. */
  readonly description: string;
}

/** A role with exactly one inline policy. */
export class Role extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** Resolves when the policy is attached: whoever works with the role at once depends on it. */
  readonly ready: pulumi.Resource;
  /** The environment of all its capabilities. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: RoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planRole(name, args);
    const declared = { trust: args.trust, statements: plan.statements, permissionsBoundary: plan.permissionsBoundary };
    super("clickstream:iam:Role", name, declared, opts);

    const role = new aws.iam.Role(
      name,
      {
        description: args.description,
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [renderTrust(args.trust, args.on.place.partition)],
        }),
        ...(plan.namePrefix === undefined ? {} : { namePrefix: plan.namePrefix }),
        ...(plan.permissionsBoundary === undefined ? {} : { permissionsBoundary: plan.permissionsBoundary }),
      },
      this.child(),
    );
    const policy = new aws.iam.RolePolicy(
      name,
      { role: role.name, policy: pulumi.jsonStringify(renderDocument(plan.statements)) },
      this.child(),
    );

    this.arn = role.arn;
    this.name = role.name;
    this.ready = policy;
    this.environment = plan.environment;
    this.registerOutputs({ arn: this.arn, ...declared });
  }
}

export interface RolePlan {
  /** Merged by sid and sorted, so that the same capabilities always give the same policy. */
  readonly statements: readonly Statement[];
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly permissionsBoundary: string | undefined;
  readonly namePrefix: string | undefined;
}

/** @throws pulumi.InputPropertiesError */
export function planRole(name: string, args: Pick<RoleArgs, "access"> & { on: { roles: RoleConvention } }): RolePlan {
  const statements = planStatements(`Role ${name}`, args.access);
  const problems = new InputProblems(`Role ${name}`);
  const prefix = args.on.roles.namePrefix;
  const namePrefix = prefix === undefined ? undefined : `${prefix}${name}-`;
  // AWS appends 26 characters to a prefix.
  const longest = ROLE_NAME_LENGTH - 26;
  problems.expect(
    namePrefix === undefined || namePrefix.length <= longest,
    "on.roles.namePrefix",
    prefix,
    `at most ${longest - name.length - 1} characters for a role named ${name}`,
  );
  problems.throwIfAny();
  return {
    statements,
    environment: Object.assign(
      {},
      ...args.access.map((capability) => capability.environment),
    ) as RolePlan["environment"],
    permissionsBoundary: args.on.roles.permissionsBoundary,
    namePrefix,
  };
}
