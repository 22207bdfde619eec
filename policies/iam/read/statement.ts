/** One statement, read by the grammar for the kind of policy it stands in. */
import type { Condition, Listed, Placed, Principal, PrincipalType, Statement } from "../document";
import { within } from "../json";
import type { DocumentKind } from "../subject";
import { isObject, readEither, readLeaves } from "./element";
import { isAction, isPrincipal, isResource, reviewVariables } from "./form";
import type { Problems } from "./problems";

interface Place {
  readonly kind: DocumentKind;
  readonly variables: boolean;
  readonly index: number;
  readonly place: string;
}

const COMMON = ["Sid", "Effect", "Action", "NotAction", "Condition"];
const ELEMENTS: Readonly<Record<DocumentKind, readonly string[]>> = {
  identity: [...COMMON, "Resource", "NotResource"],
  trust: [...COMMON, "Principal", "NotPrincipal"],
  resource: [...COMMON, "Resource", "NotResource", "Principal", "NotPrincipal"],
};

export function readStatement(input: unknown, at: Place, problems: Problems): Statement | undefined {
  const { kind, index, place } = at;
  problems.statement = index;
  if (!isObject(input)) return problems.malformed(place, input, "an object");
  const sid = readSid(input["Sid"], kind, `${place}.Sid`, problems);
  problems.statement = sid ?? index;
  for (const key of Object.keys(input)) {
    if (!ELEMENTS[kind].includes(key)) problems.unknown(within(place, key), ELEMENTS[kind]);
  }
  const effect = readEffect(input["Effect"], `${place}.Effect`, problems);
  const actions = readActions(input, at, problems);
  const resources = readResources(input, at, problems);
  const principals = kind === "identity" ? undefined : readPrincipals(input, place, problems);
  const conditions = readConditions(input["Condition"], at, problems);
  if (effect === undefined || actions === undefined) return undefined;
  if (kind === "identity" && resources === undefined) return undefined;
  if (kind !== "identity" && principals === undefined) return undefined;
  return {
    index,
    ...(sid === undefined ? {} : { sid }),
    place,
    effect,
    actions,
    ...(resources === undefined ? {} : { resources }),
    ...(principals === undefined ? {} : { principals }),
    conditions,
  };
}

/** IAM takes letters and digits only; services that keep resource policies are more liberal. */
function readSid(value: unknown, kind: DocumentKind, place: string, problems: Problems): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string") return problems.malformed(place, value, "a string");
  if (kind !== "resource" && !/^[A-Za-z0-9]+$/.test(value)) problems.malformed(place, value, "letters and digits only");
  return value;
}

function readEffect(value: unknown, place: string, problems: Problems): "Allow" | "Deny" | undefined {
  if (value === "Allow" || value === "Deny") return value;
  if (value === undefined) return problems.missing(place, 'write "Allow" or "Deny"');
  return problems.malformed(place, value, '"Allow" or "Deny", with a capital letter');
}

type Input = Readonly<Record<string, unknown>>;

function readActions(input: Input, { kind, place }: Place, problems: Problems): Listed<Placed> | undefined {
  const actions = readEither(input, "Action", place, problems);
  if (actions === undefined) {
    if (input["Action"] === undefined) problems.missing(`${place}.Action`, "name the actions");
    return undefined;
  }
  for (const { leaf, place: here } of actions.values) {
    if (typeof leaf === "string" && !isAction(leaf)) problems.malformed(here, leaf, '"service:Action", or "*"');
    if (kind === "trust" && typeof leaf === "string" && isAction(leaf) && !/^sts:/i.test(leaf)) {
      problems.malformed(here, leaf, "an action of sts, like sts:AssumeRole");
    }
  }
  return { ...actions, values: actions.values.filter(({ leaf }) => typeof leaf !== "string" || isAction(leaf)) };
}

function readResources(
  input: Input,
  { kind, place, variables }: Place,
  problems: Problems,
): Listed<Placed> | undefined {
  if (kind === "trust") return undefined;
  const resources = readEither(input, "Resource", place, problems);
  if (resources === undefined) {
    const both = input["Resource"] !== undefined;
    if (kind === "identity" && !both) problems.missing(`${place}.Resource`, "name the resources");
    return undefined;
  }
  for (const placed of resources.values) {
    const { leaf, place: here } = placed;
    if (typeof leaf === "string" && !isResource(leaf)) {
      problems.malformed(here, leaf, '"*" or arn:partition:service:region:account:resource');
    }
    reviewVariables(placed, variables, problems);
  }
  return { ...resources, values: resources.values.filter(({ leaf }) => typeof leaf !== "string" || isResource(leaf)) };
}

const PRINCIPAL_TYPES: readonly string[] = ["AWS", "Service", "Federated", "CanonicalUser"] satisfies PrincipalType[];

function readPrincipals(input: Input, place: string, problems: Problems): Listed<Principal> | undefined {
  const { Principal: listed, NotPrincipal: excepted } = input;
  if (listed !== undefined && excepted !== undefined) {
    return problems.malformed(
      place,
      { Principal: listed, NotPrincipal: excepted },
      "one of Principal and NotPrincipal",
    );
  }
  const not = excepted !== undefined;
  const here = `${place}.${not ? "Not" : ""}Principal`;
  const value = not ? excepted : listed;
  if (value === undefined) return problems.missing(here, "name who may");
  if (value === "*") return { not, place: here, values: [{ type: "everyone", leaf: "*", place: here }] };
  if (!isObject(value) || Object.keys(value).length === 0) {
    return problems.malformed(here, value, '"*" or an object like {"AWS": "arn:aws:iam::123456789012:role/name"}');
  }
  const values = Object.entries(value).flatMap(([type, names]): readonly Principal[] => {
    const there = within(here, type);
    if (!isPrincipalType(type)) {
      problems.unknown(there, PRINCIPAL_TYPES);
      return [];
    }
    return readLeaves(names, there, problems).flatMap((placed) => {
      const formed = typeof placed.leaf !== "string" || isPrincipal(type, placed.leaf);
      if (!formed) problems.malformed(placed.place, placed.leaf, PRINCIPAL_FORMS[type]);
      return formed ? [{ ...placed, type }] : [];
    });
  });
  return { not, place: here, values };
}

const PRINCIPAL_FORMS: Readonly<Record<Exclude<PrincipalType, "everyone">, string>> = {
  AWS: '"*", twelve digits, or the full ARN of a root, role, user or session, without a wildcard in it',
  Service: "a service like lambda.amazonaws.com, without a wildcard in it",
  Federated: "a provider's ARN, or a name like accounts.google.com",
  CanonicalUser: "64 hexadecimal digits",
};

function isPrincipalType(type: string): type is keyof typeof PRINCIPAL_FORMS {
  return PRINCIPAL_TYPES.includes(type);
}

function readConditions(value: unknown, { place, variables }: Place, problems: Problems): readonly Condition[] {
  const here = `${place}.Condition`;
  if (value === undefined) return [];
  if (!isObject(value)) {
    problems.malformed(here, value, 'an object like {"StringEquals": {"aws:SourceAccount": "123456789012"}}');
    return [];
  }
  return Object.entries(value).flatMap(([operator, tests]) => {
    const there = within(here, operator);
    if (!isObject(tests) || Object.keys(tests).length === 0) {
      problems.malformed(there, tests, "an object of condition keys and values");
      return [];
    }
    return Object.entries(tests).map(([key, listed]): Condition => {
      const at = within(there, key);
      const values = readLeaves(listed, at, problems, { literals: true });
      for (const placed of values) reviewVariables(placed, variables, problems);
      return { operator, key, place: at, values };
    });
  });
}
