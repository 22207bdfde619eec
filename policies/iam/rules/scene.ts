/** What a rule may look at while it judges a statement. */
import { type Action, catalogue } from "../catalogue/catalogue";
import type { Document, Placed, Statement } from "../document";
import type { Permissions } from "../effective/permissions";
import type { Finding } from "../finding";
import { textOf } from "../leaf";
import type { DocumentSubject } from "../subject";

export interface Scene {
  readonly document: Document;
  readonly subject: DocumentSubject;
  /** What is left of the statements when Deny and boundary have had their say. */
  readonly permissions: Permissions;
}

export type Check = (statement: Statement, scene: Scene) => readonly Finding[];

/** The text of an action element; those that are wholly unknown were left out when the document was read. */
export function actionText({ leaf }: Placed): string {
  return textOf(leaf) ?? "";
}

export function isEverything(pattern: string): boolean {
  return pattern === "*" || pattern === "*:*" || /^\*+$/.test(pattern);
}

/** The actions that the elements of a statement stand for; empty for a `NotAction`. */
export function actionsOf({ actions }: Statement): readonly Action[] {
  if (actions.not) return [];
  return actions.values.flatMap((placed) => catalogue().expand(actionText(placed)));
}

/** The first few of a list, and how many more: messages stay readable, findings carry the whole list. */
export function listed(items: readonly string[], most = 3): string {
  const unique = [...new Set(items)].sort();
  const shown = unique.slice(0, most).join(", ");
  return unique.length <= most ? shown : `${shown} and ${unique.length - most} more`;
}
