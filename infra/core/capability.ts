/**
 * Permissions as values. A resource offers capabilities (`stream.canWrite()`), a consumer lists those it needs; that one
 * line makes both the policy statement and the environment variables, and nothing else does.
 */
import type * as pulumi from "@pulumi/pulumi";

/** One exact action; a wildcard does not type-check. */
export type Action = `${string}:${string}`;

/**
 * What a statement is about: the ARN, which is unknown at preview, beside the pattern it will match, which is not, so
 * that a policy can judge the statement before anything exists.
 */
export interface Target {
  readonly arn: pulumi.Input<string>;
  /** E.g. `arn:aws:kinesis:*:*:stream/*`. */
  readonly pattern: string;
}

export interface Statement {
  /** Stable id of the statement inside its role: letters and digits. */
  readonly sid: string;
  /** Why the permission is needed, in the words of the consumer's reader. */
  readonly reason: string;
  readonly actions: readonly Action[];
  readonly targets: readonly Target[];
  readonly conditions?: Conditions;
  /** Why a normal run never uses the permission, where that is so; without it an unused grant is a defect. */
  readonly idle?: string;
}

/** `{ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }`. */
export type Conditions = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

export interface Capability {
  readonly statements: readonly Statement[];
  /** Environment variables that go with the permission: where the thing is that may be used. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The only way to a `*` resource: for actions that AWS gives no resource-level permission, with the reason. */
export const ANY_RESOURCE: Target = { arn: "*", pattern: "*" };

/** A capability of permissions alone. */
export function permits(...statements: readonly Statement[]): Capability {
  return { statements, environment: {} };
}

/** Adds where the thing is: `at(stream.canWrite(), { INPUT_STREAM: stream.name })`. */
export function at(capability: Capability, environment: Capability["environment"]): Capability {
  return { statements: capability.statements, environment: { ...capability.environment, ...environment } };
}
