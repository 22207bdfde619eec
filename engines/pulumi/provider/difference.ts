/** Diff: which inputs of a resource differ, and which of them cannot be changed in place. */
import { SIGNATURES, type WireProperties, type WireValue } from "../../../local/monitor/wire";
import type { ReplacementFact } from "../../../local/services/model";
import { DEFAULTS, isAutoNamed, nameProperty } from "./naming";

export type DifferenceKind = "add" | "delete" | "update";

export interface Difference {
  /** `tags.Name`, `attributes[0].type`. */
  readonly path: string;
  readonly kind: DifferenceKind;
  readonly replaces: boolean;
}

export function differencesOf(olds: WireProperties, news: WireProperties, fact: ReplacementFact): Difference[] {
  return compare(olds, news, "")
    .filter(({ path }) => !path.startsWith(DEFAULTS))
    .map((difference) => ({ ...difference, replaces: fact.inputs.some((input) => covers(input, difference.path)) }));
}

/**
 * A replacement under the same physical name can only come after the deletion.
 * Source: pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace`.
 */
export function deletesBeforeReplace(olds: WireProperties, news: WireProperties): boolean {
  const property = nameProperty(news);
  return property !== undefined && !isAutoNamed(news, property) && olds[property] === news[property];
}

/** Whether a fact speaks of a path: of it, of what holds it, or of what is in it. Positions in lists do not matter. */
function covers(input: string, path: string): boolean {
  const plain = path.replace(/\[\d+\]/g, "");
  return plain === input || plain.startsWith(`${input}.`) || input.startsWith(`${plain}.`);
}

type Found = Omit<Difference, "replaces">;

function compare(before: WireValue | undefined, after: WireValue | undefined, path: string): Found[] {
  const [one, other] = [plainOf(before), plainOf(after)];
  if (one === undefined) return other === undefined ? [] : [{ path, kind: "add" }];
  if (other === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(one) && Array.isArray(other)) {
    const length = Math.max(one.length, other.length);
    return Array.from({ length }, (_, index) => compare(one[index], other[index], `${path}[${index}]`)).flat();
  }
  if (isPlainRecord(one) && isPlainRecord(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => compare(one[key], other[key], path === "" ? key : `${path}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, kind: "update" }];
}

/** Without its secret's envelope; an asset is known by its hash alone. */
function plainOf(value: WireValue | undefined): WireValue | undefined {
  if (!isPlainRecord(value)) return value;
  switch (value[SIGNATURES.key]) {
    case SIGNATURES.secret:
      return plainOf(value["value"]);
    case SIGNATURES.asset:
    case SIGNATURES.archive:
      return value["hash"] ?? JSON.stringify(value);
    default:
      return value;
  }
}

function isPlainRecord(value: WireValue | undefined): value is Record<string, WireValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
