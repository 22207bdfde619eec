/**
 * The digest names a change: the same for the same change however it was written down, another for any other.
 * Does not prove that SHA-256 has no collisions.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "./canonical";
import { changeSetCases, changeSetPage, type Fields, previewCases } from "./corpus/corpus";
import { added } from "./corpus/factories";
import { judge } from "./judge";
import { readChangeSet } from "./cloudformation/read-change-set";
import { readPreview } from "./pulumi/read-preview";

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, random));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [random(), key, shuffled(inner, random)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, key, inner]) => [key, inner]));
}

const seed = fc.integer({ min: 1, max: 2 ** 30 });

/** Park and Miller's generator: enough for another order. */
function generator(start: number): () => number {
  let value = start;
  return () => (value = (value * 48_271) % 2_147_483_647);
}

describe("the digest of a change", () => {
  const sets = changeSetCases().map(({ pages }) => pages);
  const previews = previewCases().map(({ preview }) => preview);

  it("does not depend on the order of keys and pages, and neither does the verdict", () => {
    const property = fc.property(fc.constantFrom(...sets), seed, (pages, start) => {
      const random = generator(start);
      const order = pages.map((page) => [random(), shuffled(page, random)] as const).sort(([a], [b]) => a - b);
      const one = judge(readChangeSet(pages));
      const other = judge(readChangeSet(order.map(([, page]) => page)));
      assert.equal(one.digest, other.digest);
      assert.deepEqual(one.findings, other.findings);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("does not depend on where the changes are cut into pages", () => {
    const changes = Array.from({ length: 12 }, (_, n) => added(`T${n}`, "AWS::SNS::Topic"));
    const whole = readChangeSet([changeSetPage(changes)]).digest;
    const property = fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 11 })), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), 12];
      const pages = edges.slice(1).map((end, index) => {
        const next = end === 12 ? {} : { NextToken: `to ${end}` };
        return changeSetPage(changes.slice(edges[index], end), next);
      });
      assert.equal(readChangeSet(pages).digest, whole);
    });
    fc.assert(property);
  });

  it("does not depend on the order of keys and of resources in a preview, nor on how long it took", () => {
    const property = fc.property(fc.constantFrom(...previews), seed, (preview, start) => {
      const random = generator(start);
      // Steps of one resource keep their order, which says what goes first.
      const urns = [...new Set(preview.steps.map(({ urn }) => urn))].map((urn) => [random(), urn] as const);
      const order = urns.sort(([a], [b]) => a - b).map(([, urn]) => urn);
      const steps = order.flatMap((urn) => preview.steps.filter((step) => step["urn"] === urn));
      const other = { ...(shuffled({ ...preview, steps }, random) as Fields), duration: random() };
      const [a, b] = [judge(readPreview(JSON.stringify(preview))), judge(readPreview(JSON.stringify(other)))];
      assert.equal(a.digest, b.digest);
      assert.deepEqual(a.findings, b.findings);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("depends on which of two steps of a resource comes first", () => {
    const replaced = previewCases().find(({ name }) => name === "a stream is deleted before its successor is made");
    assert.ok(replaced !== undefined);
    const reversed = { ...replaced.preview, steps: [...replaced.preview.steps].reverse() };
    const digests = [replaced.preview, reversed].map((preview) => readPreview(JSON.stringify(preview)).digest);
    assert.notEqual(digests[0], digests[1]);
  });

  it("does not depend on what a preview of a new resource draws at random, nor on when a state was written", () => {
    const property = fc.property(drawn, drawn, (one, other) => {
      assert.equal(digestOfNew({ name: `news-${one}` }), digestOfNew({ name: `news-${other}` }));
      assert.equal(digestOfNew({ name: `news-${one}`, modified: "now" }), digestOfNew({ name: `news-${one}` }));
      // A name that the program gives is another name, whatever it looks like.
      const given = (name: string): string => digestOfNew({ name, filledIn: [] });
      assert.equal(given(`news-${one}`) === given(`news-${other}`), one === other);
      // What exists keeps its name: another one is another resource.
      const existing = (name: string): string => digestOfNew({ name, before: name });
      assert.equal(existing(`news-${one}`) === existing(`news-${other}`), one === other);
    });
    fc.assert(property);
  });

  it("is another for every change of the corpus", () => {
    const digests = [
      ...sets.map((pages) => readChangeSet(pages).digest),
      ...previews.map((preview) => readPreview(JSON.stringify(preview)).digest),
    ];
    const inputs = [...sets.map(canonicalOfPages), ...previews.map((preview) => canonicalJson(preview.steps))];
    assert.equal(new Set(digests).size, new Set(inputs).size);
    for (const digest of digests) assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  });

  it("is another for any value that changes", () => {
    const property = fc.property(fc.string(), fc.string(), (a, b) => {
      const digestWith = (Description: string): string =>
        readChangeSet([
          changeSetPage([added("T", "AWS::SNS::Topic", { AfterContext: JSON.stringify({ Description }) })]),
        ]).digest;
      assert.equal(digestWith(a) === digestWith(b), a === b);
    });
    fc.assert(property);
  });
});

/** As providers draw it. */
const drawn = fc.integer({ min: 0, max: 16 ** 7 - 1 }).map((number) => number.toString(16).padStart(7, "0"));

/** Of a topic, and of a function that is told its name. */
function digestOfNew(topic: { name: string; before?: string; filledIn?: string[]; modified?: string }): string {
  const { name, before, filledIn = ["name"], modified = "then" } = topic;
  const step = (type: string, logicalName: string, inputs: Fields, old?: Fields): Fields => {
    const urn = `urn:pulumi:dev::shop::${type}::${logicalName}`;
    const state = (given: Fields): Fields => ({ urn, type, custom: true, inputs: given, modified });
    return { op: old ? "same" : "create", urn, newState: state(inputs), ...(old ? { oldState: state(old) } : {}) };
  };
  const inputs = (given: string): Fields => ({ __defaults: filledIn, name: given });
  const steps = [
    step("aws:sns/topic:Topic", "news", inputs(name), before === undefined ? undefined : inputs(before)),
    step("aws:lambda/function:Function", "tell", { environment: { TOPIC: `arn:aws:sns:eu-west-1:1:${name}` } }),
  ];
  return readPreview(JSON.stringify({ steps, changeSummary: { create: steps.length } })).digest;
}

function canonicalOfPages(pages: readonly Fields[]): string {
  return canonicalJson(pages);
}

describe("canonical JSON", () => {
  it("reads back as the value it was made of, without what is undefined", () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    });
    fc.assert(property);
    assert.equal(canonicalJson({ b: 1, a: undefined, A: [null] }), '{"A":[null],"b":1}');
  });
});
