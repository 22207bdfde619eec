/** What the models of keys, topics and queues have in common: ids, names by prefix, and the properties they know. */
import { StageError } from "../../diagnostics";
import { describeResource, optionalText, type Resource } from "../../graph/graph";
import { fingerprint, physicalName, type Declaration } from "../model";

/** Digits that AWS's provider puts behind a prefix: a time and a count; here the URN's fingerprint stands for both. */
const SUFFIX_DIGITS = 26;

/** An id in the form of a UUID that depends on the URN alone. */
export function uuidOf(urn: string): string {
  return fingerprint(urn, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * The physical name: `name`, or `namePrefix` and a suffix, or what auto-naming makes of the logical name.
 * @param allowed what AWS lets a name consist of, in words for the error
 * @throws StageError when the name is not one that AWS takes
 */
export function nameWithin(
  declaration: Declaration,
  { longest, pattern, allowed }: { longest: number; pattern: RegExp; allowed: string },
): string {
  const prefix = optionalText(declaration.inputs, "namePrefix");
  const name =
    prefix === undefined
      ? physicalName(declaration, { longest })
      : `${prefix}${fingerprint(declaration.urn, SUFFIX_DIGITS)}`;
  if (name.length > longest || !pattern.test(name)) {
    throw new StageError(`name ${name}: allowed are 1 to ${longest} of ${allowed}; choose another name`);
  }
  return name;
}

/**
 * Refuses a resource that sets a property the stage would silently not act upon; what is switched off sets nothing.
 * @throws StageError naming the resource and the property
 */
export function expectProperties(resource: Resource, modelled: readonly string[]): void {
  for (const [property, value] of Object.entries(resource.inputs)) {
    if (modelled.includes(property) || value === null || value === false) continue;
    throw new StageError(
      `${describeResource(resource)}: the local stage does not model its property ${property}; it models ${modelled.join(", ")}; leave ${property} out`,
    );
  }
}
