/**
 * Each state type as a table of (definition, input) -> (output or error, path), in both query languages. Expectations follow
 * the Amazon States Language specification and the Step Functions developer guide.
 * Does not prove: how AWS words causes.
 */
import assert from "node:assert/strict";
import type { Json } from "../language/json";
import { expectAccepted } from "../testing/accepted";
import { runMachine } from "../testing/machine";

interface Case {
  readonly claim: string;
  readonly states: Readonly<Record<string, object>>;
  readonly input?: Json;
  /** Query language. @default JSONata */
  readonly in?: "JSONPath";
  readonly output?: Json;
  readonly error?: string;
  /** @default - the first state only */
  readonly path?: readonly string[];
  readonly seconds?: number;
}

const end = { Type: "Succeed" };
const PASS: readonly Case[] = [
  { claim: "hands its input on", states: { A: { Type: "Pass", End: true } }, input: { a: 1 }, output: { a: 1 } },
  {
    claim: "hands on what it computes, literals and all",
    states: {
      A: { Type: "Pass", Output: { a: "{% $states.input.n * 2 %}", b: ["x", "{% 'y' %}"], c: null }, End: true },
    },
    input: { n: 4 },
    output: { a: 8, b: ["x", "y"], c: null },
  },
  {
    claim: "gives variables values that later states see, all from before the state",
    states: {
      A: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "B" },
      B: { Type: "Pass", Assign: { x: "{% $y %}", y: "{% $x %}" }, Output: "{% $x %}", Next: "C" },
      C: { Type: "Pass", Output: "{% [$states.input, $x, $y] %}", End: true },
    },
    output: [1, 2, 1],
    path: ["A", "B", "C"],
  },
  {
    claim: "fails on an expression that gives nothing",
    states: { A: { Type: "Pass", Output: "{% $states.input.missing %}", End: true } },
    error: "States.QueryEvaluationError",
  },
  {
    claim: "fails on an expression that throws",
    states: { A: { Type: "Pass", Output: "{% 'a' + 1 %}", End: true } },
    error: "States.QueryEvaluationError",
  },
  {
    claim: "knows the clock's time and the context object",
    states: {
      A: {
        Type: "Pass",
        Output: "{% [$now(), $states.context.State.Name, $states.context.Execution.Name] %}",
        End: true,
      },
    },
    output: ["2026-01-05T10:00:00.000Z", "A", "test"],
  },
  {
    claim: "puts its Result where ResultPath says",
    in: "JSONPath",
    states: { A: { Type: "Pass", Result: { x: 1 }, ResultPath: "$.made.here", End: true } },
    input: { a: 1 },
    output: { a: 1, made: { here: { x: 1 } } },
  },
  {
    claim: "throws its result away with a null ResultPath",
    in: "JSONPath",
    states: { A: { Type: "Pass", Result: 5, ResultPath: null, End: true } },
    input: { a: 1 },
    output: { a: 1 },
  },
  {
    claim: "takes its input through InputPath and Parameters, and gives it through OutputPath",
    in: "JSONPath",
    states: {
      A: {
        Type: "Pass",
        InputPath: "$.in",
        Parameters: { "name.$": "$.name", "all.$": "States.Format('{}/{}', $.name, $$.State.Name)", fixed: 1 },
        ResultPath: "$.out",
        OutputPath: "$.out",
        End: true,
      },
    },
    input: { in: { name: "n" } },
    output: { name: "n", all: "n/A", fixed: 1 },
  },
  {
    claim: "has an empty input with a null InputPath, an empty output with a null OutputPath",
    in: "JSONPath",
    states: { A: { Type: "Pass", InputPath: null, Next: "B" }, B: { Type: "Pass", OutputPath: null, End: true } },
    input: { a: 1 },
    output: {},
    path: ["A", "B"],
  },
  {
    claim: "fails when a path of its Parameters finds nothing",
    in: "JSONPath",
    states: { A: { Type: "Pass", Parameters: { "x.$": "$.missing" }, End: true } },
    error: "States.Runtime",
  },
  {
    claim: "fails for good when a path finds nothing, whatever a Catch names",
    in: "JSONPath",
    states: {
      A: {
        Type: "Parallel",
        Branches: [{ StartAt: "B", States: { B: { Type: "Pass", Parameters: { "x.$": "$.missing" }, End: true } } }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }],
        Next: "C",
      },
      C: { Type: "Succeed" },
    },
    error: "States.Runtime",
    path: ["A", "B"],
  },
  {
    claim: "fails when an intrinsic function cannot take what it is given",
    in: "JSONPath",
    states: { A: { Type: "Pass", Parameters: { "x.$": "States.ArrayLength($.n)" }, End: true } },
    input: { n: 1 },
    error: "States.IntrinsicFailure",
  },
  {
    claim: "fails when ResultPath leads through a number",
    in: "JSONPath",
    states: { A: { Type: "Pass", Result: 1, ResultPath: "$.n.x", End: true } },
    input: { n: 1 },
    error: "States.ResultPathMatchFailure",
  },
  {
    claim: "gives variables values in JSONPath too",
    in: "JSONPath",
    states: {
      A: { Type: "Pass", Assign: { "x.$": "$.n", y: { "z.$": "$.n" } }, Next: "B" },
      B: { Type: "Pass", Parameters: { "got.$": "$y.z", "sum.$": "States.MathAdd($x, 1)" }, End: true },
    },
    input: { n: 3 },
    output: { got: 3, sum: 4 },
    path: ["A", "B"],
  },
];

const choice = (...Choices: object[]): Case["states"] => ({
  A: { Type: "Choice", Choices, Default: "No" },
  Yes: { Type: "Pass", End: true },
  No: { Type: "Fail", Error: "No" },
});
const yes = ["A", "Yes"];
const no = ["A", "No"];
const CHOICE: readonly Case[] = [
  {
    claim: "takes the first rule that holds",
    states: {
      A: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.n > 9 %}", Next: "Big" },
          {
            Condition: "{% $states.input.n > 4 %}",
            Next: "Middle",
            Assign: { m: 1 },
            Output: { was: "{% $states.input.n %}" },
          },
          { Condition: "{% true %}", Next: "Any" },
        ],
      },
      Big: end,
      Middle: { Type: "Pass", Output: { in: "{% $states.input %}", m: "{% $m %}" }, End: true },
      Any: end,
    },
    input: { n: 5 },
    output: { in: { was: 5 }, m: 1 },
    path: ["A", "Middle"],
  },
  {
    claim: "takes the default, with the state's own Assign and Output",
    states: {
      A: {
        Type: "Choice",
        Choices: [{ Condition: "{% false %}", Next: "B" }],
        Default: "B",
        Assign: { v: "default" },
        Output: { of: "the state" },
      },
      B: { Type: "Pass", Output: "{% [$v, $states.input] %}", End: true },
    },
    output: ["default", { of: "the state" }],
    path: ["A", "B"],
  },
  {
    claim: "fails when no rule holds and there is no default",
    states: { A: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "B" }] }, B: end },
    error: "States.NoChoiceMatched",
  },
  {
    claim: "fails on a condition that is not true or false",
    states: { A: { Type: "Choice", Choices: [{ Condition: "{% 1 %}", Next: "B" }], Default: "B" }, B: end },
    error: "States.QueryEvaluationError",
  },
  ...(
    [
      [{ Variable: "$.s", StringEquals: "b" }, true],
      [{ Variable: "$.s", StringLessThan: "b" }, false],
      [{ Variable: "$.s", StringGreaterThanEquals: "b" }, true],
      [{ Variable: "$.s", StringMatches: "b*" }, true],
      [{ Variable: "$.path", StringMatches: "a.c\\*?*" }, false],
      [{ Variable: "$.path", StringMatches: "a.*\\*" }, true],
      [{ Variable: "$.n", NumericEquals: 5 }, true],
      [{ Variable: "$.n", NumericLessThanEquals: 4.9 }, false],
      [{ Variable: "$.n", NumericEqualsPath: "$.m" }, true],
      [{ Variable: "$.n", StringEquals: "5" }, false],
      [{ Variable: "$.t", BooleanEquals: true }, true],
      [{ Variable: "$.when", TimestampLessThan: "2026-01-01T00:00:00+01:00" }, true],
      [{ Variable: "$.when", IsTimestamp: true }, true],
      [{ Variable: "$.s", IsTimestamp: false }, true],
      [{ Variable: "$.missing", IsPresent: false }, true],
      [{ Variable: "$.none", IsPresent: true }, true],
      [{ Variable: "$.none", IsNull: true }, true],
      [{ Variable: "$.n", IsNumeric: true }, true],
      [{ Variable: "$.s", IsString: true }, true],
      [{ Variable: "$.t", IsBoolean: false }, false],
      [{ Not: { Variable: "$.s", StringEquals: "b" } }, false],
      [
        {
          And: [
            { Variable: "$.n", NumericEquals: 5 },
            { Variable: "$.s", StringEquals: "c" },
          ],
        },
        false,
      ],
      [{ Or: [{ Variable: "$.n", NumericEquals: 1 }, { Not: { Variable: "$.s", StringEquals: "c" } }] }, true],
    ] as const
  ).map(([rule, holds]): Case => ({
    claim: `${JSON.stringify(rule)} ${holds ? "holds" : "does not hold"}`,
    in: "JSONPath",
    states: choice({ ...rule, Next: "Yes" }),
    input: { s: "b", n: 5, m: 5, t: true, none: null, when: "2025-12-31T22:59:59Z", path: "a.c*" },
    ...(holds ? { path: yes } : { path: no, error: "No" }),
  })),
  {
    claim: "fails on a comparison with what is not there",
    in: "JSONPath",
    states: choice({ Variable: "$.missing", NumericEquals: 1, Next: "Yes" }),
    error: "States.Runtime",
  },
];

const WAIT: readonly Case[] = [
  { claim: "waits seconds", states: { A: { Type: "Wait", Seconds: 90, End: true } }, input: 1, output: 1, seconds: 90 },
  {
    claim: "waits computed seconds",
    states: { A: { Type: "Wait", Seconds: "{% $states.input.s + 1 %}", End: true } },
    input: { s: 4 },
    seconds: 5,
  },
  {
    claim: "waits until a time",
    states: { A: { Type: "Wait", Timestamp: "2026-01-05T11:00:00Z", End: true } },
    seconds: 3600,
  },
  {
    claim: "does not wait for the past",
    states: { A: { Type: "Wait", Timestamp: "2020-01-05T11:00:00Z", End: true } },
    seconds: 0,
  },
  {
    claim: "fails on seconds that are none",
    states: { A: { Type: "Wait", Seconds: "{% 'soon' %}", End: true } },
    error: "States.QueryEvaluationError",
  },
  {
    claim: "waits as a path says",
    in: "JSONPath",
    states: {
      A: { Type: "Wait", SecondsPath: "$.s", Next: "B" },
      B: { Type: "Wait", TimestampPath: "$.t", End: true },
    },
    input: { s: 60, t: "2026-01-05T10:02:00Z" },
    seconds: 120,
    path: ["A", "B"],
  },
];

const ENDS: readonly Case[] = [
  {
    claim: "Succeed ends with its output",
    states: { A: { Type: "Succeed", Output: { done: "{% $states.input.a %}" } } },
    input: { a: 1 },
    output: { done: 1 },
  },
  {
    claim: "Succeed ends with what its paths give",
    in: "JSONPath",
    states: { A: { Type: "Succeed", InputPath: "$.a", OutputPath: "$.b" } },
    input: { a: { b: 1 } },
    output: 1,
  },
  { claim: "Fail ends with its error", states: { A: { Type: "Fail", Error: "Own", Cause: "why" } }, error: "Own" },
  {
    claim: "Fail ends with a computed error",
    states: { A: { Type: "Fail", Error: "{% 'E' & $states.input.n %}", Cause: "{% $states.context.State.Name %}" } },
    input: { n: 1 },
    error: "E1",
  },
  {
    claim: "Fail ends with the error that a path finds",
    in: "JSONPath",
    states: { A: { Type: "Fail", ErrorPath: "$.e", CausePath: "States.Format('{}!', $.e)" } },
    input: { e: "Found" },
    error: "Found",
  },
  { claim: "Fail may have no error", states: { A: { Type: "Fail" } } },
];

const TYPES = { "A Pass": PASS, "A Choice": CHOICE, "A Wait": WAIT, "A final state": ENDS };

const definitionOf = ({ states, in: language }: Case): object => ({
  QueryLanguage: language ?? "JSONata",
  StartAt: "A",
  States: states,
});

for (const [type, cases] of Object.entries(TYPES)) {
  describe(type, () => {
    for (const each of cases) {
      const { claim, input, output, error, path = ["A"], seconds } = each;
      it(claim, async () => {
        const run = await runMachine(definitionOf(each), input === undefined ? {} : { input });
        assert.equal(run.error, error, run.cause);
        if (output !== undefined) assert.deepEqual(run.output, output);
        assert.deepEqual(run.path, path);
        if (seconds !== undefined) assert.equal(run.seconds, seconds);
      });
    }

    it("is tested with definitions that asl-validator accepts", () => expectAccepted(cases.map(definitionOf)));
  });
}
