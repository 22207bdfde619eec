/**
 * For tests only: a second evaluator, as plain as possible, slow, over raw documents, and sharing no code with the
 * first, so that the two can be held against each other. It knows the operators and callers that the tests draw.
 */
import { anonymous, iamUser, operator, type Principal, roleSession, service } from "./principal";

export const HERE = "111111111111";
export const THERE = "222222222222";

/** What the naive evaluator knows of each caller, stated anew. */
export const CALLERS: Record<
  string,
  { principal: Principal; account?: string; names: string[]; type: string; keys: Record<string, string> }
> = {
  session: {
    principal: roleSession(`arn:aws:iam::${HERE}:role/r`, "ss", { tags: { t: "x" } }),
    account: HERE,
    names: [`arn:aws:sts::${HERE}:assumed-role/r/ss`, `arn:aws:iam::${HERE}:role/r`, HERE],
    type: "role",
    keys: { "aws:PrincipalTag/t": "x", "aws:PrincipalArn": `arn:aws:iam::${HERE}:role/r` },
  },
  stranger: {
    principal: roleSession(`arn:aws:iam::${THERE}:role/r`, "ss"),
    account: THERE,
    names: [`arn:aws:sts::${THERE}:assumed-role/r/ss`, `arn:aws:iam::${THERE}:role/r`, THERE],
    type: "role",
    keys: { "aws:PrincipalArn": `arn:aws:iam::${THERE}:role/r` },
  },
  user: {
    principal: iamUser(`arn:aws:iam::${HERE}:user/u`),
    account: HERE,
    names: [`arn:aws:iam::${HERE}:user/u`, HERE],
    type: "user",
    keys: { "aws:username": "u", "aws:PrincipalArn": `arn:aws:iam::${HERE}:user/u` },
  },
  operator: {
    principal: operator(HERE),
    account: HERE,
    names: [`arn:aws:iam::${HERE}:user/operator`, HERE],
    type: "operator",
    keys: { "aws:username": "operator", "aws:PrincipalArn": `arn:aws:iam::${HERE}:user/operator` },
  },
  service: { principal: service("sns.amazonaws.com"), names: ["sns.amazonaws.com"], type: "service", keys: {} },
  anonymous: { principal: anonymous, names: [], type: "anonymous", keys: {} },
};

export interface RawStatement {
  Effect: "Allow" | "Deny";
  Action?: string[];
  NotAction?: string[];
  Resource?: string[];
  NotResource?: string[];
  Principal?: "*" | Record<string, string[]>;
  NotPrincipal?: Record<string, string[]> | undefined;
  Condition?: Record<string, Record<string, string[]>>;
}

export interface Scene {
  caller: string;
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
  identity: RawStatement[][];
  boundary: RawStatement[] | undefined;
  session: RawStatement[] | undefined;
  resourcePolicy: RawStatement[] | undefined;
}

function glob(pattern: string, text: string): boolean {
  return new RegExp(
    `^${pattern
      .replace(/[^a-zA-Z0-9*?]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(text);
}

function sameParts(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  const [patterns, texts] = [pattern.split(":"), text.split(":")];
  if (patterns.length < 6) return glob(pattern, text);
  return (
    texts.length >= 6 &&
    [0, 1, 2, 3, 4].every((part) => glob(patterns[part] ?? "", texts[part] ?? "")) &&
    glob(patterns.slice(5).join(":"), texts.slice(5).join(":"))
  );
}

function valueOf(scene: Scene, key: string): string | string[] | undefined {
  const all = { ...scene.context, ...CALLERS[scene.caller]?.keys };
  return Object.entries(all).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** The pattern with its variables filled; undefined when one has no value. */
function filled(scene: Scene, pattern: string): string | undefined {
  let unknown = false;
  const text = pattern.replace(/\$\{([^}]+)\}/g, (_, key: string) => {
    const value = valueOf(scene, key);
    if (typeof value !== "string") unknown = true;
    return String(value);
  });
  return unknown ? undefined : text;
}

function resourceMatches(statement: RawStatement, scene: Scene): boolean {
  const { Resource: listed, NotResource: excepted } = statement;
  const opens = statement.Effect === "Allow";
  if (listed !== undefined) {
    return listed.some((pattern) => {
      const text = filled(scene, pattern);
      return text !== undefined && (opens ? sameParts(text, scene.resource) : glob(text, scene.resource));
    });
  }
  if (excepted === undefined) return true;
  const texts = excepted.map((pattern) => filled(scene, pattern));
  if (opens && texts.includes(undefined)) return false;
  return !texts.some(
    (text) => text !== undefined && (opens ? glob(text, scene.resource) : sameParts(text, scene.resource)),
  );
}

function conditionHolds(scene: Scene, operator: string, key: string, values: string[], effect: string): boolean {
  const closed = effect === "Deny";
  const given = valueOf(scene, key);
  const base = operator.replace(/^For\w+:/, "").replace(/IfExists$/, "");
  const present = given !== undefined && (typeof given === "string" || given.length > 0);
  if (base === "Null") return values.includes(String(!present));
  const negated = base.includes("Not");
  const one = (value: string): boolean | undefined => {
    const wanted = values.map((text) => filled(scene, text));
    const same = wanted.some(
      (text) => text !== undefined && (base.endsWith("Like") ? glob(text, value) : text === value),
    );
    if (same) return !negated;
    if (negated && wanted.includes(undefined)) return undefined;
    return negated;
  };
  const list = typeof given === "string" ? [given] : (given ?? []);
  const results = list.map(one);
  if (operator.startsWith("ForAllValues:")) {
    if (!present || list.every((value) => value === "")) return true;
    if (results.includes(false)) return false;
    return results.includes(undefined) ? closed : true;
  }
  if (operator.startsWith("ForAnyValue:")) {
    if (!present || list.every((value) => value === "")) return operator.endsWith("IfExists") ? closed : false;
    if (results.includes(true)) return true;
    return results.includes(undefined) ? closed : false;
  }
  if (!present) return negated || operator.endsWith("IfExists");
  if (list.length > 1) return closed;
  return results[0] ?? closed;
}

function applies(statement: RawStatement, scene: Scene): boolean {
  const lower = (patterns: string[]): boolean =>
    patterns.some((pattern) => glob(pattern.toLowerCase(), scene.action.toLowerCase()));
  if (statement.Action !== undefined && !lower(statement.Action)) return false;
  if (statement.NotAction !== undefined && lower(statement.NotAction)) return false;
  if (!resourceMatches(statement, scene)) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, tests]) =>
    Object.entries(tests).every(([key, values]) => conditionHolds(scene, operator, key, values, statement.Effect)),
  );
}

function namedAs(statement: RawStatement, scene: Scene): "itself" | "role" | "account" | "none" {
  const caller = CALLERS[scene.caller];
  if (caller === undefined) throw new Error("no such caller");
  const accountOf = (name: string): string => name.replace(/^arn:aws:iam::(\d+):root$/, "$1");
  if (statement.NotPrincipal !== undefined) {
    const listed = Object.values(statement.NotPrincipal).flat().map(accountOf);
    const spared = caller.names.length > 0 && caller.names.every((name) => listed.includes(name));
    return spared && scene.boundary === undefined ? "none" : "itself";
  }
  if (statement.Principal === undefined) throw new Error("no principal");
  if (statement.Principal === "*") return "itself";
  if (
    statement.Principal["AWS"]?.includes("*") === true &&
    (statement.Effect === "Deny" || caller.type !== "service")
  ) {
    return "itself";
  }
  const listed = Object.values(statement.Principal).flat().map(accountOf);
  const found = caller.names.findIndex((name) => listed.includes(name));
  if (found < 0) return "none";
  if (found === 0) return "itself";
  return caller.type === "role" && found === 1 ? "role" : "account";
}

export function naiveOutcome(scene: Scene): string {
  const caller = CALLERS[scene.caller];
  if (caller === undefined) throw new Error("no such caller");
  const trust = scene.action === "sts:AssumeRole";
  const resourceType = trust ? "trust" : "resource";
  const administrator: RawStatement[] = [{ Effect: "Allow", Action: ["*"], Resource: ["*"] }];
  const identity = caller.type === "operator" ? [administrator] : caller.account === undefined ? [] : scene.identity;
  const says = (statements: RawStatement[] | undefined, effect: string): RawStatement[] =>
    (statements ?? []).filter((statement) => statement.Effect === effect && applies(statement, scene));
  const resourceSays = (effect: string): RawStatement[] =>
    says(scene.resourcePolicy, effect).filter((statement) => namedAs(statement, scene) !== "none");

  if (identity.some((statements) => says(statements, "Deny").length > 0)) return "explicit identity";
  if (says(scene.boundary, "Deny").length > 0) return "explicit boundary";
  if (says(scene.session, "Deny").length > 0) return "explicit session";
  if (resourceSays("Deny").length > 0) return `explicit ${resourceType}`;

  const named = resourceSays("Allow").map((statement) => namedAs(statement, scene));
  if (caller.account === undefined) {
    return named.length > 0 && !(trust && caller.type === "anonymous") ? "allowed" : `implicit ${resourceType}`;
  }
  const foreign = caller.account !== HERE;
  const mustAllow = foreign || trust || scene.action.startsWith("kms:");
  let identityNeeded = true;
  if (!foreign && named.includes("itself")) return "allowed";
  if (!foreign && named.includes("role")) identityNeeded = false;
  if (mustAllow && named.length === 0) return `implicit ${resourceType}`;
  if (identityNeeded && !identity.some((statements) => says(statements, "Allow").length > 0)) {
    return "implicit identity";
  }
  if (scene.boundary !== undefined && says(scene.boundary, "Allow").length === 0) return "implicit boundary";
  if (scene.session !== undefined && says(scene.session, "Allow").length === 0) return "implicit session";
  return "allowed";
}
