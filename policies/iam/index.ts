/** The IAM engine: documents in, findings out. Pure: it reads no file, clock or network after its table is loaded. */
export { type Forbidden, forbiddenAccess, newAccess } from "./compare";
export { examineDocument } from "./examine-document";
export { examinePermissions } from "./examine-permissions";
export { type Finding, SEVERITIES, type Severity, type StatementId } from "./finding";
export { type Leaf, Unknown } from "./leaf";
export type {
  Attached,
  DocumentKind,
  DocumentSubject,
  PassableRole,
  RoleDocuments,
  RoleSubject,
  Surroundings,
} from "./subject";
