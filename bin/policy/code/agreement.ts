/** Whether a function's code and its role agree: nothing is called that is not granted, nothing granted that is not called. */
import { basename } from "node:path";
import { functions, type FunctionName } from "../../../functions/manifest";
import { renderSource } from "../../../local/diagnostics";
import type { Graph, Resource } from "../../../local/graph/graph";
import { Asset } from "../../../local/graph/value";
import { declaredGrants, type Grant } from "../../permissions/matrix";
import type { JudgedFinding } from "../judged";
import { actionsOf, askedBy } from "./sdk-actions";
import { readCode, type CodeReading, type SdkCall, type Source } from "./sdk-calls";
import { serviceCalls } from "./service-calls";

export const CODE_RULE = "code-calls-what-its-role-grants";

const LAMBDA = "aws:lambda/function:Function";
const PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html";

/** What a finding says of its own; the rest is the same for all. */
export type Disagreement = Pick<JudgedFinding, "resource" | "subject" | "message" | "fix"> & Partial<JudgedFinding>;

/** @param root the project's folder */
export function judgeCode(graph: Graph, root: string): Disagreement[] {
  const grants = declaredGrants(graph);
  return graph.ofType(LAMBDA).flatMap((lambda) => {
    const entry = entryOf(lambda);
    if (entry === undefined) return [unreadable(lambda)];
    const role = roleOf(graph, lambda);
    const granted = grants.filter((grant) => grant.role === role?.name);
    return compare(readCode(root, entry), { lambda, role, granted, byAws: serviceCalls(graph, lambda) });
  });
}

export interface Granted {
  readonly lambda: Resource;
  /** The component of the role. */
  readonly role: Resource | undefined;
  readonly granted: readonly Grant[];
  /** Actions that AWS itself calls under the role. */
  readonly byAws: ReadonlySet<string>;
}

export function compare({ calls, opaque }: CodeReading, { lambda, role, granted, byAws }: Granted): Disagreement[] {
  const held = new Set(granted.map(({ action }) => action));
  const called = new Set(calls.flatMap((call) => allActions(call)));
  const missing = calls.flatMap((call) => missingFor(call, held).map((action) => notGranted(lambda, call, action)));
  const unseen = opaque.map(({ what, source }) => notSeen(lambda, what, source));
  // Where a call cannot be read, a grant may be for it.
  const surplus = opaque.length > 0 ? [] : granted.filter((grant) => !isExplained(grant, called, byAws));
  const unneeded = [...new Set(surplus.map(({ sid, action }) => `${sid} ${action}`))].map((place) =>
    notCalled(role ?? lambda, lambda, place),
  );
  return [...missing, ...unseen, ...unneeded];
}

/** A grant on the key is explained by the service through which alone it holds. */
function isExplained({ action, conditions }: Grant, called: ReadonlySet<string>, byAws: ReadonlySet<string>): boolean {
  if (called.has(action) || called.has(askedBy(action)) || byAws.has(action)) return true;
  const through = /"kms:ViaService":"([a-z0-9-]+)\./.exec(JSON.stringify(conditions ?? {}))?.[1];
  if (!action.startsWith("kms:") || through === undefined) return false;
  return [...called, ...byAws].some((each) => each.startsWith(`${through}:`));
}

function allActions(call: SdkCall): readonly string[] {
  const needed = actionsOf(call);
  if (needed === undefined) return [];
  return "every" in needed ? needed.every : needed.some;
}

function missingFor(call: SdkCall, held: ReadonlySet<string>): string[] {
  const needed = actionsOf(call);
  if (needed === undefined) return [`an action that ${call.client} is not known by`];
  if ("every" in needed) return needed.every.filter((action) => !held.has(action));
  return needed.some.some((action) => held.has(action)) ? [] : [`one of ${needed.some.join(", ")}`];
}

function notGranted({ urn, name }: Resource, { client, operation, source }: SdkCall, action: string): Disagreement {
  return {
    resource: urn,
    subject: action,
    message: `${name} calls ${operation} of ${client}, which needs ${action}; its role does not grant it`,
    fix: "add the capability to the function's access list, or take the call out",
    source: renderSource(source),
  };
}

function notCalled(owner: Resource, { name }: Resource, place: string): Disagreement {
  const [sid = "", action = ""] = place.split(" ");
  return {
    resource: owner.urn,
    subject: action,
    statement: sid,
    actions: [action],
    message: `the role of ${name} grants ${action}, which neither its code nor AWS on its behalf calls`,
    fix: "take the action out of the capability, or the capability out of the access list",
    ...(owner.source === undefined ? {} : { source: renderSource(owner.source) }),
  };
}

function notSeen({ urn, name }: Resource, what: string, source: Source): Disagreement {
  return {
    resource: urn,
    subject: what,
    message: `${name} uses ${what}: what it calls cannot be read from its code`,
    fix: "send commands by a client: client.send(new PutRecordCommand(...))",
    source: renderSource(source),
  };
}

function unreadable({ urn, name, source }: Resource): Disagreement {
  return {
    resource: urn,
    subject: "code",
    message: `the code of ${name} is no bundle of functions/manifest.ts, so nobody can tell what it calls`,
    fix: "declare the function in functions/manifest.ts",
    ...(source === undefined ? {} : { source: renderSource(source) }),
  };
}

export function asFinding(disagreement: Disagreement, level: JudgedFinding["level"]): JudgedFinding {
  return { rule: CODE_RULE, severity: "high", level, statement: null, url: PAGE, ...disagreement };
}

/** The bundle's folder bears the function's name. */
function entryOf({ inputs }: Resource): string | undefined {
  const { code } = inputs;
  const name = code instanceof Asset ? basename(code.content) : "";
  return name in functions ? functions[name as FunctionName].entry : undefined;
}

/** The component around the role that the function works under. */
function roleOf(graph: Graph, { inputs }: Resource): Resource | undefined {
  const role = graph.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === inputs["role"]);
  return role?.parent === undefined ? role : graph.get(role.parent);
}
