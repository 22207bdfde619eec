/**
 * Inputs that are broken at random: there is a verdict or a clear error, never a crash, and never "safe" where a second,
 * naive judge sees destruction.
 * Does not prove that the guard is right about inputs in which the naive judge sees nothing.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ChangeInputError } from "./change-input-error";
import { changeSetCases, eventsOf, previewCases, type PreviewCase } from "./corpus/corpus";
import { seesDestructionInPages, seesDestructionInPreview } from "./corpus/naive-judge";
import { judge } from "./judge";
import { readChangeSet } from "./cloudformation/read-change-set";
import { readPreview } from "./pulumi/read-preview";

/** What takes the place of a value: words of the formats, and things that do not belong there. */
const WORDS: readonly unknown[] = [
  ...["Add", "Remove", "Modify", "Import", "Dynamic", "SyncWithActual", "True", "False", "Conditional", "Delete"],
  ...["Retain", "ReplaceAndDelete", "ReplaceAndRetain", "Static", "Never", "Always", "Conditionally", "Properties"],
  ...["same", "create", "update", "delete", "replace", "create-replacement", "delete-replaced", "import", "read"],
  ...["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Kinesis::Stream", "AWS::ApiGateway::Deployment", "", "x"],
  ...["[secret]", "{{changeSet:KNOWN_AFTER_APPLY}}", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", '{"Properties":', "{}"],
  ...[null, true, false, 0, -1, 1, 24, 1e9, [], {}, [[]], [null], { a: 1 }],
];

interface Mutation {
  /** Which place, out of all places of the input. */
  readonly at: number;
  readonly how: "replace" | "remove" | "repeat" | "reverse" | "add";
  readonly word: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom("replace", "replace", "remove", "repeat", "reverse", "add"),
  word: fc.constantFrom(...WORDS),
});

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function placesOf(value: unknown, places: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return places;
  for (const [key, inner] of Object.entries(value)) {
    places.push({ parent: value as Place["parent"], key });
    placesOf(inner, places);
  }
  return places;
}

function mutate(input: unknown, mutations: readonly Mutation[]): unknown {
  const copy = structuredClone(input);
  for (const { at, how, word } of mutations) {
    const places = placesOf(copy);
    const place = places[at % Math.max(1, places.length)];
    if (place !== undefined) apply(place, how, structuredClone(word));
  }
  return copy;
}

function apply({ parent, key }: Place, how: Mutation["how"], word: unknown): void {
  const fields = parent as Record<string, unknown>;
  switch (how) {
    case "replace":
      fields[key] = word;
      return;
    case "remove":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete fields[key];
      return;
    case "repeat":
      if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
      return;
    case "reverse":
      if (Array.isArray(parent)) parent.reverse();
      return;
    case "add":
      if (Array.isArray(parent)) parent.push(word);
      else fields[`Strange${key}`] = word;
  }
}

/** @returns whether the input was called safe */
function isCalledSafe(judgeIt: () => { verdict: "safe" | "refused" }): boolean {
  try {
    return judgeIt().verdict === "safe";
  } catch (error) {
    assert.ok(error instanceof ChangeInputError, error instanceof Error ? error.stack : String(error));
    assert.match(error.message, /: got .+, allowed .+/s);
    return false;
  }
}

/** Twice: once for each engine. */
const RUNS = 5_000;

describe("ten thousand broken inputs", () => {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });

  it("never crash the guard, nor make it call a destructive change set safe", () => {
    const sets = changeSetCases().map(({ pages }) => pages);
    const seen = { safe: 0, destructive: 0 };
    const property = fc.property(fc.constantFrom(...sets), mutations, (pages, changes) => {
      const broken = mutate(pages, changes);
      const safe = isCalledSafe(() => judge(readChangeSet(Array.isArray(broken) ? broken : [broken])));
      const destructive = seesDestructionInPages(broken);
      seen.safe += Number(safe);
      seen.destructive += Number(destructive);
      assert.ok(!(safe && destructive), JSON.stringify(broken));
    });
    fc.assert(property, { numRuns: RUNS });
    // Broken as they are, there must be enough of both for the property to mean something.
    assert.ok(seen.safe > RUNS / 50 && seen.destructive > RUNS / 50, JSON.stringify(seen));
  });

  it("never crash the guard, nor make it call a destructive preview safe", () => {
    const previews = previewCases().map(({ preview }) => preview);
    const seen = { safe: 0, destructive: 0 };
    const property = fc.property(fc.constantFrom(...previews), mutations, fc.boolean(), (preview, changes, stream) => {
      const broken = mutate(preview, changes) as PreviewCase["preview"];
      const text = stream ? streamOf(broken) : JSON.stringify(broken);
      const safe = text !== undefined && isCalledSafe(() => judge(readPreview(text)));
      const destructive = seesDestructionInPreview(broken);
      seen.safe += Number(safe);
      seen.destructive += Number(destructive);
      assert.ok(!(safe && destructive), text);
    });
    fc.assert(property, { numRuns: RUNS });
    assert.ok(seen.safe > RUNS / 50 && seen.destructive > RUNS / 50, JSON.stringify(seen));
  });

  it("never crash the guard when a text is cut off anywhere", () => {
    const texts = previewCases().flatMap(({ preview }) => [JSON.stringify(preview), eventsOf(preview)]);
    const property = fc.property(
      fc.constantFrom(...texts),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (text, where) => {
        assert.ok(
          !isCalledSafe(() => judge(readPreview(text.slice(0, Math.floor(text.length * where))))) ||
            isWhole(text, where),
        );
      },
    );
    fc.assert(property, { numRuns: 1_000 });
  });
});

/** A stream may lose what comes after its summary. */
function isWhole(text: string, where: number): boolean {
  return text.slice(0, Math.floor(text.length * where)).includes("summaryEvent");
}

/** Some broken documents cannot even be told as a stream. */
function streamOf(preview: PreviewCase["preview"]): string | undefined {
  try {
    return eventsOf(preview);
  } catch {
    return undefined;
  }
}
