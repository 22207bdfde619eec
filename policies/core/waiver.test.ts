/** Waivers on a small stack, and through the pack's own policies. Does not prove that anybody reads the reasons. */
import assert from "node:assert/strict";
import type {
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { roleSamples, STREAM_PATTERN } from "../../test/policy-pack/role-samples";
import { FOREIGN_KEY, key } from "../../test/policy-pack/samples";
import { stackOf, type Sample } from "../../test/policy-pack/sample";
import { accessIsInTheMatrix } from "../rules/iam/access-is-in-the-matrix";
import { topicsUseOurKey } from "../rules/sns/topics-use-our-key";
import { examineAll } from "./examine";
import type { Finding } from "./finding";
import { toPolicies, WAIVERS_HOLD } from "./policy";
import { Stack } from "./resource";
import type { Rule } from "./rule";
import type { Properties } from "./value";
import { judgeWaivers, waiverOf, type Waiver } from "./waiver";

const TOPIC = "aws:sns/topic:Topic";
const NOW = Date.UTC(2026, 10, 27);

const stack = stackOf([key, { type: TOPIC, properties: { kmsMasterKeyId: FOREIGN_KEY } }]);
const findings = examineAll([topicsUseOurKey], stack);

const waiver = (changes: Partial<Waiver> = {}): Waiver => ({
  rule: "sns-topics-use-our-key",
  resource: `${TOPIC}::it`,
  finding: "kmsMasterKeyId",
  reason: "the partner's key is agreed in writing",
  owner: "platform@example.com",
  expires: "2027-03-31",
  ...changes,
});

const complaints = (changes: Partial<Waiver>, found: readonly Finding[] = findings, on: Stack = stack): string[] =>
  judgeWaivers(WAIVERS_HOLD, on, { waivers: [waiver(changes)], findings: found, now: NOW }).map(
    ({ message }) => message,
  );

describe("A waiver", () => {
  it("covers exactly one finding until its last day is over", () => {
    const [finding] = findings;
    const resource = stack.ofType(TOPIC)[0];
    if (finding === undefined || resource === undefined) return assert.fail();
    const covered = (changes: Partial<Waiver>, now = NOW): boolean =>
      waiverOf(finding, resource, [waiver(changes)], now) !== undefined;
    assert.ok(covered({}));
    assert.ok(covered({}, Date.UTC(2027, 2, 31, 23, 59)));
    assert.ok(!covered({}, Date.UTC(2027, 3, 1)));
    for (const changes of [
      { rule: "sqs-queues-use-our-key" },
      { resource: `${TOPIC}::other` },
      { finding: "displayName" },
      { statement: "Publish" },
    ]) {
      assert.ok(!covered(changes), JSON.stringify(changes));
    }
    assert.deepEqual(complaints({}), []);
  });

  const wrong: readonly (readonly [changes: Partial<Waiver>, says: string])[] = [
    [{ expires: "2026-11-26" }, "expired on 2026-11-26; mend the finding, or renew the waiver with a new reason"],
    [{ expires: "2028-01-01" }, "must expire within a year, got 2028-01-01"],
    [{ expires: "2027-02-30" }, 'must expire on a day such as 2027-03-31, got "2027-02-30"'],
    [{ reason: "legacy" }, 'must say why in at least 20 characters, got "legacy"'],
    [{ owner: " " }, "must name its owner, got nothing"],
  ];
  for (const [changes, says] of wrong) {
    it(`is a finding itself when it ${says.split(/[;,]/)[0]}, and then covers nothing`, () => {
      assert.deepEqual(complaints(changes), [`the waiver of sns-topics-use-our-key ${says}`]);
      const [finding] = findings;
      const resource = stack.ofType(TOPIC)[0];
      if (finding === undefined || resource === undefined) return assert.fail();
      assert.equal(waiverOf(finding, resource, [waiver(changes)], NOW), undefined);
    });
  }

  it("is a finding when it matches nothing, or names more than it needs", () => {
    assert.deepEqual(complaints({ finding: "displayName" }), [
      "the waiver of sns-topics-use-our-key matches no finding; remove it",
    ]);
    assert.deepEqual(complaints({ finding: "*" }), [
      "the waiver of sns-topics-use-our-key matches no finding; remove it",
    ]);
    assert.deepEqual(complaints({ actions: ["sns:*"] }), [
      "the waiver of sns-topics-use-our-key must name exactly what it covers, got sns:*",
      "the waiver of sns-topics-use-our-key allows more than was found: remove sns:*",
    ]);
    assert.deepEqual(complaints({ resource: `${TOPIC}::gone` }), [], "another stage may have it");
  });

  it("names actions: a new one is a new finding, one too many is a finding", () => {
    const [plain] = findings;
    if (plain === undefined) return assert.fail();
    const found = [{ ...plain, statement: "Publish", actions: ["sns:Publish"] }];
    const at = { statement: "Publish" };
    assert.deepEqual(complaints({ ...at, actions: ["sns:Publish"] }, found), []);
    assert.deepEqual(complaints({ ...at, actions: ["sns:Publish", "sns:Subscribe"] }, found), [
      "the waiver of sns-topics-use-our-key allows more than was found: remove sns:Subscribe",
    ]);
    assert.deepEqual(complaints({ ...at, actions: ["sns:Subscribe"] }, found), [
      "the waiver of sns-topics-use-our-key matches no finding; remove it",
    ]);
  });

  it("covers no second resource of the same name", () => {
    const [, topic] = stack.resources;
    if (topic === undefined) return assert.fail();
    const twice = new Stack([...stack.resources, { ...topic, urn: `${topic.urn}2` }]);
    assert.deepEqual(complaints({}, findings, twice), [
      "the waiver of sns-topics-use-our-key covers 2 resources of that name; give them different names",
    ]);
  });
});

describe("The pack's policies", () => {
  interface Pack {
    readonly rules?: readonly Rule[];
    readonly waivers: readonly Waiver[];
    /** What the stage set for rules, by their names. */
    readonly configs?: Readonly<Record<string, Properties>>;
  }

  /** What the policies tell the engine of a stack: of each resource first, then of the whole, as the SDK asks them. */
  const tell = async (samples: readonly Sample[], { rules = [topicsUseOurKey], waivers, configs = {} }: Pack) => {
    const told: { message: string; enforcementLevel?: string }[] = [];
    const report = ((violation: unknown) =>
      told.push(violation as (typeof told)[number])) as unknown as ReportViolation;
    const resources = stackOf(samples).resources.map(
      ({ urn, type, name, properties }) =>
        ({ urn, type, name, props: properties, opts: {}, propertyDependencies: {} }) as unknown as PolicyResource,
    );
    const policies = toPolicies({ rules, waivers, now: () => NOW });
    const askedOf = ({ name }: Policy) => ({ getConfig: () => configs[name] ?? {}, notApplicable: () => undefined });
    for (const policy of policies) {
      const { validateResource } = policy as ResourceValidationPolicy;
      if (typeof validateResource !== "function") continue;
      for (const resource of resources) await validateResource({ ...resource, ...askedOf(policy) } as never, report);
    }
    for (const policy of policies) {
      const { validateStack } = policy as StackValidationPolicy;
      await validateStack?.({ resources, stackTags: new Map(), ...askedOf(policy) } as never, report);
    }
    return told;
  };
  const samples = [key, { type: TOPIC, properties: { kmsMasterKeyId: FOREIGN_KEY } }];

  it("tell a waived finding as a note, with who waived it and why", async () => {
    const [told, ...others] = await tell(samples, { waivers: [waiver()] });
    assert.deepEqual(others, []);
    assert.equal(told?.enforcementLevel, "advisory");
    assert.match(
      told?.message ?? "",
      /\nwaived: until 2027-03-31 by platform@example\.com: the partner's key is agreed in writing$/,
    );
  });

  it("tell it in full when the waiver has expired, and tell of the waiver", async () => {
    const told = await tell(samples, { waivers: [waiver({ expires: "2026-01-01" })] });
    assert.deepEqual(
      told.map(({ message, enforcementLevel }) => [message.split("\n")[0]?.slice(0, 54), enforcementLevel]),
      [
        ["kmsMasterKeyId must be the ARN of a key of this stack,", undefined],
        ["the waiver of sns-topics-use-our-key expired on 2026-0", undefined],
      ],
    );
  });

  it("hold a waiver against what its rule finds under the stage's own settings", async () => {
    const ofBeacons: Waiver = {
      ...waiver({ rule: accessIsInTheMatrix.name, resource: "clickstream:iam:Role::beacons" }),
      ...{ finding: STREAM_PATTERN, statement: "WriteInput", actions: ["kinesis:PutRecord"] },
    };
    const pack = { rules: [accessIsInTheMatrix], waivers: [ofBeacons] };
    const toldWith = async (matrix: string) =>
      (await tell(roleSamples, { ...pack, configs: { [accessIsInTheMatrix.name]: { matrix } } })).map(
        ({ message, enforcementLevel }) => [message.split("\n")[0], enforcementLevel],
      );
    const fresh = `beacons gets kinesis:PutRecord on ${STREAM_PATTERN}, which the committed matrix does not list`;
    assert.deepEqual(await toldWith("../stacks/release-iam-matrix.txt"), [[fresh, "advisory"]]);
    assert.deepEqual(await toldWith("../stacks/iam-matrix.txt"), [
      ["the waiver of iam-access-is-in-the-matrix matches no finding; remove it", undefined],
    ]);
  });
});
