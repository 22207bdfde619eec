/** What a program may declare of a resource that runs here: anything else would be done by halves, so it is refused. */
import { StageError } from "../../diagnostics";
import { describeResource, type Resource } from "../../graph/graph";
import type { Properties } from "../../graph/value";

/** Properties that change nothing in how a resource runs. */
const HARMLESS = ["tags", "skipDestroy", "forceDestroy", "deletionProtectionEnabled"];

/** @throws StageError naming the resource and each property that the stage would not honour */
export function expectOnly(resource: Resource, properties: readonly string[]): void {
  const unknown = Object.keys(resource.inputs).filter((each) => ![...properties, ...HARMLESS].includes(each));
  if (unknown.length === 0) return;
  throw new StageError(
    `${describeResource(resource)}: the local stage does not model ${unknown.join(", ")} of ${resource.type}; it runs ${properties.join(", ")}: leave the others out, or model them in local/services`,
  );
}

/** @throws StageError that says what is wrong with the resource */
export function refuse(resource: Resource, reason: string): never {
  throw new StageError(`${describeResource(resource)}: ${reason}`);
}

/** A property that must be a list of texts by now; none when it is absent. */
export function textsOf(properties: Properties, name: string): string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) {
    throw new StageError(`property ${name} must be a list of texts`);
  }
  return [...(value as readonly string[])];
}
