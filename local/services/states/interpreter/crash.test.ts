/**
 * A stage that goes down at any moment of an execution and opens again: the execution ends as if nothing had happened.
 * Does not prove: that the journal survives kill -9, which local/durable does.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { fails, functionArn, runMachine, type RunOptions } from "../testing/machine";

const task = (name: string, more: object = {}): object => ({ Type: "Task", Resource: functionArn(name), ...more });

/** Every kind of state, with retries, a catcher, variables, branches inside of iterations. */
const DEFINITION = {
  QueryLanguage: "JSONata",
  StartAt: "Begin",
  States: {
    Begin: { Type: "Pass", Assign: { n: 1 }, Next: "Busy" },
    Busy: task("busy", {
      Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 5 }],
      Output: "{% $states.result %}",
      Next: "Wait",
    }),
    Wait: { Type: "Wait", Seconds: 30, Assign: { n: "{% $n + 1 %}" }, Next: "Each" },
    Each: {
      Type: "Map",
      Items: "{% [1..4] %}",
      MaxConcurrency: 3,
      ItemProcessor: {
        StartAt: "Both",
        States: {
          Both: {
            Type: "Parallel",
            Branches: [
              { StartAt: "Double", States: { Double: task("double", { End: true }) } },
              {
                StartAt: "Sleep",
                States: { Sleep: { Type: "Wait", Seconds: "{% $states.input %}", Output: "{% $n %}", End: true } },
              },
            ],
            End: true,
          },
        },
      },
      Next: "Broken",
    },
    Broken: task("broken", {
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Output: { was: "{% $states.input %}", e: "{% $states.errorOutput.Error %}" },
          Next: "Which",
        },
      ],
      End: true,
    }),
    Which: { Type: "Choice", Choices: [{ Condition: "{% $n = 2 %}", Next: "Done" }], Default: "Lost" },
    Done: { Type: "Succeed" },
    Lost: { Type: "Fail" },
  },
};

const run = (more: RunOptions = {}): ReturnType<typeof runMachine> => {
  const failed = { count: 0 };
  return runMachine(DEFINITION, {
    ...more,
    functions: {
      // Fails twice, however often the stage goes down.
      busy: () => (failed.count++ < 2 ? fails("Busy") : "idle"),
      double: (work) => Number(work) * 2,
      broken: () => fails("Broken"),
    },
  });
};

const EXPECTED = {
  was: [
    [2, 2],
    [4, 2],
    [6, 2],
    [8, 2],
  ],
  e: "Broken",
};

describe("An execution whose stage goes down", () => {
  it("ends, undisturbed, with what it is expected to", async () => {
    const { status, output, seconds } = await run();
    assert.deepEqual([status, output], ["SUCCEEDED", EXPECTED]);
    // 5 and 10 seconds between attempts, 30 of the wait, then items 1, 2 and 3 beside each other and 4 after the first.
    assert.equal(seconds, 5 + 10 + 30 + 5);
  });

  it("ends the same wherever that happens and however often, and waits no longer", () => {
    const crash = fc.record({ change: fc.integer({ min: 0, max: 70 }), isWritten: fc.boolean() });
    return fc.assert(
      fc.asyncProperty(fc.uniqueArray(crash, { maxLength: 6, selector: ({ change }) => change }), async (crashes) => {
        const { status, output, seconds, events } = await run({ crashes });
        assert.deepEqual([status, output], ["SUCCEEDED", EXPECTED]);
        // An attempt whose failure is not on disk is made again at once, without its pause.
        assert.ok(seconds >= 35 && seconds <= 50, `${seconds} seconds`);
        assert.deepEqual(
          events.map(({ id }) => id),
          events.map((_, index) => index + 1),
        );
        assert.ok(events.every(({ id, previousEventId }) => previousEventId < id));
      }),
      { numRuns: 200 },
    );
  });

  it("performs a task again that was under way, and none that had ended", async () => {
    const undisturbed = await run();
    const ofTask =
      (name: string) =>
      (call: { name: string }): boolean =>
        call.name === name;
    for (let change = 0; change < 60; change++) {
      const { calls } = await run({ crashes: [{ change, isWritten: true }] });
      const more = calls.length - undisturbed.calls.length;
      assert.ok(more >= 0 && more <= 3, `${more} calls more after a crash at change ${change}`);
      assert.ok(calls.filter(ofTask("broken")).length <= 2);
    }
  });
});
