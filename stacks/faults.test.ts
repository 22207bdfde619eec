/**
 * The journey while things go wrong: calls refused, answers lost, batches delivered twice or late, a slow disk. Whatever
 * happens, what was acknowledged is kept, windows and alerts are those of a quiet day, and nobody is told twice.
 * Does not prove: what AWS itself would do; crashes (crash.test.ts); alerts whose publication lost its answer (README,
 * "Limits": nothing on AWS tells the second from the first).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFaults, type FAULTS } from "../local/faults/settings";
import type { Graph } from "../local/graph/graph";
import { BeaconClient } from "../bin/traffic/beacon-client";
import { faultsOf, frontDoor, idsOnStream, renderLocal, travel, type Journey } from "../test/journey";
import { withStage, type TestStage } from "../test/stage";

interface Case {
  readonly on: string;
  readonly fault: (typeof FAULTS)[number];
  readonly share: number;
  readonly milliseconds?: number;
  readonly behind?: number;
  readonly most?: number;
}

const CASES: readonly Case[] = [
  { on: "kinesis:PutRecord", fault: "throttle", share: 0.3 },
  { on: "kinesis:PutRecord", fault: "fail", share: 0.3 },
  { on: "kinesis:PutRecord", fault: "time-out", share: 0.05, milliseconds: 20 },
  { on: "kinesis:PutRecord", fault: "lose-answer", share: 0.2 },
  { on: "kinesis:PutRecord", fault: "twice", share: 0.2 },
  { on: "kinesis:PutRecord", fault: "late", share: 0.1, most: 50, behind: 70 },
  { on: "kinesis:PutRecords", fault: "lose-answer", share: 0.15 },
  { on: "kinesis:GetRecords", fault: "throttle", share: 0.2 },
  { on: "kinesis:GetShardIterator", fault: "fail", share: 0.5 },
  { on: "lambda:Invoke", fault: "throttle", share: 0.2 },
  { on: "lambda:Invoke", fault: "time-out", share: 0.2, milliseconds: 20 },
  { on: "lambda:Invoke", fault: "lose-answer", share: 0.2 },
  { on: "lambda:Invoke", fault: "twice", share: 0.3 },
  { on: "lambda:Invoke", fault: "late", share: 0.2, behind: 3 },
  { on: "dynamodb:*", fault: "fail", share: 0.1 },
  { on: "dynamodb:*", fault: "lose-answer", share: 0.1 },
  { on: "dynamodb:*", fault: "throttle", share: 0.02 },
  { on: "s3:PutObject", fault: "fail", share: 0.4 },
  { on: "s3:PutObject", fault: "lose-answer", share: 0.4 },
  { on: "sns:Publish", fault: "fail", share: 0.4 },
  { on: "logs:PutLogEvents", fault: "delay", share: 0.2, milliseconds: 20 },
];

const FULL = /the disk is full \(ENOSPC\)/;

describe("The journey under faults", function () {
  this.timeout(120_000);
  let graph: Graph;
  let quiet: Journey;

  const under = async (given: unknown): Promise<{ journey: Journey; struck: readonly number[] }> => {
    let journey: Journey | undefined;
    let struck: readonly number[] = [];
    await withStage(
      graph,
      async (test) => {
        journey = await travel(test);
        struck = test.stage.faults.struck;
      },
      { faults: readFaults(given) },
    );
    assert.ok(journey);
    return { journey, struck };
  };

  before(async () => {
    graph = await renderLocal();
    ({ journey: quiet } = await under({}));
  });

  it("sees a burst and tells of it, and of the silence of every site, when nothing goes wrong", () => {
    assert.deepEqual(faultsOf(quiet), []);
    assert.equal(quiet.streamed.length, quiet.sent.size);
    assert.equal(quiet.archived.length, quiet.sent.size);
    assert.equal(Object.values(quiet.windows).filter((window) => window.endsWith("anomalous")).length, 1);
    assert.equal(quiet.mails.length, 4);
    assert.equal(quiet.recorded.length, 4);
  });

  for (const fault of CASES) {
    it(`comes out even when ${fault.on} meets ${fault.fault}`, async () => {
      const { journey, struck } = await under({ seed: 1, calls: [fault] });
      assert.ok((struck[0] ?? 0) > 0, "the fault never struck");
      assert.deepEqual(faultsOf(journey), []);
      assert.deepEqual(journey.acknowledged, quiet.acknowledged);
      // Lines are said once at most: what was learned tells that no window is missing.
      for (const [window, said] of Object.entries(journey.windows)) assert.equal(said, quiet.windows[window], window);
      assert.deepEqual(journey.learned, quiet.learned);
      assert.deepEqual(journey.mails, quiet.mails);
      assert.deepEqual(journey.recorded, quiet.recorded);
    });
  }

  it("comes out even on a slow disk", async () => {
    await withStage(
      graph,
      async (test) => {
        const journey = await travel(test);
        assert.deepEqual(faultsOf(journey), []);
        assert.deepEqual(journey.learned, quiet.learned);
        assert.deepEqual(journey.mails, quiet.mails);
      },
      { faults: readFaults({ disk: { slowMilliseconds: 2 } }), sync: true },
    );
  });

  it("on a disk that fills up keeps what it acknowledged, refuses the rest, and says why once per log", async () => {
    const folder = await mkdtemp(join(tmpdir(), "full-disk-"));
    const acknowledged = new Set<string>();
    let refused = 0;
    const fill = async (test: TestStage): Promise<void> => {
      const browser = new BeaconClient(frontDoor(test), 8);
      for (let second = 0; second < 120; second++) {
        const ids = Array.from({ length: 10 }, (_, number) => `${second}-${number}`);
        const replies = await Promise.all(
          ids.map((id) => browser.send({ action: "Click", site: `${id}.example`, id })),
        );
        ids.forEach((id, index) => replies[index]?.status === 200 && acknowledged.add(id));
        refused += replies.filter(({ status }) => status === 500).length;
        await test.clock.advance(1_000).catch((error: unknown) => assert.match(String(error), FULL));
      }
      browser.close();
      assert.ok(acknowledged.size > 0 && refused > 0);
      assert.equal(new Set(test.said).size, test.said.length, "a line was said twice");
      assert.ok(
        test.said.every((line) => FULL.test(line) || line.includes(" gave up ")),
        test.said.join("\n"),
      );
    };
    try {
      await assert.rejects(
        withStage(graph, fill, { folder, faults: readFaults({ disk: { fullAfterBytes: 150_000 } }) }),
        FULL,
      );
      await withStage(
        graph,
        async (test) => {
          const kept = new Set(idsOnStream(test));
          assert.deepEqual(
            [...acknowledged].filter((id) => !kept.has(id)),
            [],
          );
        },
        { folder },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
