/**
 * The decision: may this principal take this action on this resource, under these policies?
 *
 * The order is that of AWS's evaluation logic. An explicit Deny anywhere ends it. Within one account a resource policy
 * that names the caller itself is enough, one that names its role is enough under boundary and session policy, and
 * otherwise identity policies, boundary and session policy must all allow. Key policies and role trust policies must
 * always allow. Between accounts both sides must. Services, strangers and federated identities have resource policies
 * only. Organisation policies and VPC endpoint policies are not part of a stage.
 *
 * Facts: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
 */
import { RequestContext } from "./context";
import type {
  AllowMatch,
  AuthorizationRequest,
  Decision,
  ExplicitlyDenied,
  PolicyType,
  StatementMatch,
} from "./decision";
import { parseDocument } from "./document";
import type { Principal } from "./principal";
import { type Closeness, closer } from "./principal-element";
import { refuse } from "./refusal";
import { type Call, compileDocument, type SourcedDocument } from "./statement";

/** The policies that apply to a request, compiled. */
export interface PolicySet {
  readonly identity: readonly SourcedDocument[];
  readonly boundary?: SourcedDocument | undefined;
  readonly session?: readonly SourcedDocument[] | undefined;
  /** The resource's policies; for `sts:AssumeRole` and its kin the trust policy of the role. */
  readonly resource?: readonly SourcedDocument[] | undefined;
}

/** @throws PolicyError when the request is no single action on one resource */
export function evaluate(request: AuthorizationRequest, policies: PolicySet): Decision {
  const { principal } = request;
  const call = readCall(request, policies.boundary !== undefined);
  const guard = guardOf(call);

  const identity = survey("identity", identityPoliciesOf(principal, policies), call);
  const boundary = policies.boundary && survey("boundary", [policies.boundary], call);
  const session = policies.session?.length ? survey("session", policies.session, call) : undefined;
  const resource = survey(guard === "trust" ? "trust" : "resource", policies.resource ?? [], call);
  const deny = identity.deny ?? boundary?.deny ?? session?.deny ?? resource.deny;
  if (deny !== undefined) return deny;

  const conditional = call.context.wasAsked;
  const allow = (by: readonly AllowMatch[]): Decision => ({ allowed: true, by, conditional });
  const missing = (policy: PolicyType): Decision => ({ allowed: false, outcome: "implicit", policy, conditional });

  // Who belongs to no account has nothing but the resource's word; nobody assumes a role without credentials.
  if (!("account" in principal)) {
    const known = principal.kind !== "anonymous" || guard !== "trust";
    return known && resource.closest !== "none" ? allow(resource.allows) : missing(resource.type);
  }
  // Across accounts a resource policy only ever delegates, however closely it names the caller.
  const foreign = principal.account !== call.resourceAccount;
  const named = foreign && resource.closest !== "none" ? "account" : resource.closest;
  const limit = [boundary, session].find((narrowing) => narrowing?.closest === "none")?.type;

  if (named === "itself" && limit !== undefined) return allow(resource.allows);
  if (named === "none" && (foreign || guard !== undefined)) return missing(resource.type);
  if (identity.closest === "none" && named !== "itself" && named !== "role") return missing("identity");
  return limit === undefined ? allow([...resource.allows, ...identity.allows]) : missing(limit);
}

/** What the documents of one type say about a call. */
interface Survey {
  readonly type: PolicyType;
  readonly deny?: ExplicitlyDenied;
  readonly allows: readonly AllowMatch[];
  /** How closely the allowing statements name the caller; identity policies always name it itself. */
  readonly closest: Closeness;
}

function survey(type: PolicyType, documents: readonly SourcedDocument[], call: Call): Survey {
  const allows: AllowMatch[] = [];
  let closest: Closeness = "none";
  for (const document of documents) {
    for (const statement of document.statements) {
      const closeness = statement.names(call);
      if (closeness === "none" || !statement.covers(call)) continue;
      if (statement.effect === "Deny") {
        return { type, deny: denyBy({ type, document, statement }, call), allows, closest };
      }
      allows.push({ type, document, statement, grants: statement.grantsFor(call) });
      closest = closer(closeness, closest);
    }
  }
  return { type, allows, closest };
}

function denyBy(by: StatementMatch, { context }: Call): ExplicitlyDenied {
  return { allowed: false, outcome: "explicit", policy: by.type, by, conditional: context.wasAsked };
}

const ADMINISTRATOR = compileDocument(
  "the operator",
  parseDocument({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } }, "identity"),
);

function identityPoliciesOf({ kind }: Principal, { identity }: PolicySet): readonly SourcedDocument[] {
  switch (kind) {
    case "operator":
      return [ADMINISTRATOR];
    case "role":
    case "user":
      return identity;
    case "service":
    case "federated":
    case "anonymous":
      return [];
  }
}

const TRUST_ACTIONS = new Set([
  "sts:assumerole",
  "sts:assumerolewithsaml",
  "sts:assumerolewithwebidentity",
  "sts:setsourceidentity",
  "sts:tagsession",
]);

/** Whether an action on a role is one for the role's trust policy to allow. */
export function isTrustAction(action: string): boolean {
  return TRUST_ACTIONS.has(action.toLowerCase());
}

/** The kind of resource whose own policy must allow every call, whatever else does. */
function guardOf({ action, resource }: Call): "trust" | "key" | undefined {
  if (TRUST_ACTIONS.has(action)) return "trust";
  return action.startsWith("kms:") && resource.includes(":key/") ? "key" : undefined;
}

const ONE_ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/;

function readCall(
  { principal, action, resource, context, resourceAccount }: AuthorizationRequest,
  bounded: boolean,
): Call {
  if (!ONE_ACTION.test(action)) refuse("request: action", action, "one action like kinesis:PutRecord");
  if (resource !== "*" && !resource.startsWith("arn:")) refuse("request: resource", resource, '"*" or an ARN');
  const caller = "account" in principal ? principal.account : undefined;
  const owner = accountIn(resource) ?? resourceAccount ?? caller;
  return {
    principal,
    action: action.toLowerCase(),
    resource,
    resourceAccount: owner,
    context: new RequestContext(principal.keys, owner, context),
    bounded,
  };
}

/** The fifth part of an ARN where it is an account. */
function accountIn(arn: string): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
}
