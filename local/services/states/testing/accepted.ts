/**
 * Holds definitions of tests against asl-validator, an independent reading of the specification. It compiles its schemas
 * at every call, so that many definitions go as the branches of one.
 */
import assert from "node:assert/strict";
import validate from "asl-validator";

interface Definition {
  readonly QueryLanguage?: string;
  readonly StartAt: string;
  readonly States: object;
}

export function expectAccepted(definitions: readonly object[]): void {
  const Branches = definitions.map((definition, index) => {
    const { QueryLanguage = "JSONPath", StartAt, States } = definition as Definition;
    return renamed({ StartAt, States }, index, QueryLanguage);
  });
  const { isValid, errorsText } = validate({
    StartAt: "All",
    States: { All: { Type: "Parallel", Branches, End: true } },
  });
  assert.ok(isValid, isValid ? "" : errorsText("\n"));
}

const TARGETS = ["StartAt", "Next", "Default"];

/** A copy whose states have names of their own, as names are unique in a machine, and all name their language. */
function renamed(value: unknown, index: number, QueryLanguage: string, key = ""): unknown {
  if (typeof value === "string") return TARGETS.includes(key) ? `${index} ${value}` : value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, index, QueryLanguage));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(
    ([name, item]) => [name, renamed(item, index, QueryLanguage, name)] as const,
  );
  if (key !== "States") return Object.fromEntries(members);
  return Object.fromEntries(
    members.map(([name, state]) => [`${index} ${name}`, { QueryLanguage, ...(state as object) }]),
  );
}
