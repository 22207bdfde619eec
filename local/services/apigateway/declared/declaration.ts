/** Reads an API's resources from the graph, and refuses every setting that the local stage would not honour. */
import { StageError } from "../../../diagnostics";
import { describeResource, type Resource } from "../../../graph/graph";
import { Asset, isRecord, type Properties, type Value } from "../../../graph/value";

/** Settings that change nothing of how an API serves. */
const HARMLESS = ["description", "name", "operationName", "tags", "tagsAll"];

/**
 * Refuses settings that nobody reads; one that is off, empty or absent may stand.
 * @throws StageError
 */
export function refuseUnread(resource: Resource, ...read: readonly string[]): void {
  refuseUnreadIn(resource, resource.inputs, [...read, ...HARMLESS]);
}

export function refuseUnreadIn(resource: Resource, properties: Properties, read: readonly string[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (read.includes(name) || isOff(value)) continue;
    throw new StageError(
      `${describeResource(resource)}: the local stage does not model ${name}; it reads ${read.join(", ")}`,
    );
  }
}

function isOff(value: Value): boolean {
  if (value instanceof Asset) return false;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) ? Object.keys(value).length === 0 : value === null || value === false || value === "";
}

/** Runs something that reads a resource; what is wrong is said with the resource's place. @throws StageError */
export function reading<Result>(resource: Resource, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StageError(`${describeResource(resource)}: ${error.message}`);
  }
}

/** A map of texts; empty when it is absent. @throws StageError */
export function textsOf(properties: Properties, name: string): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(recordOf(properties, name)).map(([key, value]) => {
      if (typeof value !== "string") throw new StageError(`${name} of ${key} must be text`);
      return [key, value];
    }),
  );
}

/** A map of anything; empty when it is absent. @throws StageError */
export function recordOf(properties: Properties, name: string): Properties {
  const value = properties[name] ?? {};
  if (!isRecord(value)) throw new StageError(`${name} must be a map`);
  return value;
}
