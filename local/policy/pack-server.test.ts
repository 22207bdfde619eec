/**
 * A policy pack as a process, asked as the engine asks it: a pack of a few lines, written for the test. What our own pack
 * says is proven beside its rules; that the real engine asks the same, in engines/.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { Graph, type Resource } from "../graph/graph";
import { Asset, unknown, type Properties } from "../graph/value";
import { receive } from "../monitor/wire";
import { PackServer } from "./pack-server";
import { send } from "./wire";

const PACK = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("small", { enforcementLevel: "mandatory", policies: [
  {
    name: "has-name", description: "It has a name.", severity: "high", remediationSteps: "name it", url: "https://x.example",
    validateResource: ({ props, type }, report) => {
      if (type === "test:Thing" && props.label === undefined) report("it has no label");
    },
    remediateResource: ({ props, type }) => type === "test:Thing" && props.label === undefined ? { ...props, label: "given" } : undefined,
  },
  {
    name: "is-wired", description: "Each link knows its thing.",
    validateStack: ({ resources }, report) => {
      for (const each of resources.filter((one) => one.type === "test:Link")) {
        const [thing] = each.propertyDependencies.to ?? [];
        report(thing.props.label + " " + each.opts.protect + " " + each.parent.name + " " + each.provider.props.region, each.urn);
      }
    },
  },
]});
`;

const STACK = "urn:pulumi:test::p::pulumi:pulumi:Stack::p-test";

function graph(label?: string): Graph {
  const made = new Graph("p", "test");
  const plain: Omit<Resource, "urn" | "type" | "name"> = {
    kind: "custom",
    parent: undefined,
    id: "1",
    inputs: {},
    outputs: {},
    secrets: [],
    secretOutputs: [],
    wiring: {},
    source: undefined,
    options: {
      protect: false,
      retainOnDelete: false,
      deleteBeforeReplace: false,
      ignoreChanges: [],
      replaceOnChanges: [],
      dependsOn: [],
      aliases: [],
      provider: undefined,
      deletedWith: undefined,
      importId: undefined,
    },
  };
  const of = (type: string, name: string): Pick<Resource, "urn" | "type" | "name"> => ({
    urn: `urn:pulumi:test::p::${type}::${name}`,
    type,
    name,
  });
  const provider = of("pulumi:providers:aws", "aws");
  const thing = of("test:Thing", "thing");
  const properties: Properties = label === undefined ? {} : { label };
  made.set({ ...plain, urn: STACK, type: "pulumi:pulumi:Stack", name: "p-test", kind: "component" });
  made.set({ ...plain, ...provider, inputs: { region: "eu-west-1" }, parent: STACK });
  made.set({ ...plain, ...thing, inputs: properties, outputs: properties, parent: STACK });
  made.set({
    ...plain,
    ...of("test:Link", "link"),
    inputs: { to: "thing" },
    outputs: { to: "thing" },
    wiring: { to: [thing.urn] },
    parent: thing.urn,
    options: { ...plain.options, protect: true, provider: `${provider.urn}::1` },
  });
  return made;
}

describe("A policy pack", function () {
  this.timeout(120_000);
  let folder: string;
  let server: PackServer | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pack-"));
    symlinkSync(resolve(__dirname, "../../node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "small", version: "1.2.3", main: "main.js" }));
  });
  afterEach(() => {
    server?.close();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (text = PACK): Promise<PackServer> => {
    writeFileSync(join(folder, "main.js"), text);
    return (server = await PackServer.start(folder));
  };

  it("says what is in it, and judges resources by inputs and the stack by outputs, options and wiring", async () => {
    const pack = await start();
    assert.deepEqual(
      (await pack.policies()).map(({ name, kind, level, severity, fix }) => [name, kind, level, severity, fix]),
      [
        ["has-name", "resource", "mandatory", "high", "name it"],
        ["is-wired", "stack", "mandatory", "unspecified", ""],
      ],
    );
    const { diagnostics } = await pack.judge(graph());
    assert.deepEqual(
      diagnostics.map(({ policy, level, urn, text }) => [policy, level, urn.split("::").at(-1), text]),
      [
        ["has-name", "mandatory", "thing", "It has a name.\nit has no label"],
        ["is-wired", "mandatory", "link", "Each link knows its thing.\nundefined true thing eu-west-1"],
      ],
    );
    assert.deepEqual((await pack.judge(graph("named"))).diagnostics.length, 1);
  });

  it("is configured: levels by policy over all, and what is remediated is judged as it then is", async () => {
    const pack = await start();
    await pack.configure({ all: "advisory", "has-name": { enforcementLevel: "remediate" } });
    const { diagnostics, remediations } = await pack.judge(graph());
    assert.deepEqual(
      diagnostics.map(({ policy, level, text }) => [policy, level, text.split("\n")[1]]),
      [["is-wired", "advisory", "given true thing eu-west-1"]],
    );
    assert.deepEqual(
      remediations.map(({ policy, inputs }) => [policy, inputs]),
      [["has-name", { label: "given" }]],
    );
    await pack.configure({ all: "disabled" });
    assert.deepEqual(await pack.judge(graph()), { diagnostics: [], remediations: [] });
  });

  it("refuses a configuration of policies or levels that there are not", async () => {
    const pack = await start();
    await assert.rejects(pack.configure({ "has-nmae": "advisory" }), /the pack has no policy has-nmae: remove it/);
    await assert.rejects(
      pack.configure({ "has-name": "optional" as never }),
      /a level must be advisory, mandatory, disabled, remediate, got "optional"/,
    );
  });

  it("that does not start says why, and a policy that fails says where", async () => {
    await assert.rejects(
      start(`throw new Error("broken on purpose");`),
      /the policy pack in .* ended with status 1: .*broken on purpose/s,
    );
    const pack = await start(`const { PolicyPack } = require("@pulumi/policy");
      new PolicyPack("small", { policies: [{ name: "x", description: "X.", validateStack: () => { throw new Error("lost"); } }] });`);
    await assert.rejects(pack.judge(graph()), /the policy pack failed: .*policy 'x'.*lost/s);
  });
});

describe("Properties on their way to a policy", () => {
  it("arrive as they were, with secrets where they were, unknown values and assets", () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const { properties } = fc.letrec<{ value: unknown; properties: Record<string, unknown> }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.boolean(),
        fc.integer(),
        fc.constant("text"),
        fc.constant(unknown),
        fc.constant(Asset.text("x")),
        fc.constant(Asset.folder("/y")),
        fc.array(tie("value"), { maxLength: 3 }),
        tie("properties"),
      ),
      properties: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(properties, (each) => {
        const secret = Object.keys(each).slice(0, 1);
        assert.deepEqual(receive(send(each as Properties, secret)), { properties: each, secrets: secret });
      }),
    );
  });
});
