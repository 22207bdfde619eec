/**
 * The command as a process: how it answers what is wrong, and how it begins and ends. Does not prove what its parts do.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

const COMMAND = join(__dirname, "clickstream.js");

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Ended => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, stdout, stderr };
};

/** A stage that was started, with its ready line read. */
interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ready: Record<string, string>;
  ended(): Promise<{ code: number | null; stderr: string }>;
}

const started: Started["child"][] = [];

function start(folder: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [COMMAND, "start", "--port", "0", "--data", folder, "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stderr })),
  );
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("\n"))
        resolve({ child, ready: JSON.parse(stdout) as Record<string, string>, ended: () => ended });
    });
    child.on("close", () => reject(new Error(`it ended before it was ready: ${stderr}`)));
  });
}

describe("The command", function () {
  this.timeout(240_000);
  let folder: string;
  // A test that fails half-way leaves no stage running behind it.
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "command-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("explains itself, and each of its commands", () => {
    const { status, stdout } = run("--help");
    assert.equal(status, 0);
    for (const name of ["start", "demo", "graph", "guard", "permissions", "policy", "send", "score"]) {
      assert.match(stdout, new RegExp(`^  ${name} `, "m"));
      assert.equal(run(name, "--help").status, 0, name);
    }
  });

  const wrong: readonly (readonly [args: string[], says: RegExp])[] = [
    [["fly"], /unknown command 'fly'/],
    [["graph"], /required option '--stage <name>' not specified/],
    [["graph", "--stage", "qa"], /^stage "qa" is not known, only dev, local, prod/],
    [["start", "--port", "70000"], /must be 0\.\.65535/],
    [["start", "--color"], /unknown option '--color'/],
    [["start", "--faults", "/nowhere.yaml"], /^--faults \/nowhere\.yaml cannot be read as YAML: ENOENT/],
    [["send", "--endpoint", "ftp://x", "--events", "1"], /^--endpoint must be an http:\/\/ URL .*, got ftp:\/\/x/],
    [
      ["send", "--endpoint", "http://127.0.0.1:1/v1/beacon", "--events", "1"],
      /^--endpoint .* cannot be reached: .*ECONNREFUSED.*; is the stage running\?/,
    ],
    [["send", "--endpoint", "http://127.0.0.1:1/", "--events", "none"], /must be a whole number from 1 up/],
    [
      ["send", "--endpoint", "http://127.0.0.1:1/", "--events", "5", "--per-request", "10"],
      /^--per-request must be 1 for beacons/,
    ],
    [["score", "--csv", "/nowhere.csv", "--column", "v"], /^--csv \/nowhere\.csv cannot be read as CSV: ENOENT/],
    [
      ["score", "--csv", __filename, "--column", "v", "--trees", "5000"],
      /^trees must be a whole number 1\.\.1000, got 5000/,
    ],
  ];
  for (const [args, says] of wrong) {
    it(`answers ${args.join(" ").replace(__filename, "a file")} with what is wrong, status 2 and no stack`, () => {
      const { status, stderr, stdout } = run(...args);
      assert.equal(status, 2);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /\n\s+at /);
      assert.equal(stdout, "");
    });
  }

  it("says which columns a CSV file has, and that an empty one has none", async () => {
    const [empty, headed] = [join(folder, "empty.csv"), join(folder, "headed.csv")];
    await writeFile(empty, "");
    await writeFile(headed, "rate,views\n");
    const answers = [empty, headed].map((file) => run("score", "--csv", file, "--column", "score"));
    assert.deepEqual(
      answers.map(({ status, stdout }) => ({ status, stdout })),
      [
        { status: 2, stdout: "" },
        { status: 2, stdout: "" },
      ],
    );
    assert.match(answers[0]?.stderr ?? "", /empty\.csv is empty: it must begin with a header line/);
    assert.equal(answers[1]?.stderr, "--column must be among rate, views, got score\n");
  });

  it("says in one line that its port is taken", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
    );
    const { status, stderr } = await new Promise<Ended>((resolve) => {
      const child = spawn(process.execPath, [COMMAND, "start", "--port", String(port), "--data", folder]);
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      child.on("close", (status) => resolve({ status, stdout: "", stderr }));
    });
    server.close();
    assert.equal(status, 2);
    assert.equal(
      stderr,
      `port ${port} is in use: stop what listens there, or choose another with --port (0 for any free one)\n`,
    );
  });

  it("says in one line that its data folder is none of its own", async () => {
    await writeFile(join(folder, "thesis.txt"), "mine");
    const { status, stderr } = run("start", "--port", "0", "--data", folder);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^.*: not empty, and not a data folder of this program \(it has no VERSION file\); use an empty or a new folder\n$/,
    );
  });

  it("runs until it is told to stop, on a folder that nobody else may use meanwhile", async () => {
    const stage = await start(folder, "--no-traffic");
    assert.deepEqual(Object.keys(stage.ready).sort(), [
      "accessKeyId",
      "beacon",
      "console",
      "endpoint",
      "git",
      "region",
      "secretAccessKey",
    ]);
    const second = run("start", "--port", "0", "--data", folder);
    assert.equal(second.status, 2);
    assert.match(second.stderr, /^.*: in use by process \d+; one process at a time: stop it, or use another folder\n$/);
    stage.child.kill("SIGTERM");
    assert.deepEqual(await stage.ended(), { code: 0, stderr: "" });
  });

  it("has everything it acknowledged when it is killed and started again", async () => {
    const first = await start(folder, "--no-traffic");
    assert.equal(run("send", "--endpoint", first.ready["beacon"] ?? "", "--events", "200").status, 0);
    first.child.kill("SIGKILL");
    await first.ended();
    const second = await start(folder, "--no-traffic");
    const { KinesisClient, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand, ListStreamsCommand } =
      await import("@aws-sdk/client-kinesis");
    const { endpoint = "", region = "", accessKeyId = "", secretAccessKey = "" } = second.ready;
    const kinesis = new KinesisClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const { StreamNames = [] } = await kinesis.send(new ListStreamsCommand({}));
    const StreamName = StreamNames.find((name) => name.startsWith("input"));
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    let records = 0;
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
      );
      records += (await kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records?.length ?? 0;
    }
    kinesis.destroy();
    second.child.kill("SIGTERM");
    assert.equal((await second.ended()).code, 0);
    assert.equal(records, 200);
  });
});
