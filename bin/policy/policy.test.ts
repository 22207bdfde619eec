/**
 * The command `policy`: violations seeded into a real stage's graph, through the real pack; documents; how it ends.
 * Does not prove what each rule says (proven beside it).
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Graph, type Resource } from "../../local/graph/graph";
import { isRecord, type Properties } from "../../local/graph/value";
import { RULES } from "../../policies/pack";
import { stageGraph } from "../../test/policy-pack/stages";
import { ROOT } from "../folders";
import type { Judgement } from "./judged";
import { judgeGraph, readPackConfig, withMatrix } from "./judge-stage";

/** The graph of prod, with one resource changed. */
async function seeded(type: string, name: string, change: (resource: Resource) => Partial<Resource>): Promise<Graph> {
  const graph = await stageGraph("prod");
  const changed = new Graph(graph.project, graph.stack);
  let hits = 0;
  for (const resource of graph.resources) {
    const isIt = resource.type === type && resource.name === name;
    if (isIt) hits++;
    changed.set(isIt ? { ...resource, ...change(resource) } : resource);
  }
  assert.equal(hits, 1, `${type} ${name}`);
  return changed;
}

const both = (resource: Resource, properties: Properties): Partial<Resource> => ({
  inputs: { ...resource.inputs, ...properties },
  outputs: { ...resource.outputs, ...properties },
});

/** A policy document in which the first statement is another. */
function rewritten(policy: unknown, change: object): string {
  const document = JSON.parse(String(policy)) as { Statement: object[] };
  return JSON.stringify({
    ...document,
    Statement: [{ ...document.Statement[0], ...change }, ...document.Statement.slice(1)],
  });
}

describe("The policies of a stage", function () {
  this.timeout(120_000);

  const found = async (graph: Graph): Promise<string[]> =>
    (await judgeGraph(graph, readPackConfig("prod"))).findings.map(({ rule, resource, statement }) =>
      [rule, resource.split("::").at(-1), ...(statement === null ? [] : [statement])].join(" "),
    );

  it("find nothing in prod as it is", async () => {
    assert.deepEqual(await judgeGraph(await stageGraph("prod"), readPackConfig("prod")), { findings: [], waived: [] });
  });

  it("find a bucket that is opened, at its line", async () => {
    const graph = await seeded("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "raw", (block) =>
      both(block, { blockPublicPolicy: false }),
    );
    const { findings } = await judgeGraph(graph, readPackConfig("prod"));
    const [finding] = findings;
    assert.equal(findings.length, 1);
    assert.match(finding?.source ?? "", /^infra\/store\/lake-bucket\.ts:\d+$/);
    assert.deepEqual(
      { ...finding, source: "", resource: finding?.resource.split("$").at(-1) },
      {
        rule: "s3-buckets-are-private",
        policy: "s3-buckets-are-private",
        severity: "critical",
        level: "mandatory",
        resource: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::raw",
        subject: "blockPublicPolicy",
        statement: null,
        message: "blockPublicPolicy must be true, got false",
        fix: "add a BucketPublicAccessBlock with all four settings true, and BucketOwnershipControls with BucketOwnerEnforced",
        url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        source: "",
      },
    );
  });

  it("find a role that is widened behind its component's back: too much, and not what was shown", async () => {
    const graph = await seeded("aws:iam/rolePolicy:RolePolicy", "beacons", (policy) =>
      both(policy, {
        policy: rewritten(policy.inputs["policy"], {
          Action: ["kinesis:PutRecord", "kinesis:DeleteStream"],
          Resource: "*",
        }),
      }),
    );
    const rules = await found(graph);
    assert.ok(
      rules.some((each) => /^write-unscoped beacons/.test(each)),
      rules.join("\n"),
    );
    assert.equal(rules.filter((each) => each === "iam-policies-grant-what-is-shown beacons").length, 2);
  });

  it("find access that the committed matrix does not list, and code that has lost a grant", async () => {
    const graph = await seeded("clickstream:iam:Role", "alert", (role) => {
      const statements = (role.inputs["statements"] as readonly Properties[]).map((statement) =>
        statement["sid"] === "Publishpeople" && isRecord(statement)
          ? { ...statement, actions: ["sns:Subscribe"] }
          : statement,
      );
      return both(role, { statements });
    });
    const rules = await found(graph);
    assert.ok(rules.includes("iam-access-is-in-the-matrix alert Publishpeople"), rules.join("\n"));
    assert.ok(rules.includes("code-calls-what-its-role-grants alert"), rules.join("\n"));
    assert.ok(rules.includes("code-calls-what-its-role-grants alert Publishpeople"), rules.join("\n"));
  });

  it("compare access with another matrix where one is given", async () => {
    const matrix = readFileSync(join(ROOT, "stacks/iam-matrix.txt"), "utf8").split("\n");
    const folder = mkdtempSync(join(tmpdir(), "matrix-"));
    try {
      const file = join(folder, "main.txt");
      writeFileSync(file, matrix.filter((line) => !line.includes("sns:Publish")).join("\n"));
      const config = withMatrix(readPackConfig("prod"), file);
      const { findings } = await judgeGraph(await stageGraph("prod"), config);
      assert.deepEqual(
        findings.map(({ rule, statement, actions }) => [rule, statement, actions]),
        [["iam-access-is-in-the-matrix", "Publishpeople", ["sns:Publish"]]],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("are notes in a stage that may be thrown away, and tags are put on there", async () => {
    const graph = await seeded("aws:kms/key:Key", "key", (key) => both(key, { enableKeyRotation: false }));
    const { findings } = await judgeGraph(graph, readPackConfig("dev"));
    assert.deepEqual(
      findings.map(({ rule, level }) => [rule, level]),
      [["kms-keys-rotate-and-can-be-rescued", "advisory"]],
    );
  });
});

describe("The pack under the Pulumi CLI's own runner", function () {
  this.timeout(120_000);

  it("starts, and says the same rules", async () => {
    const runner = join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], { cwd: join(ROOT, "policies"), stdio: "pipe" });
    try {
      const port = await new Promise<string>((resolve, reject) => {
        let [stdout, stderr] = ["", ""];
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.stdout.on("data", (chunk: Buffer) => {
          stdout += chunk.toString();
          const [, port] = /^(\d+)\n/.exec(stdout) ?? [];
          if (port !== undefined) resolve(port);
        });
        child.on("close", () => reject(new Error(`it ended: ${stderr}`)));
      });
      const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
      const info = await new Promise<AnalyzerInfo>((resolve, reject) =>
        client.getAnalyzerInfo(new Empty(), (error, answer) => (error === null ? resolve(answer) : reject(error))),
      );
      client.close();
      assert.equal(info.getName(), "clickstream");
      assert.equal(info.getVersion(), "0.1.0");
      assert.equal(info.getPoliciesList().length, RULES.length + 1);
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("clickstream policy", function () {
  this.timeout(240_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, "bin/clickstream.js"), "policy", ...args],
      {
        encoding: "utf8",
        timeout: 120_000,
      },
    );
    return { status, stdout, stderr };
  };
  const write = (text: string): string => {
    const file = join(folder, "document.json");
    writeFileSync(file, text);
    return file;
  };
  const document = (statement: object): string =>
    write(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));

  it("is clean on a stage that is right, and says so to machines", () => {
    assert.deepEqual(run("--stage", "prod", "--json"), {
      status: 0,
      stdout: '{"findings":[],"waived":[]}\n',
      stderr: "",
    });
  });

  it("examines anybody's document, as what it is attached to", () => {
    const wide = document({ Sid: "All", Effect: "Allow", Action: "s3:*", Resource: "*" });
    const { status, stdout, stderr } = run("--document", wide, "--json");
    assert.equal(status, 3);
    assert.match(stderr, /^\d+ findings? at 1 resource\n$/);
    const { findings, waived } = JSON.parse(stdout) as Judgement;
    assert.deepEqual(waived, []);
    for (const { rule, severity, resource, statement, message } of findings) {
      assert.match(rule, /^[a-z-]+$/);
      assert.match(severity, /^(low|medium|high|critical)$/);
      assert.equal(resource, wide);
      assert.ok(statement === "All" || statement === null);
      assert.ok(message.length > 20);
    }

    const trust = document({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    });
    assert.equal(run("--document", trust, "--as", "trust").status, 0);
    assert.equal(run("--document", trust).status, 3, "an identity's policy names no principal");
    const open = document({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" });
    assert.match(
      run("--document", open, "--as", "resource").stdout,
      /critical \S+\n.*anybody may call s3:GetObject\..*\n +fix: name the principals/,
    );
  });

  it("knows the account that a document lives in, and those that may be trusted", () => {
    const trusting = (who: string): string =>
      document({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${who}` }, Action: "sts:AssumeRole" });
    const judged = (file: string, ...more: string[]): string[] => {
      const { stdout } = run("--document", file, "--as", "trust", "--json", ...more);
      return (JSON.parse(stdout) as Judgement).findings.map(({ rule }) => rule);
    };
    const own = trusting("111122223333:root");
    assert.deepEqual(judged(own), ["trust-whole-account"]);
    assert.deepEqual(judged(own, "--account", "111122223333"), []);
    const partner = trusting("444455556666:role/ci");
    const known = ["--account", "111122223333", "--known-accounts"];
    assert.deepEqual(judged(partner, "--account", "111122223333"), ["trust-foreign-account"]);
    assert.deepEqual(judged(partner, ...known, "777788889999"), ["trust-foreign-account"]);
    assert.deepEqual(judged(partner, ...known, "444455556666", "777788889999"), []);
    assert.deepEqual(judged(partner, ...known, "777788889999,444455556666"), []);
  });

  it("answers a document that is none with a finding, and input that is wrong with status 2", () => {
    assert.equal(run("--document", write("{")).status, 3);
    assert.equal(run("--document", write("")).status, 3);
    const wrong: [string[], RegExp][] = [
      [["--document", join(folder, "gone.json")], /^--document .*gone\.json cannot be read: ENOENT/],
      [[], /^policy: got neither, allowed --stage NAME or --document FILE\n$/],
      [["--stage", "prod", "--document", "x"], /^policy: got both, allowed --stage NAME or --document FILE\n$/],
      [["--stage", "prod", "--as", "trust"], /^--as belongs to --document/],
      [["--stage", "prod", "--account", "111122223333"], /^--account and --known-accounts belong to --document/],
      [["--document", "x", "--account", "12"], /^--account: got "12", allowed the 12 digits of an AWS account/],
      [["--document", "x", "--known-accounts", "111122223333,"], /^--known-accounts: got "", allowed the 12 digits/],
      [["--document", "x", "--as", "group"], /Allowed choices are identity, trust, resource/],
      [["--document", "x", "--against", "y"], /^--against belongs to --stage/],
      [["--stage", "prod", "--against", join(folder, "gone.txt")], /^--against .*gone\.txt cannot be read/],
      [["--stage", "qa"], /^stage "qa" is not known/],
    ];
    for (const [args, says] of wrong) {
      const { status, stdout, stderr } = run(...args);
      assert.equal(status, 2, args.join(" "));
      assert.match(stderr, says);
      assert.equal(stdout, "");
    }
  });

  it("writes SARIF beside its answer", () => {
    const file = join(folder, "policy.sarif");
    run("--document", document({ Effect: "Allow", Action: "*", Resource: "*" }), "--sarif", file);
    const { version, runs } = JSON.parse(readFileSync(file, "utf8")) as {
      version: string;
      runs: { results: object[] }[];
    };
    assert.equal(version, "2.1.0");
    assert.ok((runs[0]?.results.length ?? 0) > 0);
  });
});
