/**
 * The main job, whole: the program in a process of its own, its graph on loopback, real traffic through the front door.
 * Does not prove that AWS behaves as the local stage models it.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatherLedgers } from "../../test/ledgers/gather";
import { declaredGrants } from "../permissions/matrix";
import { recordOf } from "../permissions/recorded";
import { faultsOf, reportRoles } from "../permissions/report";
import { reconcile, type Reconciliation } from "./reconcile";
import { runDemo, type DemoRun } from "./run";

describe("The demonstration", () => {
  let folder: string;
  let run: DemoRun;
  let outcome: Reconciliation;
  const said: string[] = [];
  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), "demo-"));
    run = await runDemo(
      folder,
      (line) => said.push(line),
      () => undefined,
    );
    gatherLedgers(run.stage);
    outcome = reconcile(run);
  });
  after(async () => {
    await run.stage.close();
    await rm(folder, { recursive: true });
  });

  it("comes out even: accepted = stored + duplicates + corrupt + filtered, per site and hour", () => {
    assert.deepEqual(outcome.faults, []);
    const { sent, accepted, stored, duplicates, corrupt, filtered } = outcome.result;
    assert.equal(accepted, stored + duplicates + corrupt + filtered);
    for (const count of [sent - accepted, stored, duplicates, corrupt, filtered]) assert.ok(count > 0);
    assert.ok(outcome.places.length >= 10);
  });

  it("sees the burst of every site, and tells of each anomaly once", () => {
    const { anomalies, notifications } = outcome.result;
    assert.ok(anomalies >= 3);
    assert.equal(notifications, anomalies + 1, "every anomaly, and the site that went silent");
    assert.equal(new Set(run.emails.map(({ text }) => text)).size, run.emails.length);
  });

  it("denies nobody, and grants nothing that is neither used nor explained", () => {
    assert.deepEqual(
      faultsOf(reportRoles(declaredGrants(run.stage.graph), recordOf(run.stage.graph, run.stage.authorizer.ledger))),
      [],
    );
  });

  it("has nothing to complain of", () => {
    assert.deepEqual(said, []);
  });
});

describe("The reconciliation", () => {
  const archive = new Map([["a, h", { stored: 2, duplicates: 1, corrupt: 0, filtered: 0 }]]);
  const tally = { sent: 3, accepted: new Map([["a, h", 3]]), misjudged: [], acceptedInAll: 3 };
  const even = { tally, archive, lines: [], emails: [], texts: [] } as unknown as DemoRun;

  it("notices a record that is missing, one too many, and a beacon that was misjudged", () => {
    const faults = (changes: object): string[] =>
      reconcile({ ...even, ...changes }).faults.filter((fault) => /accepted, but|misjudged/.test(fault));
    assert.deepEqual(faults({}), []);
    assert.deepEqual(faults({ tally: { ...tally, accepted: new Map([["a, h", 4]]) } }), [
      "a, h: 4 accepted, but 2 stored, 1 duplicates, 0 corrupt, 0 filtered",
    ]);
    assert.deepEqual(
      faults({ archive: new Map([...archive, ["b, h", { stored: 1, duplicates: 0, corrupt: 0, filtered: 0 }]]) }),
      ["b, h: 0 accepted, but 1 stored, 0 duplicates, 0 corrupt, 0 filtered"],
    );
    assert.deepEqual(faults({ tally: { ...tally, misjudged: ["Click at a: 503 busy"] } }), [
      "the front door misjudged Click at a: 503 busy",
    ]);
  });

  it("notices a burst that went unseen, and an alert that was told twice or not at all", () => {
    const window = {
      event: "site-window",
      Site: "shop.example",
      anomalous: true,
      ClickThroughRate: 50,
      impressions: 2,
      clicks: 1,
    };
    const mail = { to: "a", subject: "s", text: "same" };
    const { faults } = reconcile({ ...even, lines: [window], emails: [mail, mail] } as unknown as DemoRun);
    assert.ok(faults.includes("the burst of news.example went unseen"));
    assert.ok(!faults.includes("the burst of shop.example went unseen"));
    assert.ok(faults.includes("alerted more than once: same"));
    assert.ok(faults.includes("2 alerts were due, 0 text messages arrived"));
    assert.ok(faults.includes("nobody was told that quiet.example went silent"));
  });
});
