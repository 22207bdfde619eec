/** The stage's IAM: what others may use of it. */
export { type AttachedDocument, Authorizer, type PrincipalPolicies } from "./authorizer";
export type { ContextValue, GivenContext } from "./context";
export {
  type Allowed,
  type AllowMatch,
  type AuthorizationRequest,
  type Decision,
  type Denied,
  describeDenial,
  type PolicyType,
  type StatementMatch,
} from "./decision";
export {
  type DocumentKind,
  type Effect,
  parseDocument,
  type PolicyDocument,
  printDocument,
  type Statement,
} from "./document";
export { evaluate, type PolicySet } from "./evaluate";
export { Ledger, type LedgerReport, type Reasons, type ReportedGrant, type RoleReport } from "./ledger";
export {
  anonymous,
  federated,
  iamUser,
  operator,
  type Principal,
  roleSession,
  service,
  type SessionOptions,
  type Tags,
} from "./principal";
export { PolicyError } from "./refusal";
export { compileDocument, type SourcedDocument } from "./statement";
