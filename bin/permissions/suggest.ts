/**
 * The smallest statements that would have sufficed: of each role's grants those that the last full run used, as few
 * statements as say it. What the run never used is named apart, with the reason that the program gives for it, if any.
 */
import type { Properties } from "../../local/graph/value";
import { grantKey, type Grant } from "./matrix";
import type { RecordedRun } from "./recorded";

export interface SuggestedStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Properties;
}

export interface Suggestion {
  readonly role: string;
  readonly policy: { readonly Version: "2012-10-17"; readonly Statement: readonly SuggestedStatement[] };
  /** Granted and not used. */
  readonly dropped: readonly { readonly action: string; readonly resource: string; readonly reason?: string }[];
  /** Asked for and not granted: the run itself is not served by this policy. */
  readonly missing: readonly { readonly action: string; readonly resource: string }[];
}

export function suggest(grants: readonly Grant[], run: Pick<RecordedRun, "used" | "denied">): Suggestion[] {
  const used = new Set(run.used);
  const roles = [...new Set([...grants.map(({ role }) => role), ...run.denied.map(({ role }) => role)])].sort();
  return roles.map((role) => {
    const own = grants.filter((grant) => grant.role === role);
    return {
      role,
      policy: {
        Version: "2012-10-17",
        Statement: fewestStatements(own.filter((grant) => used.has(grantKey(grant)))),
      },
      dropped: own
        .filter((grant) => !used.has(grantKey(grant)))
        .map(({ action, resource, idle }) => ({ action, resource, ...(idle === undefined ? {} : { reason: idle }) })),
      missing: run.denied
        .filter((denial) => denial.role === role)
        .map(({ action, resource }) => ({ action, resource })),
    };
  });
}

/**
 * Actions on the same resources under the same condition stand together, then resources of the same actions: both steps
 * keep exactly the pairs of action and resource that there were.
 */
export function fewestStatements(grants: readonly Grant[]): SuggestedStatement[] {
  const byResource = group(grants, ({ resource, conditions }) => keyOf(resource, conditions)).map((group) => ({
    sid: group[0].sid,
    actions: sorted(group.map(({ action }) => action)),
    resource: group[0].resource,
    conditions: group[0].conditions,
  }));
  const byActions = group(byResource, ({ actions, conditions }) => keyOf(actions, conditions));
  const sids = new Set<string>();
  return byActions.map((alike): SuggestedStatement => {
    const [{ sid, actions, conditions }] = alike;
    return {
      Sid: unique(sid, sids),
      Effect: "Allow",
      Action: actions,
      Resource: sorted(alike.map(({ resource }) => resource)),
      ...(conditions === undefined ? {} : { Condition: conditions }),
    };
  });
}

export function renderSuggestion({ role, policy, dropped, missing }: Suggestion): string {
  const document =
    policy.Statement.length === 0
      ? "  nothing: the run used none of its grants"
      : indent(JSON.stringify(policy, null, 2));
  return [
    role,
    document,
    ...dropped.map(
      ({ action, resource, reason }) =>
        `  without ${action} on ${resource}: ${reason ?? "NEVER USED, AND NOTHING SAYS WHY"}`,
    ),
    ...missing.map(({ action, resource }) => `  DENIED ${action} on ${resource}: the run asked for it`),
  ].join("\n");
}

function group<Item>(items: readonly Item[], key: (item: Item) => string): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const known = groups.get(key(item));
    if (known === undefined) groups.set(key(item), [item]);
    else known.push(item);
  }
  return [...groups.values()];
}

function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** IAM wants the Sids of a policy to differ. */
function unique(sid: string, taken: Set<string>): string {
  let name = sid;
  for (let next = 2; taken.has(name); next++) name = `${sid}${next}`;
  taken.add(name);
  return name;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
