/** Definitions that are refused, each with the place and the reason; and the laws that those accepted keep. */
import assert from "node:assert/strict";
import { refusalOf } from "../integrations/catalog";
import { parseMachine } from "./parse";
import { DefinitionError, renderProblem } from "./place";

const problemsOf = (definition: unknown): string[] => {
  try {
    parseMachine(typeof definition === "string" ? definition : JSON.stringify(definition), { refusalOf });
    return [];
  } catch (error) {
    assert.ok(error instanceof DefinitionError, String(error));
    return error.problems.map(renderProblem);
  }
};
const one = (state: object, language = "JSONata"): object => ({
  QueryLanguage: language,
  StartAt: "A",
  States: { A: state },
});
const INVOKE = "arn:aws:states:::lambda:invoke";

/** What is wrong, the definition, and how the refusal begins. */
const REFUSED: readonly (readonly [string, unknown, string])[] = [
  ["no JSON", "{", "state machine: the definition is not JSON: "],
  ["a list", [], "state machine: must be an object, got a list"],
  ["no states", { StartAt: "A", States: {} }, "state machine, States: needs at least one state"],
  [
    "a field that no machine has",
    { StartAt: "A", States: { A: { Type: "Succeed" } }, Foo: 1 },
    "state machine, Foo: a state machine has no such field here; it may have Comment, ",
  ],
  [
    "another language",
    { QueryLanguage: "XPath", StartAt: "A", States: { A: { Type: "Succeed" } } },
    "state machine, QueryLanguage: must be JSONata or JSONPath, got XPath",
  ],
  [
    "a start that is not there",
    { StartAt: "B", States: { A: { Type: "Succeed" } } },
    'state machine, StartAt: there is no state "B" beside it',
  ],
  [
    "a type that is none",
    one({ Type: "Loop" }),
    'state "A", Type: must be one of Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map, got Loop',
  ],
  [
    "a field that a state does not have",
    one({ Type: "Pass", Seconds: 1, End: true }),
    'state "A", Seconds: a Pass in JSONata has no such field here; it may have Type, Comment, ',
  ],
  [
    "a field of the other language",
    one({ Type: "Pass", ResultPath: "$.a", End: true }),
    'state "A", ResultPath: a Pass in JSONata has no such field here',
  ],
  [
    "the same the other way",
    one({ Type: "Pass", Output: "{% 1 %}", End: true }, "JSONPath"),
    'state "A", Output: a Pass in JSONPath has no such field here',
  ],
  [
    "JSONPath inside of JSONata",
    one({ Type: "Pass", QueryLanguage: "JSONPath", End: true }),
    'state "A", QueryLanguage: a machine in JSONata has no states in JSONPath',
  ],
  ["a state that leads nowhere", one({ Type: "Pass" }), 'state "A": needs either Next or End'],
  ["a state that leads and ends", one({ Type: "Pass", Next: "A", End: true }), 'state "A": needs either Next or End'],
  [
    "a target that is not there",
    one({ Type: "Pass", Next: "B" }),
    'state "A": leads to "B", and there is no such state beside it',
  ],
  [
    "a state that nothing leads to",
    { StartAt: "A", States: { A: { Type: "Succeed" }, B: { Type: "Succeed" } } },
    'state "B": no state leads to it',
  ],
  ["a machine that never ends", one({ Type: "Pass", Next: "A" }), "state machine, States: no state ends"],
  [
    "an expression that cannot be read",
    one({ Type: "Pass", Output: { a: ["{% 1 + %}"] }, End: true }),
    'state "A", Output.a[0]: the JSONata expression 1 + cannot be read: ',
  ],
  [
    "an expression without its end",
    one({ Type: "Pass", Output: "{% 1", End: true }),
    'state "A", Output: begins like an expression but does not end like one',
  ],
  [
    "a variable's name that is reserved",
    one({ Type: "Pass", Assign: { states: 1 }, End: true }),
    'state "A", Assign.states: the name states is reserved',
  ],
  [
    "a variable's name that is none",
    one({ Type: "Pass", Assign: { "1st": 1 }, End: true }),
    'state "A", Assign.1st: a variable\'s name is at most 80 letters',
  ],
  [
    "a wait for two things",
    one({ Type: "Wait", Seconds: 1, Timestamp: "2026-01-05T10:00:00Z", End: true }),
    'state "A": needs either Seconds or Timestamp',
  ],
  [
    "a time that is none",
    one({ Type: "Wait", Timestamp: "tomorrow", End: true }),
    'state "A", Timestamp: must be a time like 2026-01-05T10:00:00Z or an expression',
  ],
  [
    "a timeout of 0",
    one({ Type: "Task", Resource: INVOKE, TimeoutSeconds: 0, End: true }),
    'state "A", TimeoutSeconds: must be a whole number from 1 to 99999999',
  ],
  [
    "a heartbeat as long as the timeout",
    one({ Type: "Task", Resource: INVOKE, TimeoutSeconds: 5, HeartbeatSeconds: 5, End: true }),
    'state "A", HeartbeatSeconds: must be less than TimeoutSeconds (5), got 5',
  ],
  [
    "a resource that is none",
    one({ Type: "Task", Resource: "lambda", End: true }),
    'state "A", Resource: must be the ARN of a function or of an integration',
  ],
  [
    "an integration that is not modelled",
    one({ Type: "Task", Resource: "arn:aws:states:::ecs:runTask.sync", End: true }),
    'state "A", Resource: the local stage runs the integrations lambda:invoke, ',
  ],
  [
    "a service that is not modelled",
    one({ Type: "Task", Resource: "arn:aws:states:::aws-sdk:rds:describeDBInstances", End: true }),
    'state "A", Resource: the local stage runs aws-sdk integrations of cloudformation, ',
  ],
  [
    "a pattern that an integration does not have",
    one({ Type: "Task", Resource: "arn:aws:states:::dynamodb:putItem.sync", End: true }),
    'state "A", Resource: dynamodb:putItem cannot end by .sync here',
  ],
  [
    "credentials of another account",
    one({ Type: "Task", Resource: INVOKE, Credentials: {}, End: true }),
    'state "A", Credentials: a Task in JSONata has no such field here',
  ],
  [
    "a retrier's field that is none",
    one({ Type: "Task", Resource: INVOKE, Retry: [{ ErrorEquals: ["A"], Interval: 1 }], End: true }),
    'state "A", Retry[0].Interval: a retrier has no such field here',
  ],
  [
    "a retrier for nothing",
    one({ Type: "Task", Resource: INVOKE, Retry: [{ ErrorEquals: [] }], End: true }),
    'state "A", Retry[0].ErrorEquals: must be a list with at least one entry',
  ],
  [
    "a back-off that shrinks",
    one({ Type: "Task", Resource: INVOKE, Retry: [{ ErrorEquals: ["A"], BackoffRate: 0.5 }], End: true }),
    'state "A", Retry[0].BackoffRate: must be a number from 1, got 0.5',
  ],
  [
    "States.ALL before others",
    one({
      Type: "Task",
      Resource: INVOKE,
      Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["A"] }],
      End: true,
    }),
    'state "A", Retry[0].ErrorEquals: States.ALL stands alone, in the last entry',
  ],
  [
    "a choice without a condition",
    one({ Type: "Choice", Choices: [{ Next: "A" }] }),
    'state "A", Choices[0].Condition: is needed',
  ],
  [
    "a comparison that is none",
    one({ Type: "Choice", Choices: [{ Variable: "$.a", NumericIs: 1, Next: "A" }] }, "JSONPath"),
    'state "A", Choices[0].NumericIs: a choice has no such field here',
  ],
  [
    "two comparisons at once",
    one({ Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, IsString: true, Next: "A" }] }, "JSONPath"),
    'state "A", Choices[0]: needs one comparison, or one of And, Or and Not',
  ],
  [
    "a comparison with another kind",
    one({ Type: "Choice", Choices: [{ Variable: "$.a", NumericEquals: "1", Next: "A" }] }, "JSONPath"),
    'state "A", Choices[0].NumericEquals: cannot compare with text',
  ],
  [
    "a path with a filter",
    one({ Type: "Pass", InputPath: "$.a[?(@.b==1)]", End: true }, "JSONPath"),
    'state "A", InputPath: $.a[?(@.b==1)] is not understood at [?(@.b==1)]',
  ],
  [
    "a result put into many places",
    one({ Type: "Pass", ResultPath: "$.a[*]", End: true }, "JSONPath"),
    'state "A", ResultPath: must name one place of the input',
  ],
  [
    "an intrinsic function that is none",
    one({ Type: "Pass", Parameters: { "a.$": "States.Shout($.a)" }, End: true }, "JSONPath"),
    'state "A", Parameters.a.$: States.Shout is no intrinsic function; there are States.Array, ',
  ],
  [
    "a computed member that is no text",
    one({ Type: "Pass", Parameters: { "a.$": 1 }, End: true }, "JSONPath"),
    'state "A", Parameters.a.$: must be a path or a call of an intrinsic function, as text',
  ],
  [
    "a distributed map",
    one({
      Type: "Map",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, StartAt: "I", States: { I: { Type: "Succeed" } } },
      End: true,
    }),
    'state "A", ItemProcessor.ProcessorConfig.Mode: the local stage runs INLINE only, got DISTRIBUTED',
  ],
  [
    "two states of one name",
    one({ Type: "Parallel", Branches: [{ StartAt: "A", States: { A: { Type: "Succeed" } } }], End: true }),
    'state "A": its name is that of another state',
  ],
  [
    "a branch that assigns a variable from around it",
    {
      QueryLanguage: "JSONata",
      StartAt: "V",
      States: {
        V: { Type: "Pass", Assign: { x: 1 }, Next: "P" },
        P: {
          Type: "Parallel",
          Branches: [{ StartAt: "B", States: { B: { Type: "Pass", Assign: { x: 2 }, End: true } } }],
          End: true,
        },
      },
    },
    'state "B": may not assign x: it is a variable of the states around this branch',
  ],
  [
    "a branch that leads out of itself",
    one({ Type: "Parallel", Branches: [{ StartAt: "B", States: { B: { Type: "Pass", Next: "A" } } }], End: true }),
    'state "B": leads to "A", and there is no such state beside it',
  ],
];

describe("A definition", () => {
  for (const [what, definition, refusal] of REFUSED) {
    it(`with ${what} is refused at its place`, () => {
      const problems = problemsOf(definition);
      assert.ok(
        problems.some((problem) => problem.startsWith(refusal)),
        `got: ${problems.join("\n") || "no refusal"}`,
      );
    });
  }

  it("is told all its problems at once", () => {
    const states = { A: { Type: "Pass", Foo: 1, Next: "B" }, B: { Type: "Wait", Next: "C" } };
    assert.equal(problemsOf({ StartAt: "A", States: states }).length, 3);
  });

  it("in JSONPath may have states in JSONata", () => {
    const states = {
      A: { Type: "Pass", Parameters: { "x.$": "$.a" }, Next: "B" },
      B: { Type: "Pass", QueryLanguage: "JSONata", Output: "{% $states.input.x %}", End: true },
    };
    assert.deepEqual(problemsOf({ StartAt: "A", States: states }), []);
  });
});
