/**
 * `git push` to the stage on this machine, from the push to what runs: the real git, the release stack with its roles, builds
 * as child processes, the guard. The pushed program is a small one, so that only the way is proven and not the platform.
 * Does not prove that AWS builds alike.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SystemClock } from "../../../local/clock";
import { Graph } from "../../../local/graph/graph";
import type { LocalStage } from "../../../local/stage";
import { gatherLedgers } from "../../../test/ledgers/gather";
import { FACTS, openStage } from "../../../test/stage";
import { ROOT } from "../../folders";
import { LocalRelease } from "./local-release";

const FOLDERS = ["bin", "functions", "infra", "local", "stacks", "console"];
const FILES = ["package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.local.yaml"];

/** Builds unpack what was pushed, time and again: tests and what only they read stay here. */
const isNeeded = (path: string): boolean => !/\.test\.ts$|\/(corpus|testing|page)$/.test(path);

/** A program of one table and one queue. */
const program = ({ key = "order", seconds = 3600 } = {}): string => `
import * as aws from "@pulumi/aws";
export = function main(): object {
  const provider = new aws.Provider("aws", { region: "eu-west-1" });
  const opts = { provider };
  const table = new aws.dynamodb.Table("orders", {
    name: "orders",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "${key}",
    attributes: [{ name: "${key}", type: "S" }],
  }, opts);
  new aws.sqs.Queue("incoming", { messageRetentionSeconds: ${seconds} }, opts);
  return { table: table.name };
};
`;

describe("A push to this machine", function () {
  this.timeout(240_000);
  let folder: string;
  let work: string;
  let platform: LocalStage;
  let release: LocalRelease;
  const said: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "push-"));
    work = join(folder, "work");
    for (const each of FOLDERS) cpSync(join(ROOT, each), join(work, each), { recursive: true, filter: isNeeded });
    for (const each of FILES) cpSync(join(ROOT, each), join(work, each));
    git("init", "--quiet", "--initial-branch=main");
    const clock = new SystemClock((error) => said.push(String(error)));
    const options = { facts: FACTS, clock, port: 0, sync: false, say: (line: string) => void said.push(line) };
    platform = await openStage(new Graph("clickstream", "local"), {
      ...options,
      folder: join(folder, "platform"),
    });
    release = await LocalRelease.open({
      platform,
      folder: join(folder, "release"),
      region: FACTS.region,
      say: (line) => void said.push(line),
    });
    git("remote", "add", "local", release.repository);
  });

  after(async () => {
    if (release?.stage !== undefined) gatherLedgers(release.stage);
    await release?.close();
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function git(...args: readonly string[]): string {
    const who = ["-c", "user.name=ada", "-c", "user.email=ada@example.com"];
    return execFileSync("git", [...who, ...args], { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Commits a program and pushes it: whether it was taken, and what git showed. */
  async function push(source: string): Promise<{ taken: boolean; shown: string }> {
    writeFileSync(join(work, "stacks", "main.ts"), source);
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "-m", "a change");
    return new Promise((resolve) => {
      execFile("git", ["push", "local", "main"], { cwd: work }, (error, stdout, stderr) =>
        resolve({ taken: error === null, shown: `${stdout}${stderr}` }),
      );
    });
  }

  const table = (): DynamoDBClient => new DynamoDBClient(platform.clientConfig);

  it("makes a new stack", async () => {
    const { taken, shown } = await push(program());
    assert.ok(taken, shown);
    assert.match(shown, /Source[\s\S]*Build[\s\S]*Local {3}Deploy[\s\S]*safe: create/);
    await table().send(new PutItemCommand({ TableName: "orders", Item: { order: { S: "1" } } }));
  });

  it("updates safely, and loses no data", async () => {
    const { taken, shown } = await push(program({ seconds: 7200 }));
    assert.ok(taken, shown);
    assert.match(shown, /safe: update incoming/);
    const { Item } = await table().send(new GetItemCommand({ TableName: "orders", Key: { order: { S: "1" } } }));
    assert.deepEqual(Item, { order: { S: "1" } });
  });

  it("refuses what would replace, says why, and leaves what runs and the branch as they were", async () => {
    const before = git("ls-remote", "local", "main");
    const { taken, shown } = await push(program({ key: "number", seconds: 7200 }));
    assert.equal(taken, false, shown);
    assert.match(shown, /Refused: refused: .*orders/);
    assert.doesNotMatch(shown, /Running command .* apply/);
    assert.match(shown, /pre-receive hook declined/);
    assert.equal(git("ls-remote", "local", "main"), before);
    const { Table } = await table().send(new DescribeTableCommand({ TableName: "orders" }));
    assert.equal(Table?.KeySchema?.[0]?.AttributeName, "order");
    const { Item } = await table().send(new GetItemCommand({ TableName: "orders", Key: { order: { S: "1" } } }));
    assert.deepEqual(Item, { order: { S: "1" } });
  });

  it("says what is wrong with a program that does not run", async () => {
    const { taken, shown } = await push("throw new Error('no program');");
    assert.equal(taken, false);
    assert.match(shown, /no program/);
  });
});
