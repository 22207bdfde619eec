/** Auto-naming, as providers do it in Check: a physical name with a random end, kept for the resource's life. */
import { createHash } from "node:crypto";
import { StageError } from "../../../local/diagnostics";
import type { Properties, Value } from "../../../local/graph/value";
import { isRecord, unknown } from "../../../local/graph/value";
import type { WireProperties } from "../../../local/monitor/wire";
import { fingerprint, type AccountFacts, type Declaration, type ResourceModel } from "../../../local/services/model";

/** Properties in which the types of the platform carry their physical name. */
const NAMES = ["name", "bucket"] as const;

/** Where a provider notes which inputs it has filled in itself. Source: pulumi-terraform-bridge, `__defaults`. */
export const DEFAULTS = "__defaults";

export interface Named {
  readonly property: string;
  readonly name: string;
}

/**
 * The physical name a resource gets where its program gives none; nothing for a type without one.
 * @param olds inputs of the resource as it is, which keeps its name
 * @param seed differs from one life of the resource to the next
 */
export function autoName(
  declaration: Declaration,
  model: ResourceModel,
  facts: AccountFacts,
  { olds, seed }: { olds: WireProperties | undefined; seed: Uint8Array },
): Named | undefined {
  const property = NAMES.find((each) => modelledName(declaration, model, facts, each) !== undefined);
  if (property === undefined) return undefined;
  const kept = olds?.[property];
  if (typeof kept === "string" && isAutoNamed(olds, property)) return { property, name: kept };
  const modelled = modelledName(declaration, model, facts, property) ?? "";
  // The model ends a name with digits of the URN, the same in every life; a provider draws them.
  const end = fingerprint(declaration.urn, 7);
  if (!modelled.endsWith(end)) return undefined;
  const drawn = createHash("sha256").update(declaration.urn).update(seed).digest("hex").slice(0, end.length);
  return { property, name: `${modelled.slice(0, -end.length)}${drawn}` };
}

export function isAutoNamed(inputs: WireProperties | undefined, property: string): boolean {
  const defaults = inputs?.[DEFAULTS];
  return Array.isArray(defaults) && defaults.includes(property);
}

/** The property that carries a resource's physical name, given or drawn. */
export function nameProperty(inputs: WireProperties): string | undefined {
  return NAMES.find((property) => inputs[property] !== undefined);
}

function modelledName(
  declaration: Declaration,
  model: ResourceModel,
  facts: AccountFacts,
  property: string,
): string | undefined {
  if (declaration.inputs[property] !== undefined) return undefined;
  try {
    const name = model({ ...declaration, inputs: supposeKnown(declaration.inputs) }, facts).outputs[property];
    return typeof name === "string" ? name : undefined;
  } catch (error) {
    // What the model refuses is refused when the resource is made, where its message has a place.
    if (error instanceof StageError) return undefined;
    throw error;
  }
}

/** A name does not depend on what is not known yet: anything may stand for it. */
function supposeKnown(inputs: Properties): Properties {
  const suppose = (value: Value): Value => {
    if (value === unknown) return "known-later";
    if (Array.isArray(value)) return value.map((item: Value) => suppose(item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, suppose(item)]));
  };
  return suppose(inputs) as Properties;
}
