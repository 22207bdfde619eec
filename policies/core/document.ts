/** Policy documents inside properties: as text, or as the structure that a component shows while the text is not known. */
import type { Resource, Stack } from "./resource";
import { isRecord, UNKNOWN, valueAt, type Properties, type Value } from "./value";

/**
 * The document in a property. While it is not known, the one that the component around it shows in its place
 * (`resourcePolicy`), with patterns for names that do not exist yet. Unknown when there is neither.
 */
export function documentAt(stack: Stack, resource: Resource, path: string): Value | undefined {
  const value = valueAt(resource.properties, path);
  if (typeof value === "string") return parse(value);
  if (value !== UNKNOWN) return value;
  const shown = valueAt(stack.get(resource.parent)?.properties ?? {}, "resourcePolicy");
  return isRecord(shown) ? shown : UNKNOWN;
}

/** The statements of a document, whether it has one or many. */
export function statementsOf(document: Value | undefined): Properties[] {
  const statements = isRecord(document) ? document["Statement"] : undefined;
  return listOf(statements).filter(isRecord);
}

export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

/** Whether a statement refuses everybody, for every action of the service, what does not come by TLS. */
export function refusesPlainHttp(statement: Properties, actions: readonly string[]): boolean {
  const { Effect, Principal, Action, Condition } = statement;
  const everybody = Principal === "*" || (isRecord(Principal) && listOf(Principal["AWS"]).includes("*"));
  const whole = listOf(Action).some((action) => typeof action === "string" && actions.includes(action));
  const conditions = isRecord(Condition) ? Object.keys(Condition) : [];
  // Any further condition would let something through.
  const byPlainHttp =
    conditions.length === 1 &&
    isRecord(Condition) &&
    isRecord(Condition["Bool"]) &&
    Object.keys(Condition["Bool"]).length === 1 &&
    listOf(Condition["Bool"]["aws:SecureTransport"]).every((value) => value === "false" || value === false);
  return Effect === "Deny" && everybody && whole && byPlainHttp;
}

function parse(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
