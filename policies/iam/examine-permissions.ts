/** What is wrong with the joined whole of one role: its identity statements under its boundary, its trust, its users. */
import { examineDocument } from "./examine-document";
import type { Finding } from "./finding";
import type { Attached, DocumentKind, RoleSubject } from "./subject";

/** Findings of each document, named by its source, then those that only the whole shows. */
export function examinePermissions(role: RoleSubject): readonly Finding[] {
  const examine = ({ source, document }: Attached, kind: DocumentKind): readonly Finding[] =>
    examineDocument(document, { ...role, kind }).map((finding) => ({ ...finding, source }));
  return [
    ...role.identity.flatMap((attached) => examine(attached, "identity")),
    ...(role.trust === undefined ? [] : examine(role.trust, "trust")),
  ];
}
