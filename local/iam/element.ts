/** The elements of one statement, each read by the rules for the kind of policy it stands in. */
import { compileConditions, type Condition } from "./condition";
import type { DocumentKind, Effect, Listed, Statement } from "./document";
import { hasVariable, hasWildcard, isOpenEnded, readPattern, splitArn } from "./pattern";
import { type PrincipalName, readPrincipalName } from "./principal-element";
import { refuse } from "./refusal";
import { type JsonObject, readObject, readOneOrMore, readText, refuseUnknownKeys } from "./value";

/** What decides how a statement is read: where it is attached, and whether its version knows policy variables. */
interface Reading {
  readonly kind: DocumentKind;
  readonly variables: boolean;
}

const ELEMENTS: Readonly<Record<DocumentKind, readonly string[]>> = {
  identity: ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"],
  resource: [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
  ],
  trust: ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "Condition"],
};

export function readStatement(input: unknown, { kind, variables }: Reading, place: string): Statement {
  const statement = readObject(input, place);
  refuseUnknownKeys(statement, ELEMENTS[kind], place);
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  if (effect !== "Allow" && effect !== "Deny") refuse(`${place}.Effect`, effect, '"Allow" or "Deny"');
  const actions = readEither(statement, "Action", place, (value, here) => readAction(value, kind, here));
  const resources = readEither(statement, "Resource", place, (value, here) => readResource(value, variables, here));
  if (actions === undefined) refuse(`${place}.Action`, undefined, "an Action or a NotAction");
  if (resources === undefined && kind === "identity") {
    refuse(`${place}.Resource`, undefined, "a Resource or a NotResource");
  }
  return {
    ...(sid === undefined || sid === "" ? {} : { sid: readSid(sid, kind, `${place}.Sid`) }),
    effect,
    ...(kind === "identity" ? {} : { principals: readPrincipals(statement, effect, place) }),
    actions,
    ...(resources === undefined ? {} : { resources }),
    conditions: condition === undefined ? [] : readConditions(condition, variables, `${place}.Condition`),
  };
}

/** IAM allows letters and digits only; services that keep resource policies are more liberal. */
function readSid(value: unknown, kind: DocumentKind, place: string): string {
  const sid = readText(value, place);
  if (kind !== "resource" && !/^[A-Za-z0-9]+$/.test(sid)) refuse(place, sid, "letters and digits");
  return sid;
}

/** An element or its `Not` form, never both. */
function readEither(
  statement: JsonObject,
  name: "Action" | "Resource",
  place: string,
  read: (value: unknown, place: string) => string,
): Listed<string> | undefined {
  const [listed, excepted] = [statement[name], statement[`Not${name}`]];
  if (listed !== undefined && excepted !== undefined) refuse(place, `${name} and Not${name}`, "one of the two");
  if (listed !== undefined) return { not: false, values: readOneOrMore(listed, `${place}.${name}`, read) };
  if (excepted !== undefined) return { not: true, values: readOneOrMore(excepted, `${place}.Not${name}`, read) };
  return undefined;
}

function readAction(value: unknown, kind: DocumentKind, place: string): string {
  const action = readText(value, place);
  if (kind === "trust" && !/^sts:[a-z*?]+$/i.test(action)) refuse(place, action, "actions of sts, like sts:AssumeRole");
  if (!/^(\*|\*:\*|[a-z0-9-]+:[a-z0-9*?]+)$/i.test(action)) {
    refuse(place, action, '"*" or "service:Action", wildcards in the action');
  }
  return action;
}

/** Wildcards may stand in any part but the service; a variable only in the last part; `*` may replace the last parts. */
function readResource(value: unknown, variables: boolean, place: string): string {
  const resource = readText(value, place);
  if (resource === "*") return resource;
  const tokens = readPattern(resource, { wildcards: true, variables }, place);
  const parts = splitArn(tokens);
  const [scheme = [], , service = []] = parts;
  const complete = parts.length === 6 || (parts.length > 3 && isOpenEnded(tokens));
  if (scheme.length !== 1 || scheme[0] !== "arn" || !complete || service.length === 0 || hasWildcard(service)) {
    refuse(place, resource, '"*" or arn:partition:service:region:account:resource, with no wildcard in the service');
  }
  if (parts.slice(0, -1).some(hasVariable) || (parts.length < 6 && hasVariable(tokens))) {
    refuse(place, resource, "variables in the last part of an ARN only");
  }
  return resource;
}

function readPrincipals(statement: JsonObject, effect: Effect, place: string): Listed<PrincipalName> {
  const { Principal: listed, NotPrincipal: excepted } = statement;
  if ((listed === undefined) === (excepted === undefined)) {
    refuse(`${place}.Principal`, listed, "a Principal, or a NotPrincipal, not both");
  }
  if (excepted === undefined) return { not: false, values: readPrincipalNames(listed, `${place}.Principal`) };
  const here = `${place}.NotPrincipal`;
  if (effect === "Allow") {
    refuse(here, excepted, "NotPrincipal with Deny only: with Allow it opens the door to the world");
  }
  const values = readPrincipalNames(excepted, here);
  if (values.some(({ type }) => type === "everyone" || type === "every-aws")) {
    refuse(here, excepted, "names, not everyone");
  }
  return { not: true, values };
}

function readPrincipalNames(value: unknown, place: string): readonly PrincipalName[] {
  if (value === "*") return [{ type: "everyone" }];
  if (typeof value === "string") refuse(place, value, '"*" or an object like {"AWS": "123456789012"}');
  const byKey = Object.entries(readObject(value, place));
  if (byKey.length === 0) refuse(place, value, "at least one name");
  return byKey.flatMap(([key, names]) => {
    const here = `${place}.${key}`;
    return readOneOrMore(names, here, (name, at) => readPrincipalName(key, readText(name, at), at));
  });
}

function readConditions(value: unknown, variables: boolean, place: string): readonly Condition[] {
  const conditions = Object.entries(readObject(value, place)).flatMap(([operator, tests]) => {
    const byKey = Object.entries(readObject(tests, `${place}.${operator}`));
    if (byKey.length === 0) refuse(`${place}.${operator}`, tests, "at least one condition key");
    return byKey.map(([key, values]) => readCondition(operator, key, values, place));
  });
  if (conditions.length === 0) refuse(place, value, "at least one operator; leave Condition out where there is none");
  compileConditions(conditions, { variables, whenUnclear: false, place });
  return conditions;
}

function readCondition(operator: string, key: string, values: unknown, place: string): Condition {
  const here = `${place}.${operator}.${key}`;
  if (!/^[\w.-]+:.+$/.test(key)) refuse(`${place}.${operator}`, key, "a condition key like aws:SourceArn");
  return { operator, key, values: readOneOrMore(values, here, readConditionValue) };
}

function readConditionValue(value: unknown, place: string): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? value : refuse(place, value, "a string, number or boolean");
}
