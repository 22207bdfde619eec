/** Parallel and Map: what goes in, what comes out, what one failure does to the others. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../language/json";
import { expectAccepted } from "../testing/accepted";
import { fails, functionArn, never, oneTask, runMachine } from "../testing/machine";

const pass = (name: string, more: object = {}): object => ({
  StartAt: name,
  States: { [name]: { Type: "Pass", ...more, End: true } },
});
const task = (name: string, more: object = {}): object => ({
  StartAt: name,
  States: { [name]: { Type: "Task", Resource: functionArn(name), ...more, End: true } },
});
const machine = (
  state: object,
  QueryLanguage = "JSONata",
): { QueryLanguage: string; StartAt: string; States: Record<string, object> } => ({
  QueryLanguage,
  StartAt: "S",
  States: { S: { ...state, End: true } },
});
const parallel = (Branches: readonly object[], more: object = {}): object => ({ Type: "Parallel", Branches, ...more });
const map = (ItemProcessor: object, more: object = {}): object => ({ Type: "Map", ItemProcessor, ...more });

const TWO = machine(parallel([pass("A", { Output: "{% $states.input.n + 1 %}" }), pass("B")], { Arguments: { n: 1 } }));
const SCOPES = {
  QueryLanguage: "JSONata",
  StartAt: "V",
  States: {
    V: { Type: "Pass", Assign: { outer: 1 }, Next: "S" },
    S: parallel(
      [
        {
          StartAt: "A",
          States: {
            A: { Type: "Pass", Assign: { own: "{% $outer + 1 %}" }, Next: "A2" },
            A2: { Type: "Pass", Output: "{% $own %}", End: true },
          },
        },
        pass("B", { Output: "{% $exists($own) %}" }),
      ],
      { Next: "After" },
    ),
    After: { Type: "Pass", Output: { got: "{% $states.input %}", own: "{% $exists($own) %}" }, End: true },
  },
};
const DOUBLED = machine(
  map(pass("I", { Output: "{% $states.input.v * 2 %}" }), {
    Items: "{% $states.input.list %}",
    ItemSelector: { v: "{% $states.context.Map.Item.Value %}", i: "{% $states.context.Map.Item.Index %}" },
  }),
);
const PATHS = machine(
  map(task("f"), {
    ItemsPath: "$.list",
    ItemSelector: { "v.$": "$$.Map.Item.Value", "all.$": "$.name" },
    ResultPath: "$.out",
  }),
  "JSONPath",
);

describe("A Parallel", () => {
  it("gives each branch its arguments, and the outputs in the order of the branches", async () => {
    const run = await runMachine(TWO);
    assert.deepEqual(run.output, [2, { n: 1 }]);
  });

  it("lasts as long as its longest branch", async () => {
    const waits = [5, 60, 30].map((Seconds, index) => ({
      StartAt: `W${index}`,
      States: { [`W${index}`]: { Type: "Wait", Seconds, End: true } },
    }));
    assert.equal((await runMachine(machine(parallel(waits)))).seconds, 60);
  });

  it("shows its branches the variables around them, and nobody theirs", async () => {
    const run = await runMachine(SCOPES);
    assert.deepEqual(run.output, { got: [2, false], own: false });
  });

  it("fails with the first branch that fails, and ends the others", async () => {
    const branches = [
      task("slow"),
      {
        StartAt: "W",
        States: { W: { Type: "Wait", Seconds: 3, Next: "F" }, F: { Type: "Fail", Error: "Own", Cause: "why" } },
      },
    ];
    const run = await runMachine(machine(parallel(branches)), { functions: { slow: never } });
    assert.deepEqual([run.status, run.error, run.cause, run.seconds], ["FAILED", "Own", "why", 3]);
    assert.ok(run.types.includes("ParallelStateFailed") && !run.types.includes("LambdaFunctionSucceeded"));
  });

  it("is tried again as a whole, and caught", async () => {
    const state = parallel([task("f"), task("g")], {
      Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }],
    });
    const { StartAt } = machine({});
    const definition = {
      QueryLanguage: "JSONata",
      StartAt,
      States: { S: { ...state, End: true }, C: { Type: "Pass", End: true } },
    };
    const run = await runMachine(definition, { functions: { f: () => fails("Busy"), g: () => 1 } });
    assert.deepEqual([run.status, run.output], ["SUCCEEDED", { Error: "Busy", Cause: "because" }]);
    assert.deepEqual(run.calls.map(({ name }) => name).sort(), ["f", "f", "g", "g"]);
  });

  it("holds others of its kind", async () => {
    const inner = { StartAt: "P", States: { P: { ...parallel([pass("X"), pass("Y")]), End: true } } };
    assert.deepEqual((await runMachine(machine(parallel([inner, pass("Z")])), { input: 1 })).output, [[1, 1], 1]);
  });
});

describe("A Map", () => {
  it("gives each iteration what its selector makes of the item, and the outputs in the order of the items", async () => {
    assert.deepEqual((await runMachine(DOUBLED, { input: { list: [1, 2, 3] } })).output, [2, 4, 6]);
  });

  it("takes items and selector by paths, and puts the outputs where ResultPath says", async () => {
    const run = await runMachine(PATHS, { input: { list: ["a", "b"], name: "n" }, functions: { f: (work) => work } });
    assert.deepEqual(run.output, {
      list: ["a", "b"],
      name: "n",
      out: [
        { v: "a", all: "n" },
        { v: "b", all: "n" },
      ],
    });
  });

  it("of no items gives none", async () => {
    assert.deepEqual((await runMachine(DOUBLED, { input: { list: [] } })).output, []);
  });

  it("fails on items that are no list", async () => {
    assert.equal((await runMachine(DOUBLED, { input: { list: 5 } })).error, "States.QueryEvaluationError");
  });

  it("runs no more iterations at the same time than it may", async () => {
    for (const [MaxConcurrency, seconds] of [
      [1, 60],
      [3, 20],
      [0, 10],
    ] as const) {
      const waiting = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 10, End: true } } };
      const run = await runMachine(machine(map(waiting, { Items: "{% [1..6] %}", MaxConcurrency })));
      assert.deepEqual([run.status, run.seconds], ["SUCCEEDED", seconds]);
    }
  });

  it("fails with the first iteration that fails, and begins no others", async () => {
    const run = await runMachine(machine(map(task("f"), { Items: "{% [1..9] %}", MaxConcurrency: 2 })), {
      functions: { f: (work) => (work === 3 ? fails("Three") : work) },
    });
    assert.deepEqual([run.error, run.types.includes("MapStateFailed")], ["Three", true]);
    assert.ok(run.calls.length <= 4, `${run.calls.length} calls`);
  });

  it("tells each iteration in the history", async () => {
    const { types } = await runMachine(DOUBLED, { input: { list: [7] } });
    assert.deepEqual(types.slice(1, -1), [
      "MapStateEntered",
      "MapStateStarted",
      "MapIterationStarted",
      "PassStateEntered",
      "PassStateExited",
      "MapIterationSucceeded",
      "MapStateSucceeded",
      "MapStateExited",
    ]);
  });

  it("of a task is that task for each item, whatever the concurrency", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 12 }),
        fc.integer({ min: 0, max: 5 }),
        async (list, MaxConcurrency) => {
          const items = JSON.parse(JSON.stringify(list)) as Json[];
          const run = await runMachine(machine(map(task("f"), { Items: "{% $states.input %}", MaxConcurrency })), {
            input: items,
            functions: { f: (work) => ({ got: work }) },
          });
          assert.deepEqual(
            run.output,
            items.map((got) => ({ got })),
          );
        },
      ),
      { numRuns: 30 },
    ));

  it("is tested, as Parallel is, with definitions that asl-validator accepts", () =>
    expectAccepted([TWO, SCOPES, DOUBLED, PATHS, { ...oneTask("f") }]));
});
