/**
 * The harness itself, with engines made up for the purpose.
 * Does not prove that any real engine can be installed: `npm run test:engines` does.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { runChecks } from "./checks";
import { runToEnd } from "./child";
import { Unavailable, type Engine } from "./contract";
import { Memory } from "./memory";
import { renderJson, renderTable, totalOf } from "./report";
import { runEngines, type RunSettings } from "./run";
import { Workshop } from "./workshop";

const FAILURE = { fullTitle: "a stream keeps its records", err: { message: "2 records, not 3" } };
const failing: typeof runChecks = async () => ({ passed: 3, failed: 1, skipped: 0, failures: [FAILURE], figures: [] });

const READY = { version: "1.0", settings: {} };

describe("the harness of the engines", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "harness-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const engine = (name: string, install: Engine["install"]): Engine => ({ name, judges: "nothing", install });
  const settings = (total = 5): RunSettings => ({
    limits: { install: 1, checks: 1, total },
    memory: new Memory(join(folder, "passed.json")),
    tell: () => undefined,
    check: async () => ({ passed: 3, failed: 0, skipped: 1, failures: [], figures: [{ what: "speed", value: "2 x" }] }),
  });

  it("counts what ran, and never a skip as a pass", async () => {
    const reports = await runEngines(
      [
        engine("here", async () => READY),
        engine("gone", async () => {
          throw new Unavailable("no such thing on this machine");
        }),
      ],
      settings(),
    );
    assert.deepEqual(totalOf(reports), { passed: 3, failed: 0, skipped: 2 });
    assert.match(renderTable(reports), /^gone +- +1 +0 +0 +1 /m);
    assert.match(renderTable(reports), /^SKIPPED gone: no such thing on this machine$/m);
    assert.match(renderTable(reports), /^here: speed: 2 x$/m);
    const { stats } = JSON.parse(renderJson(reports)) as { stats: unknown };
    assert.deepEqual(stats, { passes: 3, failures: 0, pending: 2 });
  });

  it("shows that an engine which is skipped now passed here before", async () => {
    await runEngines([engine("fickle", async () => READY)], settings());
    const [now] = await runEngines(
      [
        engine("fickle", async () => {
          throw new Unavailable("the machine is too busy");
        }),
      ],
      settings(),
    );
    assert.equal(now?.earlierPass?.passed, 3);
    assert.match(renderTable([now ?? assert.fail()]), /too busy \(on \d{4}-\d\d-\d\d 3 checks passed here with 1\.0\)/);
  });

  it("does not remember checks that failed", async () => {
    await runEngines([engine("bad", async () => READY)], { ...settings(), check: failing });
    assert.equal(new Memory(join(folder, "passed.json")).earlierPass("bad"), undefined);
  });

  it("names what failed, for whoever reads only the end", async () => {
    const reports = await runEngines([engine("bad", async () => READY)], { ...settings(), check: failing });
    const { failures } = JSON.parse(renderJson(reports)) as { failures: unknown };
    assert.deepEqual(failures, [FAILURE]);
  });

  it("begins no engine once the time of the run is up", async () => {
    const [report] = await runEngines([engine("late", async () => assert.fail("was begun"))], settings(0));
    assert.match(report?.reason ?? "", /minutes of this run were used up/);
  });

  it("lets a fault of an installation through, which is no reason to skip", async () => {
    const broken = engine("broken", async () => {
      throw new TypeError("a defect of ours");
    });
    await assert.rejects(runEngines([broken], settings()), TypeError);
  });

  it("ends a command that outlasts its time, with everything it started", async () => {
    const file = join(folder, "alive");
    const grandchild = `(while true; do echo x >> ${file}; sleep 0.02; done) & wait`;
    assert.equal((await runToEnd("sh", ["-c", grandchild], { milliseconds: 300 })).how, "late");
    const length = statSync(file).size;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(statSync(file).size, length);
  });

  const refusals: readonly [how: string, command: string, given: string[], message: RegExp][] = [
    ["is not there", "no-such-command-here", [], /no-such-command-here: not on this machine/],
    ["fails", "sh", ["-c", "echo because >&2; exit 3"], /status 3: because/],
  ];
  for (const [how, command, given, message] of refusals) {
    it(`skips, with the reason, when a command ${how}`, async () => {
      const workshop = new Workshop("harness", Date.now() + 60_000, () => undefined);
      await assert.rejects(
        workshop.run(command, given),
        (error) => error instanceof Unavailable && message.test(error.message),
      );
    });
  }

  it("skips, with the load of the machine, when the time to install is up", async () => {
    const workshop = new Workshop("harness", Date.now() - 1, () => undefined);
    await assert.rejects(workshop.run("true", []), /time to install was up before true \(load \d/);
  });
});
