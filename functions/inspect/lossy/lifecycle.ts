/** What lifecycle rules of a bucket delete: whether other rules delete more, or sooner. */
import { canonicalJson } from "../canonical";
import { type Comparison, listedOf } from "./comparison";

type Fields = Readonly<Record<string, unknown>>;

interface Expiry {
  /** Which objects, as text; empty for all. */
  readonly scope: string;
  /** Which versions of them: `current`, or `noncurrent` with how many are kept. */
  readonly of: string;
  /** Days, or a date as days since the epoch; no number where it cannot be read. */
  readonly after: number;
  readonly unit: "days" | "date";
}

/** Rules that delete what the rules before did not, or not so soon. */
export function expiresMore(): Comparison {
  return (before, after) => {
    const [was, is] = [expiriesOf(before), expiriesOf(after)];
    if (was === undefined || is === undefined)
      return canonicalJson(before) === canonicalJson(after) ? undefined : UNREAD;
    const sooner = is.filter((expiry) => !was.some((known) => covers(known, expiry)));
    if (sooner.length === 0) return undefined;
    return `to deleting ${sooner.map(describe).join(", ")}, which the rules before did not`;
  };
}

const UNREAD = "to rules that the guard cannot read";

function describe({ scope, of, after, unit }: Expiry): string {
  const when = unit === "date" ? "on a date" : `after ${after} days`;
  return `${of === "current" ? "objects" : "old versions"}${scope === "" ? "" : ` of ${scope}`} ${when}`;
}

/** Whether everything that `more` deletes was deleted by `known` already, and no later. */
function covers(known: Expiry, more: Expiry): boolean {
  const asWide = known.scope === "" || known.scope === more.scope;
  return asWide && known.of === more.of && known.unit === more.unit && known.after <= more.after;
}

function expiriesOf(rules: unknown): Expiry[] | undefined {
  const listed = listedOf(rules);
  if (listed === undefined) return undefined;
  const expiries: Expiry[] = [];
  for (const rule of listed) {
    if (typeof rule !== "object" || rule === null) return undefined;
    expiries.push(...expiriesOfRule(rule as Fields));
  }
  return expiries;
}

/** Both spellings: CloudFormation's flat properties, and the nested blocks of Pulumi's resources. */
function expiriesOfRule(rule: Fields): Expiry[] {
  const status = rule["Status"] ?? rule["status"] ?? (rule["enabled"] === false ? "Disabled" : "Enabled");
  if (status === "Disabled") return [];
  const scope = scopeOf(rule);
  const current = blockOf(rule["expiration"]);
  const old = blockOf(rule["NoncurrentVersionExpiration"] ?? rule["noncurrentVersionExpiration"]);
  const keeps = old["NewerNoncurrentVersions"] ?? old["newerNoncurrentVersions"] ?? 0;
  const found: [unknown, "days" | "date", string][] = [
    [rule["ExpirationInDays"] ?? current["days"], "days", "current"],
    [rule["ExpirationDate"] ?? current["date"], "date", "current"],
    [rule["NoncurrentVersionExpirationInDays"], "days", "noncurrent, keeping 0"],
    [old["NoncurrentDays"] ?? old["noncurrentDays"] ?? old["days"], "days", `noncurrent, keeping ${Number(keeps)}`],
  ];
  return found.flatMap(([value, unit, of]) =>
    value === undefined || value === null || value === "" || value === 0
      ? []
      : [{ scope, of, unit, after: unit === "date" ? dayOf(value) : Number(value) }],
  );
}

/** Days since the epoch; no number for what is no date. */
function dayOf(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) / 86_400_000 : Number.NaN;
}

function blockOf(value: unknown): Fields {
  const block: unknown = Array.isArray(value) ? value[0] : value;
  return typeof block === "object" && block !== null ? (block as Fields) : {};
}

const SCOPE_FIELDS = [...["Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "prefix", "tags"]];

function scopeOf(rule: Fields): string {
  const own = SCOPE_FIELDS.map((field) => [field.toLowerCase(), rule[field]] as const);
  const filter = Object.entries(blockOf(rule["filter"]));
  const given = [...own, ...filter].filter(([, value]) => !isBlank(value));
  return given.map(([name, value]) => `${name} ${typeof value === "string" ? value : canonicalJson(value)}`).join(", ");
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isBlank);
}
