/**
 * The `Principal` element: reading it, and asking whom it names.
 *
 * How a policy names a caller decides what else must allow the call (IAM User Guide, "Policy evaluation logic"): a
 * session or user named itself needs nothing more, a role's ARN stays under the role's boundary, an account delegates.
 */
import { type Principal, SERVICE_NAME } from "./principal";
import { refuse } from "./refusal";

/** One name in a `Principal` or `NotPrincipal` element. */
export type PrincipalName =
  /** `"*"`: everyone, services and strangers included. */
  | { readonly type: "everyone" }
  /** `{"AWS": "*"}`: everyone but services and federated identities. */
  | { readonly type: "every-aws" }
  /** An account, by its 12 digits or its root ARN: both delegate to the account. */
  | { readonly type: "account"; readonly account: string }
  /** A role, user, role session or federated user session. */
  | { readonly type: "arn"; readonly arn: string }
  | { readonly type: "service"; readonly service: string }
  | { readonly type: "federated"; readonly provider: string };

const CLOSENESS = ["itself", "role", "account", "none"] as const;

/** How closely a policy names a caller: itself, through its role, through its account, or not at all. */
export type Closeness = (typeof CLOSENESS)[number];

export function closer(left: Closeness, right: Closeness): Closeness {
  return CLOSENESS.indexOf(left) < CLOSENESS.indexOf(right) ? left : right;
}

const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
const IDENTITY =
  /^arn:aws[a-z-]*:(iam::\d{12}:(role|user)\/[\x21-\x7e]+|sts::\d{12}:(assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+))$/;

/** Reads one name below a key of the `Principal` element. @throws PolicyError when the key or the name is unknown */
export function readPrincipalName(key: string, name: string, place: string): PrincipalName {
  switch (key) {
    case "AWS":
      return readAwsName(name, place);
    case "Service":
      if (!SERVICE_NAME.test(name)) refuse(place, name, "a service principal like lambda.amazonaws.com");
      return { type: "service", service: name };
    case "Federated":
      if (!/^[\w.:/-]+$/.test(name)) refuse(place, name, "a provider's ARN or a name like accounts.google.com");
      return { type: "federated", provider: name };
    default:
      return refuse(place, key, '"AWS", "Service" or "Federated" (name a CanonicalUser by its account)');
  }
}

function readAwsName(name: string, place: string): PrincipalName {
  if (name === "*") return { type: "every-aws" };
  const account = /^\d{12}$/.exec(name)?.[0] ?? ROOT.exec(name)?.[1];
  if (account !== undefined) return { type: "account", account };
  if (name.includes("*") || !IDENTITY.test(name)) {
    refuse(place, name, '"*", an account, or the full ARN of a role, user or session (no wildcard inside)');
  }
  return { type: "arn", arn: name };
}

/** The inverse of {@link readPrincipalName}; `"*"` stands for everyone. */
export function printPrincipalName(name: PrincipalName): { key: "AWS" | "Service" | "Federated"; value: string } | "*" {
  switch (name.type) {
    case "everyone":
      return "*";
    case "every-aws":
      return { key: "AWS", value: "*" };
    case "account":
      return { key: "AWS", value: name.account };
    case "arn":
      return { key: "AWS", value: name.arn };
    case "service":
      return { key: "Service", value: name.service };
    case "federated":
      return { key: "Federated", value: name.provider };
  }
}

/** The closest that a list of names comes to a caller. */
export function closenessOf(names: readonly PrincipalName[], caller: Principal): Closeness {
  let closest: Closeness = "none";
  for (const name of names) closest = closer(closenessOfName(name, caller), closest);
  return closest;
}

/**
 * Whether a `NotPrincipal` list spares a caller from its Deny. AWS may check the account, the role and the session in
 * turn, so each of them must be listed.
 */
export function sparesCaller(names: readonly PrincipalName[], caller: Principal): boolean {
  const lists = (wanted: Closeness): boolean => names.some((name) => closenessOfName(name, caller) === wanted);
  switch (caller.kind) {
    case "role":
      return lists("itself") && lists("role") && lists("account");
    case "user":
    case "operator":
      return lists("itself") && lists("account");
    case "service":
    case "federated":
    case "anonymous":
      return lists("itself");
  }
}

function closenessOfName(name: PrincipalName, caller: Principal): Closeness {
  switch (name.type) {
    case "everyone":
      return "itself";
    case "every-aws":
      return caller.kind === "service" || caller.kind === "federated" ? "none" : "itself";
    case "account":
      return "account" in caller && caller.account === name.account ? "account" : "none";
    case "arn":
      if (!("account" in caller)) return "none";
      if (caller.arn === name.arn) return "itself";
      return caller.kind === "role" && caller.roleArn === name.arn ? "role" : "none";
    case "service":
      return caller.kind === "service" && caller.names.includes(name.service) ? "itself" : "none";
    case "federated":
      return caller.kind === "federated" && caller.provider === name.provider ? "itself" : "none";
  }
}
