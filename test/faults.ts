/**
 * The journey while things go wrong: calls refused, answers lost, batches delivered twice or late, a slow disk. Whatever
 * happens, what was acknowledged is kept, windows and alerts are those of a quiet day, and nobody is told twice.
 */
import assert from "node:assert/strict";
import { readFaults, type FAULTS } from "../local/faults/settings";
import type { Graph } from "../local/graph/graph";
import { faultsOf, renderLocal, travel, type Journey } from "./journey";
import { withStage, type StageTestOptions } from "./stage";

interface Case {
  readonly on: string;
  readonly fault: (typeof FAULTS)[number];
  readonly share: number;
  readonly milliseconds?: number;
  readonly behind?: number;
  readonly most?: number;
}

/** Every service of the journey once, and every kind of fault that is its own. */
const SAMPLE: readonly Case[] = [
  { on: "kinesis:PutRecord", fault: "lose-answer", share: 0.2 },
  { on: "kinesis:PutRecord", fault: "late", share: 0.1, most: 50, behind: 70 },
  { on: "kinesis:GetRecords", fault: "throttle", share: 0.2 },
  { on: "lambda:Invoke", fault: "time-out", share: 0.2, milliseconds: 20 },
  { on: "lambda:Invoke", fault: "twice", share: 0.3 },
  { on: "dynamodb:*", fault: "lose-answer", share: 0.1 },
  { on: "s3:PutObject", fault: "fail", share: 0.4 },
  { on: "sns:Publish", fault: "fail", share: 0.4 },
];

const OTHERS: readonly Case[] = [
  { on: "kinesis:PutRecord", fault: "throttle", share: 0.3 },
  { on: "kinesis:PutRecord", fault: "fail", share: 0.3 },
  { on: "kinesis:PutRecord", fault: "time-out", share: 0.05, milliseconds: 20 },
  { on: "kinesis:PutRecord", fault: "twice", share: 0.2 },
  { on: "kinesis:PutRecords", fault: "lose-answer", share: 0.15 },
  { on: "kinesis:GetShardIterator", fault: "fail", share: 0.5 },
  { on: "lambda:Invoke", fault: "throttle", share: 0.2 },
  { on: "lambda:Invoke", fault: "lose-answer", share: 0.2 },
  { on: "lambda:Invoke", fault: "late", share: 0.2, behind: 3 },
  { on: "dynamodb:*", fault: "fail", share: 0.1 },
  { on: "dynamodb:*", fault: "throttle", share: 0.02 },
  { on: "s3:PutObject", fault: "lose-answer", share: 0.4 },
  { on: "logs:PutLogEvents", fault: "delay", share: 0.2, milliseconds: 20 },
];

/** @param of the cases that npm test runs, or the whole matrix */
export function describeFaults({ of }: { of: "sample" | "matrix" }): void {
  describe("The journey under faults", function () {
    this.timeout(120_000);
    let graph: Graph;
    let quiet: Journey;

    const under = async (
      given: unknown,
      options: StageTestOptions = {},
    ): Promise<{ journey: Journey; struck: readonly number[] }> => {
      let journey: Journey | undefined;
      let struck: readonly number[] = [];
      await withStage(
        graph,
        async (test) => {
          journey = await travel(test);
          struck = test.stage.faults.struck;
        },
        { ...options, faults: readFaults(given) },
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

    for (const fault of of === "sample" ? SAMPLE : [...SAMPLE, ...OTHERS]) {
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
      const { journey } = await under({ disk: { slowMilliseconds: 2 } }, { sync: true });
      assert.deepEqual(faultsOf(journey), []);
      assert.deepEqual(journey.learned, quiet.learned);
      assert.deepEqual(journey.mails, quiet.mails);
    });
  });
}
