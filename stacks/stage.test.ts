/** Configuration of stages. Does not prove that the Pulumi CLI merges the files as stage-files.ts does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { parse } from "yaml";
import { StageConfigurationError } from "./configuration-error";
import { NAMESPACE, readStage, SETTINGS, type Stage } from "./stage";
import { readStageFiles, stageNames } from "./stage-files";
import type { Setting } from "./setting";

const ROOT = join(__dirname, "..");

/** A good configuration with changes; `undefined` takes a key out. */
function configure(changes: Record<string, string | undefined> = {}, extraSecrets: string[] = []): () => Stage {
  const { values, secretKeys } = readStageFiles(ROOT, "dev");
  const merged: Record<string, string> = { ...values };
  for (const [key, value] of Object.entries(changes)) {
    const name = key.includes(":") ? key : `${NAMESPACE}:${key}`;
    if (value === undefined) delete merged[name];
    else merged[name] = value;
  }
  return () =>
    readStage("dev", {
      values: merged,
      secretKeys: [...secretKeys, ...extraSecrets.map((key) => `${NAMESPACE}:${key}`)],
    });
}

function problemsOf(read: () => Stage): string[] {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof StageConfigurationError);
    return error.message.split("\n");
  }
  return [];
}

describe("A stage's configuration", () => {
  for (const name of stageNames(ROOT)) {
    if (name === "release") continue;
    it(`is complete for ${name}, as committed`, () => {
      assert.equal(readStage(name, readStageFiles(ROOT, name)).name, name);
    });
  }

  it("keeps what releases apart from what it releases, by the names of their roles", () => {
    const { values, secretKeys } = readStageFiles(ROOT, "release");
    const shared = { ...values, "clickstream:rolePrefix": "clickstream-" };
    assert.deepEqual(
      problemsOf(() => readStage("release", { values: shared, secretKeys })),
      [
        'stage release: rolePrefix must not begin with clickstream-, as the roles of the stages it releases do: no release may change what releases it; got "clickstream-"; set it with: pulumi config set rolePrefix "release-" --stack release',
      ],
    );
  });

  it("declares every key in Pulumi.yaml with a description, and a default unless the stage must say", () => {
    const { config } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { type?: string; description?: string; default?: unknown; secret?: boolean }>;
    };
    assert.deepEqual(
      Object.keys(config).sort(),
      Object.keys(SETTINGS)
        .map((name) => `${NAMESPACE}:${name}`)
        .sort(),
    );
    for (const [key, { description, default: value, secret = false, type }] of Object.entries(config)) {
      const setting: Setting<unknown> = SETTINGS[key.slice(NAMESPACE.length + 1) as keyof typeof SETTINGS];
      assert.ok(description, key);
      assert.equal(secret, setting.isSecret, key);
      // Pulumi types neither objects nor secrets that may be left out.
      assert.equal(type === undefined, secret || key === `${NAMESPACE}:release`, key);
      if (value === undefined) assert.equal(key, `${NAMESPACE}:alertEmail`);
    }
  });

  it("says in the example of every key what the key accepts", () => {
    for (const [name, setting] of Object.entries(SETTINGS) as [string, Setting<unknown>][]) {
      assert.ok("value" in setting.read(setting.example, true), name);
    }
  });

  it("is refused with everything that is wrong at once, each with the command that mends it", () => {
    const read = configure({
      streamRetention: "400 days",
      inputShards: "0",
      anomalyCutoff: "high",
      alertEmail: undefined,
      streamRetension: "7 days",
    });
    assert.deepEqual(problemsOf(read), [
      `stage dev: streamRetension is no key of this project (${Object.keys(SETTINGS).join(", ")}); remove it with: pulumi config rm streamRetension --stack dev`,
      'stage dev: alertEmail must be an e-mail address, got nothing; set it with: pulumi config set alertEmail "alerts@example.com" --stack dev',
      'stage dev: inputShards must be a whole number 1..200 or "on-demand", got "0"; set it with: pulumi config set inputShards "2" --stack dev',
      'stage dev: streamRetention must be "24 hours".."365 days", got "400 days"; set it with: pulumi config set streamRetention "7 days" --stack dev',
      'stage dev: anomalyCutoff must be 0.1..10, got "high"; set it with: pulumi config set anomalyCutoff "2" --stack dev',
    ]);
  });

  it("takes secrets as secrets only, and never repeats one", () => {
    const { values } = readStageFiles(ROOT, "dev");
    const plain = (): Stage =>
      readStage("dev", {
        values: { ...values, [`${NAMESPACE}:alertPhone`]: "+15551234567" },
        secretKeys: [`${NAMESPACE}:dataGeneratorPassword`],
      });
    assert.deepEqual(problemsOf(plain), [
      'stage dev: alertPhone must be kept encrypted, got a plain value; set it with: pulumi config set --secret alertPhone "+15550100000" --stack dev',
    ]);
    const [problem = ""] = problemsOf(configure({ alertPhone: "555 my secret" }));
    assert.match(problem, /^stage dev: alertPhone must be a phone number in international form, got something else;/);
    assert.doesNotMatch(problem, /my secret/);
  });

  it("shows a secret only to whoever asks for it", () => {
    const { alertPhone } = configure()();
    assert.equal(alertPhone?.reveal(), SETTINGS.alertPhone.example);
    assert.equal(
      `${String(alertPhone)} ${JSON.stringify({ alertPhone })} ${inspect(alertPhone)}`.includes(
        SETTINGS.alertPhone.example,
      ),
      false,
    );
  });

  const laws: [string, Record<string, string | undefined>, RegExp][] = [
    [
      "keeps state but not its streams",
      { kept: "true", streamRetention: "24 hours" },
      /streamRetention must be at least "7 days" where state is kept, got "24 hours"; .* streamRetention "7 days"/,
    ],
    [
      "forgets windows before a tree is full",
      { anomalyTimeDecay: "12" },
      /anomalyTimeDecay must be more than anomalySamples \(12\), got "12"/,
    ],
    [
      "calls a site silent within two windows",
      { silenceAfter: "15 seconds" },
      /silenceAfter must be at least two windows \("20 seconds"\), got "15 seconds"; .* silenceAfter "20 seconds"/,
    ],
    [
      "forgets beacons within a window",
      { retryHorizon: "5 seconds" },
      /retryHorizon must be at least one window \("10 seconds"\), got "5 seconds"/,
    ],
    [
      "brings a VPC without subnets",
      { vpcId: "vpc-0123456789abcdef0" },
      /privateSubnetIds must name subnets of the VPC in vpcId, got nothing/,
    ],
    [
      "brings subnets without a VPC",
      { privateSubnetIds: "subnet-0123456789abcdef0" },
      /vpcId must name the VPC of privateSubnetIds, got nothing/,
    ],
    [
      "lets nobody sign in at its generator",
      { dataGeneratorPassword: "" },
      /dataGeneratorPassword must be given where dataGenerator is on, got nothing; .* --secret dataGeneratorPassword/,
    ],
  ];
  for (const [what, changes, message] of laws) {
    it(`is refused when it ${what}`, () => assert.match(problemsOf(configure(changes)).join("\n"), message));
  }

  it("needs a region", () => {
    assert.match(
      problemsOf(configure({ "aws:region": undefined })).join("\n"),
      /aws:region is missing; set it with: pulumi config set aws:region eu-west-1 --stack dev/,
    );
  });

  it("of an unknown stage is refused with the stages there are", () => {
    assert.throws(() => readStageFiles(ROOT, "qa"), /stage "qa" is not known, only dev, local, prod/);
  });
});
