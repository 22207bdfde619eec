/**
 * Random updates of random items, against a naive model that changes a copy, one action after the other.
 * Does not prove: places deeper than two levels of maps, or lists within lists (update.test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { AttributeValue, Item } from "../value/attribute-value";
import { Placeholders } from "./placeholders";
import { updatedItem } from "./update";
import { readUpdate } from "./update-parser";

const KEY: Item = { id: { S: "k" } };
const N = (number: number): AttributeValue => ({ N: String(number) });

function update(item: Item, text: string, values: Record<string, AttributeValue> | undefined): Item | undefined {
  return updatedItem({ ...KEY, ...item }, KEY, readUpdate(text, new Placeholders(undefined, values)));
}

describe("Update and its naive model", () => {
  it("agree on any update of any item", () => {
    fc.assert(
      fc.property(items, updates, (item, actions) => {
        const { text, values } = render(actions);
        let expected: Item | undefined;
        try {
          expected = naiveUpdate(item, actions);
        } catch {
          assert.throws(() => update(item, text, values), { code: "ValidationException" }, text);
          return;
        }
        assert.deepEqual(update(item, text, values), { ...KEY, ...expected }, text);
      }),
      { numRuns: 2000 },
    );
  });
});

type Step = string | number;
interface Action {
  readonly path: readonly Step[];
  readonly kind: "SET" | "COPY" | "SUM" | "REMOVE" | "ADD" | "DELETE";
  readonly value: AttributeValue;
}

const PATHS: readonly (readonly Step[])[] = [
  ["a"],
  ["b"],
  ["c"],
  ["m", "x"],
  ["m", "y", "deep"],
  ["l", 0],
  ["l", 1],
  ["l", 5],
  ["l", 9],
];
const smallNumber = fc.integer({ min: -3, max: 3 }).map((each): AttributeValue => N(each));
const smallSet = fc.uniqueArray(fc.constantFrom("x", "y", "z"), { minLength: 1 }).map((SS): AttributeValue => ({ SS }));
const leaf = fc.oneof(smallNumber, smallSet, fc.constant<AttributeValue>({ S: "text" }));
const items: fc.Arbitrary<Item> = fc
  .record(
    {
      a: leaf,
      b: leaf,
      m: fc.oneof(
        leaf,
        fc
          .record({ x: leaf, y: leaf.map((deep) => ({ M: { deep } })) }, { requiredKeys: [], noNullPrototype: true })
          .map((M) => ({ M })),
      ),
      l: fc.oneof(
        leaf,
        fc.array(leaf, { maxLength: 3 }).map((all) => ({ L: all })),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((item) => item as Item);
const updates: fc.Arbitrary<Action[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom(...PATHS),
      fc.constantFrom("SET", "COPY", "SUM", "REMOVE", "ADD", "DELETE"),
      smallNumber,
      smallSet,
      fc.boolean(),
    )
    .map(([path, kind, number, set, addsSet]): Action => ({
      path,
      kind: kind,
      value: kind === "DELETE" || (kind === "ADD" && addsSet) ? set : number,
    })),
  { selector: ({ path }) => path.join(), minLength: 1, maxLength: 5 },
);

function render(actions: readonly Action[]): { text: string; values: Record<string, AttributeValue> | undefined } {
  const values: Record<string, AttributeValue> = {};
  const sections = new Map<string, string[]>();
  for (const [index, { path, kind, value }] of actions.entries()) {
    const slot = `:v${index}`;
    if (kind !== "REMOVE" && kind !== "COPY") values[slot] = value;
    const place = path
      .map((step, depth) => (typeof step === "number" ? `[${step}]` : depth === 0 ? step : `.${step}`))
      .join("");
    const [section, text] = {
      SET: ["SET", `${place} = ${slot}`],
      COPY: ["SET", `${place} = a`],
      SUM: ["SET", `${place} = if_not_exists(b, ${slot}) - ${slot}`],
      REMOVE: ["REMOVE", place],
      ADD: ["ADD", `${place} ${slot}`],
      DELETE: ["DELETE", `${place} ${slot}`],
    }[kind] as [string, string];
    sections.set(section, [...(sections.get(section) ?? []), text]);
  }
  const text = [...sections].map(([section, parts]) => `${section} ${parts.join(", ")}`).join(" ");
  return { text, values: Object.keys(values).length === 0 ? undefined : values };
}

type Loose = { [step: Step]: unknown };

function naiveUpdate(before: Item, actions: readonly Action[]): Item {
  const after = JSON.parse(JSON.stringify(before)) as Loose;
  const appended: { list: unknown[]; index: number; value: unknown }[] = [];
  const removed = new Set<unknown>();
  for (const { path, kind, value } of actions) {
    const steps = [...path];
    const last = steps.pop() as Step;
    const parent = steps.reduce<Loose>((place, step) => inside(place)[step] as Loose, { M: after });
    const holder = inside(parent);
    if (Array.isArray(holder) !== (typeof last === "number")) throw new Error("misplaced");
    const old = holder[last] as Loose | undefined;
    const result = naiveResult(kind, old, value, before);
    if (Array.isArray(holder) && old === undefined) {
      if (result !== undefined) appended.push({ list: holder, index: last as number, value: result });
    } else if (Array.isArray(holder) && result === undefined) removed.add(old);
    else if (result === undefined) delete holder[last];
    else holder[last] = result;
  }
  const list = (after["l"] as Loose | undefined)?.["L"] as unknown[] | undefined;
  if (list === undefined) return after as Item;
  const kept = list.filter((each) => !removed.has(each));
  const behind = appended.sort((one, other) => one.index - other.index).map(({ value }) => value);
  return { ...after, l: { L: [...kept, ...behind] } } as Item;
}

function inside(place: Loose | undefined): Loose {
  const content = (place?.["M"] ?? place?.["L"]) as Loose | undefined;
  if (content === undefined) throw new Error("misplaced");
  return content;
}

function naiveResult(kind: Action["kind"], old: Loose | undefined, value: AttributeValue, before: Item): unknown {
  const amount = value as Loose;
  switch (kind) {
    case "SET":
      return value;
    case "REMOVE":
      return undefined;
    case "COPY":
      if (before["a"] === undefined) throw new Error("absent");
      return structuredClone(before["a"]);
    case "SUM": {
      const left = (before["b"] ?? value) as Loose;
      if (left["N"] === undefined) throw new Error("mistyped");
      return N(Number(left["N"]) - Number(amount["N"]));
    }
    case "ADD":
      if (old === undefined) return value;
      if (amount["N"] !== undefined && old["N"] !== undefined) return N(Number(old["N"]) + Number(amount["N"]));
      if (amount["SS"] !== undefined && old["SS"] !== undefined) {
        return { SS: [...new Set([...(old["SS"] as string[]), ...(amount["SS"] as string[])])] };
      }
      throw new Error("mistyped");
    case "DELETE": {
      if (old === undefined) return undefined;
      if (old["SS"] === undefined) throw new Error("mistyped");
      const left = (old["SS"] as string[]).filter((each) => !(amount["SS"] as string[]).includes(each));
      return left.length === 0 ? undefined : { SS: left };
    }
  }
}
