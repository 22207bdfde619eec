/**
 * What AWS says about actions, resource types and condition keys, read from `iam.txt` (see `distil.ts` for its format
 * and source). A service is read when it is first asked for: a typical document needs a handful of some 450.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { matchesGlob } from "../pattern/glob";

export type AccessLevel = "list" | "read" | "write" | "tagging" | "permissions";

export interface ResourceType {
  readonly name: string;
  /** ARN templates, `{Name}` for what varies and `@` for region and account, e.g. `sqs:@:{QueueName}`. */
  readonly templates: readonly string[];
}

export interface WantedType {
  readonly type: ResourceType;
  readonly required: boolean;
}

export interface Action {
  /** As AWS spells it, e.g. `s3:GetObject`. */
  readonly id: string;
  readonly service: string;
  readonly name: string;
  readonly level: AccessLevel;
  /** Empty when the action takes no resource: `*` is its only choice. */
  readonly types: readonly WantedType[];
  /** The keys it knows besides the global ones, as templates. */
  readonly keys: readonly string[];
}

export type KeyType = "String" | "ARN" | "Bool" | "Numeric" | "Date" | "IPAddress" | "Binary";

export interface ConditionKey {
  /** As AWS spells it; a template where a part varies, e.g. `aws:ResourceTag/${TagKey}`. */
  readonly name: string;
  readonly type: KeyType;
  /** Whether a request may carry several values of it. */
  readonly multivalued: boolean;
}

interface Service {
  /** By name in lower case. */
  readonly actions: ReadonlyMap<string, Action>;
  readonly keys: readonly ConditionKey[];
}

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  L: "list",
  R: "read",
  W: "write",
  T: "tagging",
  P: "permissions",
};

export class Catalogue {
  readonly version: string;
  readonly hash: string;
  readonly globalKeys: readonly ConditionKey[];
  readonly #texts: ReadonlyMap<string, string>;
  readonly #services = new Map<string, Service>();
  readonly #expanded = new Map<string, readonly Action[]>();

  /** @param text `iam.txt` */
  constructor(text: string) {
    const [head = "", ...services] = text.split("\nservice ");
    const lines = head.split("\n");
    this.version = (lines[0] ?? "").replace(/^version /, "");
    this.hash = (lines[1] ?? "").replace(/^sha256 /, "");
    this.globalKeys = lines.filter((line) => line.startsWith("key ")).map(readKey);
    this.#texts = new Map(services.map((body) => [body.slice(0, body.indexOf("\n")), body]));
  }

  get serviceNames(): readonly string[] {
    return [...this.#texts.keys()];
  }

  has(service: string): boolean {
    return this.#texts.has(service.toLowerCase());
  }

  /** The action of an id in any case; undefined when AWS has none of that name. */
  action(id: string): Action | undefined {
    const [service = "", name = ""] = id.toLowerCase().split(":");
    return this.#service(service)?.actions.get(name);
  }

  actionsOf(service: string): readonly Action[] {
    return [...(this.#service(service.toLowerCase())?.actions.values() ?? [])];
  }

  /** Every action a pattern such as `s3:Get*` or `*` stands for. */
  expand(pattern: string): readonly Action[] {
    const lower = pattern.toLowerCase();
    const known = this.#expanded.get(lower);
    if (known !== undefined) return known;
    const found = this.#find(lower);
    this.#expanded.set(lower, found);
    return found;
  }

  /** The key of a name in any case, tag names included; undefined when no service knows it. */
  conditionKey(name: string): ConditionKey | undefined {
    const prefix = name.slice(0, Math.max(name.indexOf(":"), 0)).toLowerCase();
    if (prefix === "aws") return this.globalKeys.find((key) => isKey(key.name, name));
    return this.#service(prefix)?.keys.find((key) => isKey(key.name, name));
  }

  #find(pattern: string): readonly Action[] {
    if (pattern === "*" || pattern === "*:*") return this.serviceNames.flatMap((service) => this.actionsOf(service));
    const colon = pattern.indexOf(":");
    const name = pattern.slice(colon + 1);
    return this.actionsOf(pattern.slice(0, colon)).filter((action) => matchesGlob(name, action.name.toLowerCase()));
  }

  #service(name: string): Service | undefined {
    const known = this.#services.get(name);
    if (known !== undefined) return known;
    const text = this.#texts.get(name);
    if (text === undefined) return undefined;
    const service = readService(name, text);
    this.#services.set(name, service);
    return service;
  }
}

let loaded: Catalogue | undefined;

/** The checked-in table, read once. */
export function catalogue(): Catalogue {
  loaded ??= new Catalogue(readFileSync(join(__dirname, "iam.txt"), "utf8"));
  return loaded;
}

/** Whether a key of a document is the one a template stands for: `aws:RequestTag/Team` is `aws:RequestTag/${TagKey}`. */
export function isKey(template: string, name: string): boolean {
  const [pattern, lower] = [template.toLowerCase(), name.toLowerCase()];
  if (pattern === lower) return true;
  const stem = /^(.*?)(?:\$\{[^}]*\}|<[^>]*>|tag-key)/.exec(pattern)?.[1];
  if (stem === undefined || !lower.startsWith(stem) || lower.length === stem.length) return false;
  return matchesGlob(pattern.replaceAll(/\$\{[^}]*\}|<[^>]*>|tag-key$/g, "*"), lower);
}

function readService(service: string, text: string): Service {
  const types: (ResourceType & { keys: readonly string[] })[] = [];
  const keys: ConditionKey[] = [];
  const actions = new Map<string, Action>();
  const lines = text.split("\n").map((line) => line.split(" "));
  for (const line of lines) if (line[0] === "key") keys.push(readKey(line.join(" ")));
  const named = (positions: string): readonly string[] =>
    positions === "-" ? [] : positions.split(",").map((at) => keys[Number(at)]?.name ?? "");

  for (const [kind, first = "", second = "", third = "", ...names] of lines) {
    if (kind === "resource") types.push({ name: first, templates: second.split(","), keys: named(third) });
    if (kind !== "actions") continue;
    const level = LEVELS[first] ?? "write";
    const wanted = second === "-" ? [] : second.split(",").flatMap((one) => readWanted(one, types));
    const known = [...new Set([...named(third), ...wanted.flatMap(({ type }) => type.keys)])];
    for (const name of names) {
      actions.set(name.toLowerCase(), { id: `${service}:${name}`, service, name, level, types: wanted, keys: known });
    }
  }
  return { actions, keys };
}

function readWanted<T extends ResourceType>(text: string, types: readonly T[]): { type: T; required: boolean }[] {
  const type = types[Number(text.replace("!", ""))];
  return type === undefined ? [] : [{ type, required: text.endsWith("!") }];
}

/** `key NAME TYPE`: the source calls several values `ArrayOf...`. */
function readKey(line: string): ConditionKey {
  const [, name = "", type = ""] = line.split(" ");
  return { name, type: type.replace("ArrayOf", "") as KeyType, multivalued: type.startsWith("ArrayOf") };
}
