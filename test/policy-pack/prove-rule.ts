/**
 * The proof that every rule owes: it is silent on a stack that is right, says one exact thing for one change, treats what
 * is not known as not proven, and says the same through the real pack server. Whether it sees anything in our own stages
 * is proven in pack.test.ts.
 */
import assert from "node:assert/strict";
import { examineResource, examineStack } from "../../policies/core/examine";
import { toText, type Finding } from "../../policies/core/finding";
import { isStackRule, type Rule } from "../../policies/core/rule";
import { isRecord, UNKNOWN, type Properties, type Value } from "../../policies/core/value";
import { sayAbout } from "./real-pack";
import { graphOf, nameOf, stackOf, type Sample } from "./sample";

export interface Case {
  /** Completes "when". */
  readonly when: string;
  /** Name of the sample that is changed. @default "it" */
  readonly of?: string;
  /** Values by path; undefined takes the property out. */
  readonly set?: Readonly<Record<string, Value | undefined>>;
  /** A second sample that is changed with it. */
  readonly also?: Pick<Case, "of" | "set">;
  /** Name of a sample that is taken out. */
  readonly without?: string;
  /** A sample that comes in. */
  readonly add?: Sample;
  readonly protect?: boolean;
  /** The name of another parent; undefined takes the sample out of its parent. */
  readonly parent?: string | undefined;
  /** What the rule then says, word for word, of the IAM engine the names of its checks; nothing where the change is right. */
  readonly says: readonly string[];
}

export interface Proof {
  readonly right: readonly Sample[];
  readonly cases: readonly Case[];
}

export function proveRule(rule: Rule, { right, cases }: Proof): void {
  describe(rule.name, () => {
    it("is silent on a stack that is right", () => assert.deepEqual(findingsIn(rule, right), []));

    it("has a case of what is wrong, and one of what is not known", () => {
      assert.ok(cases.some(({ says }) => says.length > 0));
      const unknown = cases.filter(({ set, also }) => JSON.stringify([set, also], showUnknown).includes(MARK));
      assert.ok(unknown.length > 0, "no case sets a value to UNKNOWN");
    });

    for (const example of cases) {
      const { when, says } = example;
      it(`says ${says.length === 0 ? "nothing" : "so"} when ${when}, and the real server agrees`, async () => {
        const changed = change(right, example);
        const found = findingsIn(rule, changed);
        assert.deepEqual(
          found.map(({ check, message }) => check ?? message),
          says,
        );
        const told = (await sayAbout(graphOf(changed))).filter(({ policy }) => policy === rule.name);
        assert.deepEqual(
          told.map(({ text, level, severity, urn }) => ({ text, level, severity, urn })),
          found.map((finding) => ({
            text: toText(finding),
            level: "mandatory",
            severity: finding.severity,
            urn: finding.urn,
          })),
        );
      });
    }
  });
}

export function findingsIn(rule: Rule, samples: readonly Sample[]): Finding[] {
  const stack = stackOf(samples);
  if (isStackRule(rule)) return examineStack(rule, stack);
  return stack.resources.flatMap((resource) => examineResource(rule, resource));
}

function change(samples: readonly Sample[], { also, without, add, ...own }: Case): Sample[] {
  const remaining = samples.filter((sample) => nameOf(sample) !== without);
  assert.equal(remaining.length, samples.length - (without === undefined ? 0 : 1), `no sample is named ${without}`);
  const changes = also === undefined ? [own] : [own, also];
  const changed = changes.reduce(changeOne, remaining);
  return add === undefined ? changed : [...changed, add];
}

function changeOne(samples: readonly Sample[], change: Partial<Case>): Sample[] {
  const { of = "it", set = {}, protect } = change;
  const isMoved = "parent" in change;
  const isChange = Object.keys(set).length > 0 || protect !== undefined || isMoved;
  assert.ok(!isChange || samples.some((sample) => nameOf(sample) === of), `no sample is named ${of}`);
  return samples.map((sample) => {
    if (!isChange || nameOf(sample) !== of) return sample;
    const properties = Object.entries(set).reduce(
      (changed, [path, value]) => put(changed, path.match(/[^.[\]]+/g) ?? [], value) as Properties,
      sample.properties,
    );
    const { parent: before, ...rest } = sample;
    const parent = isMoved ? change.parent : before;
    return {
      ...rest,
      properties,
      ...(parent === undefined ? {} : { parent }),
      ...(protect === undefined ? {} : { protect }),
    };
  });
}

const MARK = "(unknown)";

function showUnknown(_: string, value: Value): unknown {
  return value === UNKNOWN ? MARK : value;
}

function put(node: Value | undefined, [step, ...rest]: readonly string[], value: Value | undefined): Value | undefined {
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const items = [...(node as readonly Value[])];
    items[Number(step)] = put(items[Number(step)], rest, value) ?? null;
    return items;
  }
  const record = isRecord(node) ? node : {};
  const { [step]: old, ...others } = record;
  const next = put(old, rest, value);
  return next === undefined ? others : { ...others, [step]: next };
}
