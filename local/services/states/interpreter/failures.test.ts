/**
 * Tasks that fail: who tries again and when, who catches what, what nobody can. Expectations follow the Amazon States
 * Language specification and the Step Functions developer guide, "Handling errors".
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { expectAccepted } from "../testing/accepted";
import { fails, never, oneTask, runMachine, type Stand } from "../testing/machine";
import { isNamed, StateFailure } from "../language/failure";
import { planRetry } from "./retry";

const jsonata = (task: object, more: Record<string, object> = {}): ReturnType<typeof oneTask> => {
  const { StartAt, States } = oneTask("f", task);
  return { ...{ QueryLanguage: "JSONata" }, StartAt, States: { ...States, ...more } };
};
const caught = (error: string, more: object = {}): object => ({
  Catch: [{ ErrorEquals: [error], Next: "Caught", ...more }],
});
const Caught = { Caught: { Type: "Pass", End: true } };

describe("A task that fails", () => {
  it("is tried again with growing pauses, as long as its retrier says", async () => {
    const retry = { ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3, MaxDelaySeconds: 10 };
    const run = await runMachine(jsonata({ Retry: [retry] }), { functions: { f: () => fails("Busy", "still") } });
    assert.deepEqual([run.status, run.error, run.cause], ["FAILED", "Busy", "still"]);
    assert.deepEqual(
      run.calls.map(({ at }) => at),
      [0, 2, 8, 18],
    );
  });

  it("has three attempts more, after 1, 2 and 4 seconds, where its retrier says nothing else", async () => {
    const run = await runMachine(jsonata({ Retry: [{ ErrorEquals: ["States.ALL"] }] }), {
      functions: { f: (_, calls) => (calls < 3 ? fails("Busy") : { ok: true }) },
    });
    assert.deepEqual([run.status, run.output], ["SUCCEEDED", { ok: true }]);
    assert.deepEqual(
      run.calls.map(({ at }) => at),
      [0, 1, 3, 7],
    );
  });

  it("counts the attempts of each retrier by itself", async () => {
    const errors = ["A", "B", "A", "B", "A"];
    const retriers = ["A", "B"].map((error) => ({ ErrorEquals: [error], MaxAttempts: 2, BackoffRate: 1 }));
    const run = await runMachine(jsonata({ Retry: retriers }), {
      functions: { f: (_, calls) => fails(errors[calls] ?? "none left") },
    });
    assert.deepEqual([run.error, run.calls.length], ["A", 5]);
  });

  it("is not tried again for another error, nor with MaxAttempts 0", async () => {
    const retriers = [{ ErrorEquals: ["Never"], MaxAttempts: 0 }, { ErrorEquals: ["Other"] }];
    for (const error of ["Never", "Unnamed"]) {
      const run = await runMachine(jsonata({ Retry: retriers }), { functions: { f: () => fails(error) } });
      assert.deepEqual([run.error, run.calls.length], [error, 1]);
    }
  });

  it("sees in its context object how often it was tried", async () => {
    const run = await runMachine(
      jsonata({ Arguments: "{% $states.context.State.RetryCount %}", Retry: [{ ErrorEquals: ["Busy"] }] }),
      { functions: { f: (_, calls) => (calls < 2 ? fails("Busy") : "done") } },
    );
    assert.deepEqual(
      run.calls.map(({ work }) => work),
      [0, 1, 2],
    );
  });

  it("is caught after its attempts, with the error as the next input", async () => {
    const task = { Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }], ...caught("Busy") };
    const run = await runMachine(jsonata(task, Caught), { functions: { f: () => fails("Busy", "why") } });
    assert.deepEqual([run.output, run.path, run.calls.length], [{ Error: "Busy", Cause: "why" }, ["T", "Caught"], 2]);
  });

  it("is caught with the catcher's own Output and Assign", async () => {
    const own = {
      Output: { was: "{% $states.errorOutput.Error %}", in: "{% $states.input.n %}" },
      Assign: { cause: "{% $states.errorOutput.Cause %}" },
    };
    const next = { Caught: { Type: "Pass", Output: { of: "{% $states.input %}", v: "{% $cause %}" }, End: true } };
    const run = await runMachine(jsonata(caught("States.ALL", own), next), {
      input: { n: 1 },
      functions: { f: () => fails("Busy", "why") },
    });
    assert.deepEqual(run.output, { of: { was: "Busy", in: 1 }, v: "why" });
  });

  it("is caught in JSONPath with the error where ResultPath says", async () => {
    const { StartAt, States } = oneTask("f", caught("States.TaskFailed", { ResultPath: "$.error" }));
    const run = await runMachine(
      { StartAt, States: { ...States, ...Caught } },
      { input: { a: 1 }, functions: { f: () => fails("Own", "why") } },
    );
    assert.deepEqual(run.output, { a: 1, error: { Error: "Own", Cause: "why" } });
  });

  it("is caught when its arguments or its output cannot be computed", async () => {
    for (const field of [{ Arguments: "{% $missing %}" }, { Output: "{% $states.result.missing %}" }]) {
      const task = { ...field, ...caught("States.QueryEvaluationError") };
      const run = await runMachine(jsonata(task, Caught), { functions: { f: () => ({}) } });
      assert.deepEqual([run.status, run.path], ["SUCCEEDED", ["T", "Caught"]]);
      assert.ok(run.types.includes("EvaluationFailed"));
    }
  });

  it("times out, and States.ALL catches that while States.TaskFailed does not", async () => {
    const stands: Record<string, Stand> = { f: never };
    const run = (error: string): ReturnType<typeof runMachine> =>
      runMachine(jsonata({ TimeoutSeconds: 7, ...caught(error) }, Caught), { functions: stands });
    const all = await run("States.ALL");
    assert.deepEqual([all.status, all.seconds, all.output], ["SUCCEEDED", 7, { Error: "States.Timeout" }]);
    assert.ok(all.types.includes("LambdaFunctionTimedOut"));
    const failed = await run("States.TaskFailed");
    assert.deepEqual([failed.status, failed.error, failed.seconds], ["FAILED", "States.Timeout", 7]);
  });

  it("has its timeout computed", async () => {
    const run = await runMachine(jsonata({ TimeoutSeconds: "{% $states.input.s %}" }), {
      input: { s: 3 },
      functions: { f: never },
    });
    assert.deepEqual([run.error, run.seconds], ["States.Timeout", 3]);
  });

  it("ends the execution when its result is too large, whatever is caught by States.ALL", async () => {
    const run = await runMachine(jsonata(caught("States.ALL"), Caught), {
      functions: { f: () => "x".repeat(262_144) },
    });
    assert.deepEqual([run.status, run.error], ["FAILED", "States.DataLimitExceeded"]);
  });

  it("is tested with definitions that asl-validator accepts", () =>
    expectAccepted([
      jsonata({
        Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3, MaxDelaySeconds: 10 }],
      }),
      jsonata(
        { TimeoutSeconds: "{% $states.input.s %}", ...caught("States.ALL", { Output: { a: 1 }, Assign: { b: 1 } }) },
        Caught,
      ),
    ]));
});

describe("A machine", () => {
  it("ends when any state hands on more than 256 KiB, and not a byte before", async () => {
    const handingOn = (characters: number): object => ({
      Type: "Pass",
      QueryLanguage: "JSONata",
      Output: `{% $pad("", ${characters}, "x") %}`,
      End: true,
    });
    // The text's quotes count, too.
    const fits = await runMachine({ StartAt: "T", States: { T: handingOn(262_142) } });
    assert.equal(fits.status, "SUCCEEDED");
    const run = await runMachine({ StartAt: "T", States: { T: handingOn(262_143) } });
    assert.deepEqual([run.status, run.error], ["FAILED", "States.DataLimitExceeded"]);
  });

  it("times out as a whole, in a wait or in a task", async () => {
    for (const state of [{ Type: "Wait", Seconds: 100, End: true }, oneTask("f").States["T"] ?? {}]) {
      const run = await runMachine(
        { TimeoutSeconds: 50, StartAt: "T", States: { T: state } },
        { functions: { f: never } },
      );
      assert.deepEqual([run.status, run.error, run.seconds], ["TIMED_OUT", "States.Timeout", 50]);
      assert.equal(run.types.at(-1), "ExecutionTimedOut");
    }
  });

  it("that runs in a circle fails at 25,000 events", async () => {
    const circle = {
      StartAt: "A",
      States: {
        A: { Type: "Pass", Next: "B" },
        B: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "A" }], Default: "C" },
        C: { Type: "Succeed" },
      },
    };
    const run = await runMachine(circle, { input: { n: 1 } });
    assert.deepEqual([run.status, run.error], ["FAILED", "States.Runtime"]);
    assert.ok(run.events.length <= 25_000 && run.events.length > 24_990, `${run.events.length} events`);
  });
});

describe("A retrier", () => {
  const retrier = fc.record({
    errors: fc.constant(["E"]),
    intervalSeconds: fc.integer({ min: 1, max: 1000 }),
    maxAttempts: fc.integer({ min: 0, max: 20 }),
    backoffRate: fc.double({ min: 1, max: 5, noNaN: true }),
    maxDelaySeconds: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.constant(Infinity)),
    isJittered: fc.boolean(),
  });

  it("gives up after as many attempts as it may, and never waits longer than it may", () => {
    fc.assert(
      fc.property(retrier, fc.double({ min: 0, max: 0.999, noNaN: true }), (declared, share) => {
        let retries: readonly number[] = [];
        for (let attempt = 0; attempt < declared.maxAttempts; attempt++) {
          const plan = planRetry([declared], new StateFailure("E", undefined), retries, () => share);
          assert.ok(plan !== undefined && plan.delayMs >= 0);
          assert.ok(plan.delayMs <= declared.maxDelaySeconds * 1000);
          if (!declared.isJittered && attempt === 0) {
            assert.equal(plan.delayMs, Math.min(declared.intervalSeconds, declared.maxDelaySeconds) * 1000);
          }
          retries = plan.retries;
        }
        assert.equal(
          planRetry([declared], new StateFailure("E", undefined), retries, () => share),
          undefined,
        );
      }),
    );
  });
});

describe("A name in ErrorEquals", () => {
  const CASES: readonly (readonly [string, string, boolean])[] = [
    ["Own", "Own", true],
    ["Own", "Other", false],
    ["States.ALL", "Own", true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.DataLimitExceeded", false],
    ["States.ALL", "States.Runtime", false],
    ["States.Runtime", "States.Runtime", false],
    ["States.TaskFailed", "Own", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.Timeout", "States.HeartbeatTimeout", true],
    ["States.HeartbeatTimeout", "States.Timeout", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
  ];
  for (const [name, error, isMatch] of CASES) {
    it(`${name} ${isMatch ? "stands" : "does not stand"} for ${error}`, () =>
      assert.equal(isNamed([name], new StateFailure(error, undefined)), isMatch));
  }
});
