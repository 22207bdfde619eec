/**
 * The monitor: what it sees of a program, and what it refuses. Does not prove that the real engine sees the same (the
 * engines rung compares the two).
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FACTS, render } from "../../test/stage";
import { ProgramError, StageError } from "../diagnostics";
import { Asset } from "../graph/value";
import { models } from "../services/models";
import { evaluateProgram } from "./evaluate";
import { SIGNATURES } from "./wire";

/** A component with a base class of its own, as all of ours have. */
class Base extends pulumi.ComponentResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs) {
    super(type, name, inputs);
  }
}
class Pair extends Base {
  constructor(name: string) {
    super("test:index:Pair", name, { note: pulumi.secret("hidden"), open: "seen" });
    const stream = new aws.kinesis.Stream(`${name}-stream`, { shardCount: 1 }, { parent: this, protect: true });
    new aws.kinesis.Stream(
      `${name}-copy`,
      { name: pulumi.interpolate`${stream.name}-copy` },
      { parent: this, dependsOn: [stream] },
    );
    this.registerOutputs({ stream: stream.name });
  }
}

const problemsOf = async (program: () => unknown): Promise<string> => {
  try {
    await render(program);
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    return error.message;
  }
  return assert.fail("the program was not refused");
};

describe("The monitor", () => {
  it("sees parents, options, wiring, secrets, outputs and the line of each resource", async () => {
    const graph = await render(() => new Pair("pair"));
    const pair = graph.only("test:index:Pair");
    const stream = graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "pair-stream");
    const copy = graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "pair-copy");
    assert.equal(stream.urn, "urn:pulumi:test::clickstream::test:index:Pair$aws:kinesis/stream:Stream::pair-stream");
    assert.equal(stream.parent, pair.urn);
    assert.equal(stream.options.protect, true);
    assert.deepEqual(copy.wiring, { name: [stream.urn] });
    assert.deepEqual(copy.options.dependsOn, [stream.urn]);
    assert.equal(copy.inputs["name"], `${String(stream.outputs["name"])}-copy`);
    assert.deepEqual(pair.secrets, ["note"]);
    assert.deepEqual(pair.inputs, { note: "hidden", open: "seen" });
    assert.deepEqual(pair.outputs, { stream: stream.outputs["name"] });
    const lines = (await import("node:fs")).readFileSync(__filename, "utf8").split("\n");
    const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
    assert.deepEqual(stream.source, {
      file: "local/monitor/monitor.test.ts",
      line: lineOf("new aws.kinesis.Stream(`${name}-stream`"),
    });
    assert.deepEqual(pair.source, { file: "local/monitor/monitor.test.ts", line: lineOf('new Pair("pair")') });
  });

  it("knows the marks of the protocol as the SDK does", async () => {
    const { specialSigKey, specialAssetSig, specialArchiveSig, specialSecretSig, unknownValue } =
      await import("@pulumi/pulumi/runtime");
    assert.deepEqual(SIGNATURES, {
      key: specialSigKey,
      asset: specialAssetSig,
      archive: specialArchiveSig,
      secret: specialSecretSig,
      unknown: unknownValue,
    });
  });

  it("names the same resource the same in every run", async () => {
    const name = async (): Promise<unknown> =>
      (await render(() => new Pair("pair"))).ofType("aws:kinesis/stream:Stream")[0]?.outputs["name"];
    assert.equal(await name(), await name());
  });

  it("takes files, texts and archives as assets", async () => {
    const graph = await render(() => {
      const code = new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset("exports.handler = () => 1;"),
      });
      new aws.lambda.Function("f", {
        code,
        role: "arn:aws:iam::000000000000:role/r",
        handler: "index.handler",
        runtime: "nodejs24.x",
      });
    });
    const code = graph.only("aws:lambda/function:Function").inputs["code"];
    assert.ok(code instanceof Asset);
    assert.equal(code.entries["index.js"]?.content, "exports.handler = () => 1;");
  });

  it("takes a resource given as a value for its id", async () => {
    const graph = await render(() => {
      const bucket = new aws.s3.Bucket("b");
      new aws.s3.BucketVersioning("v", {
        bucket: bucket as unknown as string,
        versioningConfiguration: { status: "Enabled" },
      });
    });
    assert.equal(
      graph.only("aws:s3/bucketVersioning:BucketVersioning").inputs["bucket"],
      graph.only("aws:s3/bucket:Bucket").id,
    );
  });

  it("refuses a type it does not model, with the line and what to do", async () => {
    const message = await problemsOf(() => new aws.ssm.Parameter("p", { type: "String", value: "x" }));
    assert.match(
      message,
      /^local\/monitor\/monitor\.test\.ts:\d+: the local stage does not model aws:ssm\/parameter:Parameter \(p\): add its id and outputs to local\/services/,
    );
  });

  it("refuses what depends on an output that no model knows, and says that once", async () => {
    const message = await problemsOf(() => {
      const stream = new aws.kinesis.Stream("s", { shardCount: 1 });
      const second = new aws.kinesis.Stream("t", { encryptionType: stream.encryptionType.apply((type) => type ?? "") });
      new aws.kinesis.Stream("u", { encryptionType: second.encryptionType.apply((type) => type ?? "") });
    });
    const lines = message.split("\n");
    assert.equal(lines.length, 1);
    assert.match(
      message,
      /Stream t: encryptionType depends on an output of Stream s \(local\/monitor\/monitor\.test\.ts:\d+\) that the local stage does not model/,
    );
  });

  it("refuses two resources of one name, transforms, data sources it does not know, and resources read from an account", async () => {
    assert.match(
      await problemsOf(() => {
        new aws.kinesis.Stream("s", { shardCount: 1 });
        new aws.kinesis.Stream("s", { shardCount: 1 });
      }),
      /Stream s is declared twice/,
    );
    assert.match(await problemsOf(() => aws.kinesis.Stream.get("s", "id")), /is read from an account \(\.get\)/);
    assert.match(
      await problemsOf(async () => void (await aws.ssm.getParameter({ name: "x" }))),
      /does not model the data source aws:ssm\/getParameter:getParameter/,
    );
  });

  it("hands on what the program itself throws", async () => {
    await assert.rejects(
      render(() => {
        throw new Error("the program is wrong");
      }),
      /the program is wrong/,
    );
  });
});

describe("A program in a process of its own", () => {
  async function evaluate(program: string, config: Record<string, string> = {}) {
    const root = await mkdtemp(join(tmpdir(), "program-"));
    try {
      await mkdir(join(root, "node_modules"));
      for (const scope of ["@pulumi", "typescript", "ts-node", "@types"]) {
        await symlink(join(__dirname, "../../node_modules", scope), join(root, "node_modules", scope));
      }
      await writeFile(join(root, "package.json"), '{"name":"program","main":"index.ts"}');
      await writeFile(
        join(root, "tsconfig.json"),
        '{"compilerOptions":{"target":"es2022","module":"commonjs","moduleResolution":"node10"}}',
      );
      await writeFile(join(root, "index.ts"), program);
      return await evaluateProgram({
        root,
        entry: "index.ts",
        project: "program",
        stack: "test",
        config,
        secretKeys: [],
        facts: FACTS,
        models,
      });
    } finally {
      await rm(root, { recursive: true });
    }
  }

  it("yields its graph, with lines of its own files and its outputs", async () => {
    const graph = await evaluate(
      `import * as aws from "@pulumi/aws";\nimport * as pulumi from "@pulumi/pulumi";\nconst s = new aws.kinesis.Stream("s", { shardCount: Number(new pulumi.Config().require("shards")) });\nexport const name = s.name;\n`,
      { "program:shards": "3" },
    );
    const stream = graph.only("aws:kinesis/stream:Stream");
    assert.equal(stream.inputs["shardCount"], 3);
    assert.deepEqual(stream.source, { file: "index.ts", line: 3 });
    assert.equal(graph.stackOutputs["name"], stream.outputs["name"]);
  });

  it("is refused with its problems, or with what it logged when it failed", async () => {
    await assert.rejects(
      evaluate(`import * as aws from "@pulumi/aws";\nnew aws.ssm.Parameter("p", { type: "String", value: "x" });\n`),
      (error: Error) => {
        assert.ok(error instanceof ProgramError);
        assert.match(error.message, /^index\.ts:2: /);
        return true;
      },
    );
    await assert.rejects(evaluate(`throw new Error("wrong from the start");\n`), (error: Error) => {
      assert.ok(error instanceof StageError);
      assert.match(error.message, /wrong from the start/);
      return true;
    });
  });
});
