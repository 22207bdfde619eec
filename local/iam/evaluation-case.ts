/** For tests only: callers, policies and a short way to ask for one decision. */
import type { AuthorizationRequest, Decision } from "./decision";
import { type DocumentKind, parseDocument } from "./document";
import { evaluate } from "./evaluate";
import { iamUser, operator, type Principal, roleSession, service } from "./principal";
import { compileDocument, type SourcedDocument } from "./statement";

export const ACCOUNT = "111122223333";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/path/writer`;
export const OTHER_ROLE = "arn:aws:iam::444455556666:role/reader";
export const USER = `arn:aws:iam::${ACCOUNT}:user/ann`;
export const BUCKET = "arn:aws:s3:::bucket";
export const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
export const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:topic`;
export const TARGET = `arn:aws:iam::${ACCOUNT}:role/target`;

export const session = roleSession(ROLE, "run", { tags: { Team: "clicks" } });
export const user = iamUser(USER);
export const stranger = roleSession(OTHER_ROLE, "run");
export const owner = operator(ACCOUNT);
export const sns = service("sns.amazonaws.com");

export type Statement = Readonly<Record<string, unknown>>;

export function documentOf(kind: DocumentKind, ...statements: readonly Statement[]): SourcedDocument {
  const whole = statements.map((statement) => ({
    Effect: "Allow",
    Action: "*",
    ...(kind === "trust" ? {} : { Resource: "*" }),
    ...statement,
  }));
  return compileDocument(kind, parseDocument({ Version: "2012-10-17", Statement: whole }, kind));
}

export const allowAll = documentOf("identity", {});
export const allowNothing = documentOf("identity", { Action: "none:Of" });
export const resourcePolicy = (...statements: readonly Statement[]): SourcedDocument[] => [
  documentOf("resource", ...statements),
];
export const trustPolicy = (...statements: readonly Statement[]): SourcedDocument[] => [
  documentOf("trust", ...statements.map((statement) => ({ Action: "sts:AssumeRole", ...statement }))),
];

export interface Case {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: AuthorizationRequest["context"];
  readonly resourceAccount?: string;
  readonly identity?: readonly SourcedDocument[];
  readonly boundary?: SourcedDocument;
  readonly session?: readonly SourcedDocument[];
  readonly policy?: readonly SourcedDocument[];
}

export function decide(one: Case): Decision {
  const { principal = session, action = "s3:GetObject", resource = `${BUCKET}/key` } = one;
  const request = {
    principal,
    action,
    resource,
    context: one.context,
    resourceAccount: one.resourceAccount ?? ACCOUNT,
  };
  return evaluate(request, {
    identity: one.identity ?? [],
    boundary: one.boundary,
    session: one.session,
    resource: one.policy,
  });
}

export function outcomeOf(one: Case): string {
  const decision = decide(one);
  return decision.allowed ? "allowed" : `${decision.outcome} ${decision.policy}`;
}

export const aws = (...names: readonly string[]): Statement => ({ Principal: { AWS: names } });
export const sessionArn = session.arn;
