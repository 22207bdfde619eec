/** The ledger as data: what is written to a file after a run, and read back to be merged with other runs. */
import type { PolicyType } from "./decision";
import { parseJson } from "./json";
import { refuse } from "./refusal";
import { type JsonObject, readObject, readText, refuseUnknownKeys } from "./value";

/** One action pattern times one resource pattern of one Allow statement. */
export interface GrantEntry {
  /** The document, e.g. `role writer / inline`. */
  readonly source: string;
  /** The statement's Sid or, without one, its position like `#0`. */
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  /** Why it was granted, where the program said so. */
  readonly reason?: string;
  used: boolean;
}

/** One kind of refused call. */
export interface DenialEntry {
  readonly action: string;
  readonly resource: string;
  readonly outcome: "explicit" | "implicit";
  readonly policy: PolicyType;
  /** AWS's words for the first of these calls. */
  readonly message: string;
  count: number;
}

/** A role or user with what its policies grant it, or a resource with what its own policy grants to others. */
export interface HolderData {
  readonly name: string;
  readonly granted: readonly GrantEntry[];
  readonly denied: readonly DenialEntry[];
}

export interface LedgerData {
  readonly version: 1;
  readonly roles: readonly HolderData[];
  readonly resources: readonly HolderData[];
}

/** @throws PolicyError when the text is not a ledger of this version */
export function parseLedgerData(text: string, place = "ledger"): LedgerData {
  const data = readObject(parseJson(text, place), place);
  refuseUnknownKeys(data, ["version", "roles", "resources"], place);
  if (data["version"] !== 1) {
    refuse(`${place}: version`, data["version"], "1: this ledger was written by another release, record it anew");
  }
  return {
    version: 1,
    roles: readList(data["roles"], `${place}: roles`, readHolder),
    resources: readList(data["resources"], `${place}: resources`, readHolder),
  };
}

function readHolder(holder: JsonObject, place: string): HolderData {
  refuseUnknownKeys(holder, ["name", "granted", "denied"], place);
  return {
    name: readText(holder["name"], `${place}.name`),
    granted: readList(holder["granted"], `${place}.granted`, readGrant),
    denied: readList(holder["denied"], `${place}.denied`, readDenial),
  };
}

function readGrant(grant: JsonObject, place: string): GrantEntry {
  const { reason, used } = grant;
  refuseUnknownKeys(grant, ["source", "statement", "action", "resource", "reason", "used"], place);
  if (typeof used !== "boolean") refuse(`${place}.used`, used, "true or false");
  return {
    source: readText(grant["source"], `${place}.source`),
    statement: readText(grant["statement"], `${place}.statement`),
    action: readText(grant["action"], `${place}.action`),
    resource: readText(grant["resource"], `${place}.resource`),
    ...(reason === undefined ? {} : { reason: readText(reason, `${place}.reason`) }),
    used,
  };
}

const POLICY_TYPES: readonly PolicyType[] = ["identity", "boundary", "session", "resource", "trust"];

function readDenial(denial: JsonObject, place: string): DenialEntry {
  const { outcome, count } = denial;
  refuseUnknownKeys(denial, ["action", "resource", "outcome", "policy", "message", "count"], place);
  if (outcome !== "explicit" && outcome !== "implicit") refuse(`${place}.outcome`, outcome, '"explicit" or "implicit"');
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 1) {
    refuse(`${place}.count`, count, "a whole number from 1");
  }
  const policy = POLICY_TYPES.find((type) => type === denial["policy"]);
  return {
    action: readText(denial["action"], `${place}.action`),
    resource: readText(denial["resource"], `${place}.resource`),
    outcome,
    policy: policy ?? refuse(`${place}.policy`, denial["policy"], POLICY_TYPES.join(", ")),
    message: readText(denial["message"], `${place}.message`),
    count,
  };
}

function readList<T>(value: unknown, place: string, read: (item: JsonObject, place: string) => T): readonly T[] {
  if (!Array.isArray(value)) return refuse(place, value, "a list");
  return value.map((item: unknown, index) => read(readObject(item, `${place}[${index}]`), `${place}[${index}]`));
}
