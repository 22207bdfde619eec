/**
 * Who calls: a session of a role, a user, the stage's owner, an AWS service, a federated identity or nobody known.
 * Make one object per access key and hand in the same object with every call: decisions are remembered by it.
 *
 * Facts: IAM User Guide, "AWS global condition context keys" and "IAM policy elements: Variables and tags".
 */
import type { ContextValue } from "./context";
import { refuse } from "./refusal";
import type { SourcedDocument } from "./statement";

interface Caller {
  /** How messages and the ledger call this principal: an ARN, a service's name, `anonymous`. */
  readonly arn: string;
  /** What the request context holds about the caller, by key in lower case: `aws:principalarn`, tags and so on. */
  readonly keys: ReadonlyMap<string, ContextValue>;
}

export interface RoleSession extends Caller {
  readonly kind: "role";
  /** The role; `arn` is the session's. */
  readonly roleArn: string;
  readonly account: string;
  /** Session policies, which narrow what the role may do. */
  readonly policies: readonly SourcedDocument[];
}

export interface User extends Caller {
  readonly kind: "user";
  readonly account: string;
}

/** The stage's owner: an administrator of the account, whom only an explicit Deny stops. */
export interface Operator extends Caller {
  readonly kind: "operator";
  readonly account: string;
}

/** An AWS service that calls for itself; it has no identity policies. */
export interface Service extends Caller {
  readonly kind: "service";
  /** All names under which policies may know it. */
  readonly names: readonly string[];
}

/** Somebody an identity provider vouches for, before a role is assumed. */
export interface Federated extends Caller {
  readonly kind: "federated";
  readonly provider: string;
}

export interface Anonymous extends Caller {
  readonly kind: "anonymous";
}

export type Principal = RoleSession | User | Operator | Service | Federated | Anonymous;

/** Tag key to value. Tag keys are compared without case, as all condition keys are. */
export type Tags = Readonly<Record<string, string>>;

/** What a session may bring along when the role is assumed. */
export interface SessionOptions {
  /** The role's tags and the session's together. */
  readonly tags?: Tags;
  readonly policies?: readonly SourcedDocument[];
}

/** A session of a role as `sts:AssumeRole` makes it. */
export function roleSession(
  roleArn: string,
  sessionName: string,
  { tags = {}, policies = [] }: SessionOptions = {},
): RoleSession {
  const { partition, account, kind, name } = readIamArn(roleArn);
  if (kind !== "role") refuse("role session", roleArn, "the ARN of a role");
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) refuse("role session", sessionName, "2 to 64 of A-Z a-z 0-9 _+=,.@-");
  const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
  const keys = keysOf({ ...iamKeys(roleArn, account, "AssumedRole"), ...tagKeys(tags) });
  return { kind, arn, roleArn, account, policies, keys };
}

export function iamUser(arn: string, tags: Tags = {}): User {
  const { account, kind, name } = readIamArn(arn);
  if (kind !== "user") refuse("user", arn, "the ARN of a user");
  return {
    kind,
    arn,
    account,
    keys: keysOf({ ...iamKeys(arn, account, "User"), "aws:username": name, ...tagKeys(tags) }),
  };
}

/** The owner of an account of 12 digits; policies see the user `operator`. */
export function operator(account: string, partition = "aws"): Operator {
  return { ...iamUser(`arn:${partition}:iam::${account}:user/operator`), kind: "operator" };
}

/** A service like `logs.amazonaws.com`; in a region it also answers to `logs.<region>.amazonaws.com`. */
export function service(name: string, region?: string): Service {
  if (!SERVICE_NAME.test(name)) refuse("service principal", name, "a name like lambda.amazonaws.com");
  const names = region === undefined ? [name] : [name, name.replace(".", `.${region}.`)];
  return {
    kind: "service",
    arn: name,
    names,
    keys: keysOf({
      "aws:principalisawsservice": "true",
      "aws:principalservicename": name,
      "aws:principalservicenameslist": names,
    }),
  };
}

/** @param provider as `Principal.Federated` names it: a provider's ARN, or a name like `accounts.google.com` */
export function federated(provider: string): Federated {
  return { kind: "federated", arn: provider, provider, keys: keysOf({ "aws:federatedprovider": provider }) };
}

/** A caller without credentials. */
export const anonymous: Anonymous = {
  kind: "anonymous",
  arn: "anonymous",
  keys: keysOf({ "aws:principaltype": "Anonymous", "aws:userid": "anonymous" }),
};

const IAM_ARN = /^arn:(aws[a-z-]*):iam::(\d{12}):(role|user)\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/;
export const SERVICE_NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;

/** The parts of a role's or user's ARN; a path is no part of the name. @throws PolicyError when it is neither */
export function readIamArn(arn: string): { partition: string; account: string; kind: "role" | "user"; name: string } {
  const [, partition = "", account = "", kind, name = ""] = IAM_ARN.exec(arn) ?? [];
  if (kind === "role" || kind === "user") return { partition, account, kind, name };
  return refuse("principal", arn, "the ARN of a role or user, like arn:aws:iam::123456789012:role/name");
}

function iamKeys(arn: string, account: string, type: string): Record<string, string> {
  return { "aws:principalarn": arn, "aws:principalaccount": account, "aws:principaltype": type };
}

function tagKeys(tags: Tags): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:principaltag/${key.toLowerCase()}`, value]),
  );
}

function keysOf(keys: Readonly<Record<string, ContextValue>>): ReadonlyMap<string, ContextValue> {
  return new Map(Object.entries({ "aws:principalisawsservice": "false", ...keys }));
}
