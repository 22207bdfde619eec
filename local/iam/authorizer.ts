/**
 * The stage's gate: every call is decided here by the policies that the graph attached to callers and resources, and
 * entered in the ledger. A decision that did not ask the request's context is remembered.
 */
import type { GivenContext } from "./context";
import type { AuthorizationRequest, Decision } from "./decision";
import { type DocumentKind, parseDocument } from "./document";
import { evaluate, isTrustAction, type PolicySet } from "./evaluate";
import { Ledger, type Reasons } from "./ledger";
import type { DenialEntry } from "./ledger-data";
import { type Operator, operator, type Principal, readIamArn } from "./principal";
import { refuse } from "./refusal";
import { compileDocument, type SourcedDocument } from "./statement";

/** A document as the graph has it: JSON text or object, and what to call it. */
export interface AttachedDocument {
  /** What errors and the ledger call it, e.g. `role writer / inline`. */
  readonly source: string;
  readonly document: unknown;
  /** Why its statements are granted, by Sid. */
  readonly reasons?: Reasons | undefined;
}

export interface PrincipalPolicies {
  readonly identity: readonly AttachedDocument[];
  readonly boundary?: AttachedDocument | undefined;
  /** For roles: who may assume it. */
  readonly trust?: AttachedDocument | undefined;
  /** What the ledger calls the principal, e.g. its URN, which is the same in every run; by default its ARN. */
  readonly name?: string | undefined;
}

interface Registered {
  readonly name: string;
  readonly identity: readonly SourcedDocument[];
  readonly boundary: SourcedDocument | undefined;
  readonly trust: readonly SourcedDocument[];
}

interface Remembered {
  readonly decision: Decision;
  /** Where the ledger counts this refusal. */
  readonly denial: DenialEntry | undefined;
}

/** Decisions about one caller, by action and resource. */
class Memory {
  readonly #byAction = new Map<string, Map<string, Remembered>>();
  #size = 0;

  recall(action: string, resource: string): Remembered | undefined {
    return this.#byAction.get(action)?.get(resource);
  }

  /** Forgets everything when full: resources (S3 keys above all) are without end. */
  keep(action: string, resource: string, remembered: Remembered): void {
    if (this.#size >= 20_000) {
      this.#byAction.clear();
      this.#size = 0;
    }
    const byResource = this.#byAction.get(action) ?? new Map<string, Remembered>();
    this.#byAction.set(action, byResource.set(resource, remembered));
    this.#size++;
  }
}

export class Authorizer {
  readonly ledger = new Ledger();
  /** The stage's owner. */
  readonly operator: Operator;
  readonly #account: string;
  readonly #principals = new Map<string, Registered>();
  readonly #resources = new Map<string, readonly SourcedDocument[]>();
  #memories = new WeakMap<Principal, Memory>();

  /** @param account 12 digits: the account that owns every resource whose ARN names none */
  constructor({ account, partition }: { readonly account: string; readonly partition?: string }) {
    if (!/^\d{12}$/.test(account)) refuse("account", account, "12 digits");
    this.operator = operator(account, partition);
    this.#account = account;
  }

  /**
   * Registers a role or user with its policies and enters their grants in the ledger.
   * @throws PolicyError when the ARN is neither or known already, or a document is not understood
   */
  addPrincipal(arn: string, { identity, boundary, trust, name = arn }: PrincipalPolicies): void {
    const { kind } = readIamArn(arn);
    if (this.#principals.has(arn)) refuse("principal", arn, "each role and user once");
    if (kind === "user" && trust !== undefined) refuse(trust.source, arn, "a trust policy on a role only");
    const compiled = identity.map((attached) => compile(attached, "identity"));
    const registered: Registered = {
      name,
      identity: compiled,
      boundary: boundary && compile(boundary, "identity"),
      trust: trust === undefined ? [] : [compile(trust, "trust")],
    };
    this.#principals.set(arn, registered);
    compiled.forEach((document, index) => this.ledger.grant("roles", name, document, identity[index]?.reasons));
    registered.trust.forEach((document) => this.ledger.grant("resources", name, document, trust?.reasons));
    this.#memories = new WeakMap();
  }

  /**
   * Adds to the policy of a resource: a bucket, queue, topic, key, function, secret, event bus or REST API
   * (`arn:aws:execute-api:<region>:<account>:<api>`). A KMS key must be given one, as every key in AWS has one.
   * @param name what the ledger calls the resource
   */
  addResourcePolicy(resourceArn: string, attached: AttachedDocument, name = resourceArn): void {
    if (!resourceArn.startsWith("arn:")) refuse(attached.source, resourceArn, "the ARN of the resource");
    const document = compile(attached, "resource");
    this.#resources.set(resourceArn, [...(this.#resources.get(resourceArn) ?? []), document]);
    this.ledger.grant("resources", name, document, attached.reasons);
    this.#memories = new WeakMap();
  }

  /** Decides a call and enters it in the ledger. @throws PolicyError when the request is no single action */
  authorize(request: AuthorizationRequest): Decision {
    const { principal, action, resource } = request;
    const memory = this.#memoryOf(principal);
    const remembered = request.resourceAccount === undefined ? memory.recall(action, resource) : undefined;
    if (remembered !== undefined) {
      if (remembered.denial !== undefined) remembered.denial.count++;
      return remembered.decision;
    }
    const owned = { ...request, resourceAccount: request.resourceAccount ?? this.#account };
    const decision = evaluate(owned, this.#policiesFor(owned));
    const denial = this.#record(owned, decision);
    if (!decision.conditional && request.resourceAccount === undefined) {
      memory.keep(action, resource, { decision, denial });
    }
    return decision;
  }

  /**
   * Decides whether a caller may become a role, by the role's trust policy (and, where that only delegates to the
   * caller's account, by the caller's own policies).
   */
  assumeRole(caller: Principal, roleArn: string, context?: GivenContext): Decision {
    return this.authorize({ principal: caller, action: assumingAction(caller), resource: roleArn, context });
  }

  #memoryOf(principal: Principal): Memory {
    const known = this.#memories.get(principal);
    if (known !== undefined) return known;
    const memory = new Memory();
    this.#memories.set(principal, memory);
    return memory;
  }

  #policiesFor({ principal, action, resource }: AuthorizationRequest): PolicySet {
    const caller = this.#principals.get(identityOf(principal));
    const governing = isTrustAction(action)
      ? this.#principals.get(resource)?.trust
      : (this.#resources.get(resource) ?? this.#resources.get(containerOf(resource)));
    return {
      identity: caller?.identity ?? [],
      boundary: caller?.boundary,
      session: principal.kind === "role" ? principal.policies : undefined,
      resource: governing,
    };
  }

  /** The operator's calls prove no grant of the program needed, so they mark none. */
  #record(request: AuthorizationRequest, decision: Decision): DenialEntry | undefined {
    const identity = identityOf(request.principal);
    if (!decision.allowed) return this.ledger.deny(this.#principals.get(identity)?.name ?? identity, request, decision);
    if (request.principal.kind !== "operator") this.ledger.use(decision);
    return undefined;
  }
}

function compile({ source, document }: AttachedDocument, kind: DocumentKind): SourcedDocument {
  return compileDocument(source, parseDocument(document, kind, source));
}

/** The ARN under which a caller's policies are kept. */
function identityOf(principal: Principal): string {
  return principal.kind === "role" ? principal.roleArn : principal.arn;
}

/** An object is governed by its bucket's policy, a method by its API's. */
function containerOf(arn: string): string {
  return /^arn:[^:]*:(?:s3:::|execute-api:[^:]*:[^:]*:)[^/]+(?=\/)/.exec(arn)?.[0] ?? "";
}

function assumingAction(caller: Principal): string {
  if (caller.kind !== "federated") return "sts:AssumeRole";
  return caller.provider.includes(":saml-provider/") ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity";
}
