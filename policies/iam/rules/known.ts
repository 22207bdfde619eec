/** Names that AWS does not know: a misspelled grant grants nothing, a misspelled Deny denies nothing. */
import { catalogue } from "../catalogue/catalogue";
import { idOf } from "../document";
import { textOf } from "../leaf";
import { find, type Rule } from "../rule";
import type { Check } from "./scene";

export const UNKNOWN_ACTION: Rule = {
  id: "action-unknown",
  severity: "high",
  catches: "an action, service prefix or wildcard that stands for nothing AWS has",
  why: "The statement does not grant, or does not deny, what it was written for.",
  documentation:
    "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
};

/** Never listed as actions of a service, but its own examples and default policies name them. */
const UNLISTED = /^(sns:Receive|sqs:(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch)$/i;

export const knownActions: Check = (statement) =>
  statement.actions.values.flatMap(({ leaf, place }) => {
    const text = textOf(leaf);
    if (text === undefined || text === "*" || text === "*:*" || UNLISTED.test(text)) return [];
    const table = catalogue();
    if (table.expand(text).length > 0) return [];
    const service = text.slice(0, text.indexOf(":"));
    const known = table.has(service);
    const near = known
      ? nearest(
          text,
          table.actionsOf(service).map(({ id }) => id),
        )
      : nearest(service, table.serviceNames);
    return [
      find(UNKNOWN_ACTION, {
        place,
        statement: idOf(statement),
        actions: [text],
        what: known ? `${text} is no action of ${service}` : `${service} is the prefix of no service`,
        fix: near === undefined ? "look the action up" : `write ${near}, if that is meant`,
      }),
    ];
  });

/** The closest name, if it is close enough to be a slip. */
function nearest(text: string, names: readonly string[]): string | undefined {
  const wanted = text.toLowerCase();
  let [best, least]: [string | undefined, number] = [undefined, Math.max(3, Math.ceil(wanted.length / 4))];
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= least) continue;
    const distance = distanceBetween(wanted, name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Letters to insert, delete or replace (Levenshtein). */
function distanceBetween(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[right.length] ?? 0;
}
