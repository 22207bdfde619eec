/** What is examined: one document, or everything that decides what one role may do. */

/** What a document is attached to: an identity (or its boundary), a role as its trust, or a resource. */
export type DocumentKind = "identity" | "trust" | "resource";

/** What the examiner knows besides the document. */
export interface Surroundings {
  /** The account the document lives in: trusting it is no cross-account trust. */
  readonly account?: string;
  /** Accounts that may be trusted; without a list any foreign account needs an external id or organisation. */
  readonly knownAccounts?: readonly string[];
}

export interface DocumentSubject extends Surroundings {
  readonly kind: DocumentKind;
  /**
   * IAM's prefix of the service that keeps a resource policy: `s3`, `sqs`, `sns`, `kms`, `lambda`, `ecr`,
   * `secretsmanager`, `events` ... Taken from the document's actions where it is left out.
   */
  readonly resourceType?: string;
  /** Which of IAM's length limits holds; `managed` when left out. Resource policies have their service's limit. */
  readonly attachment?: "managed" | "role-inline" | "user-inline" | "group-inline";
}

/** A document and what findings call it. */
export interface Attached {
  readonly source: string;
  /** JSON text, or the object it would yield, with `Unknown` wherever a value is not known yet. */
  readonly document: unknown;
}

/** A role of the same stack that this one may pass on. */
export interface PassableRole extends RoleDocuments {
  readonly name: string;
  /** Its ARN, or the pattern its ARN will match. */
  readonly arn: string;
}

export interface RoleDocuments {
  /** Inline and attached managed policies. */
  readonly identity: readonly Attached[];
  readonly boundary?: Attached;
  readonly trust?: Attached;
}

export interface RoleSubject extends RoleDocuments, Surroundings {
  /** Service principals of what runs under the role, e.g. `lambda.amazonaws.com`: its trust needs them and no others. */
  readonly usedBy?: readonly string[];
  /** Its own ARN, or the pattern it will match: a right to change itself is a right to everything. */
  readonly arn?: string;
  /** ARNs of the managed policies of AWS that are attached to it. */
  readonly managedPolicies?: readonly string[];
  /** Every other role of the stack: `iam:PassRole` is judged by who may be passed, and what they may do. */
  readonly roles?: readonly PassableRole[];
}
