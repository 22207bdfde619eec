/** What is asked of the evaluator, what it answers, and how AWS words a refusal. */
import type { GivenContext } from "./context";
import type { Principal } from "./principal";
import type { CompiledStatement, SourcedDocument } from "./statement";

export interface AuthorizationRequest {
  readonly principal: Principal;
  /** `service:Action`, in any case, without wildcards. */
  readonly action: string;
  /** The ARN of the resource, or `*` for an action that AWS does not scope to resources. */
  readonly resource: string;
  readonly context?: GivenContext | undefined;
  /** The account that owns the resource where its ARN does not say (S3); the caller's own when left out. */
  readonly resourceAccount?: string | undefined;
}

export type PolicyType = "identity" | "boundary" | "session" | "resource" | "trust";

/** A statement that spoke for or against a request. */
export interface StatementMatch {
  readonly type: PolicyType;
  readonly document: SourcedDocument;
  readonly statement: CompiledStatement;
}

/** An Allow that a decision rests on, with those of the statement's grants (by index) that cover the request. */
export interface AllowMatch extends StatementMatch {
  readonly grants: readonly number[];
}

interface Decided {
  /** True when the request's context was asked: with another context the decision may be another. */
  readonly conditional: boolean;
}

export interface Allowed extends Decided {
  readonly allowed: true;
  /** Every identity and resource statement that allowed the request. */
  readonly by: readonly AllowMatch[];
}

/** A Deny applies. */
export interface ExplicitlyDenied extends Decided {
  readonly allowed: false;
  readonly outcome: "explicit";
  readonly policy: PolicyType;
  readonly by: StatementMatch;
}

/** No Deny applies, but a policy of this type would have to allow the request and none does. */
export interface ImplicitlyDenied extends Decided {
  readonly allowed: false;
  readonly outcome: "implicit";
  readonly policy: PolicyType;
}

export type Denied = ExplicitlyDenied | ImplicitlyDenied;
export type Decision = Allowed | Denied;

/**
 * AWS's own sentence, e.g. `User: arn:aws:sts::123456789012:assumed-role/writer/run is not authorized to perform:
 * kinesis:PutRecord on resource: arn:aws:kinesis:... because no identity-based policy allows the kinesis:PutRecord
 * action` (IAM User Guide, "Troubleshoot access denied error messages").
 */
export function describeDenial(
  { principal, action, resource }: AuthorizationRequest,
  { outcome, policy }: Denied,
): string {
  const where = resource === "*" ? "" : ` on resource: ${resource}`;
  const why =
    outcome === "explicit"
      ? `with an explicit deny in ${A_POLICY[policy]}`
      : `because no ${POLICY[policy]} allows the ${action} action`;
  return `User: ${principal.arn} is not authorized to perform: ${action}${where} ${why}`;
}

const POLICY: Readonly<Record<PolicyType, string>> = {
  identity: "identity-based policy",
  boundary: "permissions boundary",
  session: "session policy",
  resource: "resource-based policy",
  trust: "role trust policy",
};

const A_POLICY: Readonly<Record<PolicyType, string>> = {
  identity: "an identity-based policy",
  boundary: "a permissions boundary",
  session: "a session policy",
  resource: "a resource-based policy",
  trust: "the role trust policy",
};
