/** Who may do what to what, as the program declares it: the statements that its roles carry as inputs. */
import type { Graph, Resource } from "../../local/graph/graph";
import { isRecord, type Properties, type Value } from "../../local/graph/value";
import { stageNames } from "../../stacks/stage-files";
import { ROOT } from "../folders";

/** One action on one target of one statement. */
export interface Grant {
  /** The role's name in the program. */
  readonly role: string;
  readonly sid: string;
  readonly action: string;
  readonly resource: string;
  /** The resource as it is known before it exists: the same in every stage. */
  readonly pattern: string;
  /** When it holds, as the policy says it; nothing for always. */
  readonly conditions: Properties | undefined;
  /** Why the role has it. */
  readonly reason: string;
  /** Why a normal run does not use it, where that is so. */
  readonly idle: string | undefined;
}

/** Components that carry statements; the role or user inside bears the component's name. */
const HOLDERS = ["clickstream:iam:Role", "clickstream:iam:UserPolicy"];

export function declaredGrants(graph: Graph): Grant[] {
  return HOLDERS.flatMap((component) => graph.ofType(component).flatMap(grantsOf));
}

/** Stages that are released to: their names are parts of other names, as in `stack/dev-*`. */
const STAGE_NAME = new RegExp(
  `(?<=[:/])(${stageNames(ROOT)
    .filter((name) => name !== "release")
    .join("|")})(?=[-.])`,
  "g",
);

/** What names a grant in every stage; what one line of the program grants for each stage released to is one grant. */
export function grantKey({ role, sid, action, pattern }: Pick<Grant, "role" | "sid" | "action" | "pattern">): string {
  return [role, sid, action, pattern.replace(STAGE_NAME, "<stage>")].join(" ");
}

/** The component's name for each role and user by URN, as the ledger names them. */
export function holderNames(graph: Graph): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const role of graph.ofType("aws:iam/role:Role")) names.set(role.urn, role.name);
  for (const user of graph.ofType("aws:iam/user:User")) names.set(user.urn, user.name);
  return names;
}

function grantsOf({ name, inputs }: Resource): Grant[] {
  return records(inputs["statements"]).flatMap((statement) => {
    const { sid, reason, idle, actions, targets, conditions } = statement;
    return texts(actions).flatMap((action) =>
      records(targets).map(({ arn, pattern }) => ({
        role: name,
        sid: text(sid),
        action,
        resource: text(arn),
        pattern: text(pattern),
        conditions: isRecord(conditions) ? conditions : undefined,
        reason: text(reason),
        idle: idle === undefined ? undefined : text(idle),
      })),
    );
  });
}

function records(value: Value | undefined): { readonly [key: string]: Value }[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
