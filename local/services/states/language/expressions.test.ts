/** Intrinsic functions, and JSONata in its sandbox. Expectations follow the Step Functions developer guide. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { EvaluationFailure } from "./failure";
import type { Json } from "./json";
import { compileJsonata } from "./jsonata-expression";
import { compileValue, ofInput } from "./jsonpath-expression";
import { Place, type DefinitionProblem } from "./place";
import type { Scope } from "./scope";

const scopeOf = (input: Json): Scope => ({
  input,
  variables: { v: { n: 7 } },
  context: { State: { Name: "S" } },
  now: Date.UTC(2026, 0, 5, 10),
  random: () => 0.5,
});

const evaluate = (compile: typeof compileJsonata, source: string, input: Json): Promise<Json> => {
  const problems: DefinitionProblem[] = [];
  const expression = compile(source, Place.top(problems).at("Field"));
  assert.deepEqual(problems, []);
  return expression(scopeOf(input));
};
const intrinsic = (source: string, input: Json = {}): Promise<Json> =>
  evaluate((text, place) => compileValue(text, ofInput, place), source, input);
const jsonata = (source: string, input: Json = {}): Promise<Json> => evaluate(compileJsonata, source, input);

const INTRINSICS: readonly (readonly [string, Json])[] = [
  ["States.Array(1, 'a', $.x, null, true)", [1, "a", "X", null, true]],
  ["States.ArrayPartition($.list, 2)", [[1, 2], [3]]],
  ["States.ArrayContains($.list, 2)", true],
  ["States.ArrayContains($.list, '2')", false],
  ["States.ArrayRange(1, 9, 4)", [1, 5, 9]],
  ["States.ArrayRange(3, 1, -1)", [3, 2, 1]],
  ["States.ArrayGetItem($.list, 1)", 2],
  ["States.ArrayLength($.list)", 3],
  ["States.ArrayUnique(States.Array(1, 2, 1))", [1, 2]],
  ["States.Base64Encode('Data')", "RGF0YQ=="],
  ["States.Base64Decode('RGF0YQ==')", "Data"],
  ["States.Format('{} is {}', $.x, 5)", "X is 5"],
  ["States.Format('\\{\\}{}', $.x)", "{}X"],
  ["States.Format('it\\'s')", "it's"],
  ["States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
  ["States.JsonMerge($.one, $.two, false)", { a: 2, b: 1, c: 3 }],
  ["States.JsonToString($.one)", '{"a":1,"b":1}'],
  ["States.StringToJson('[1]')", [1]],
  ["States.MathAdd($.list[0], -5)", -4],
  ["States.MathRandom(1, 11)", 6],
  ["States.StringSplit('a,b+c', ',+')", ["a", "b", "c"]],
  ["States.Format('{}', States.ArrayGetItem(States.StringSplit($.path, '/'), 1))", "b"],
  ["States.MathAdd($v.n, 1)", 8],
  ["States.Format('{}', $$.State.Name)", "S"],
];
const INPUT: Json = { x: "X", list: [1, 2, 3], one: { a: 1, b: 1 }, two: { a: 2, c: 3 }, path: "a/b/c" };

describe("An intrinsic function", () => {
  for (const [source, value] of INTRINSICS) {
    it(`${source} is ${JSON.stringify(value)}`, async () => assert.deepEqual(await intrinsic(source, INPUT), value));
  }

  it("States.UUID is a new one each time", async () => {
    const [first, second] = [await intrinsic("States.UUID()"), await intrinsic("States.UUID()")];
    assert.match(String(first), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(first, second);
  });

  for (const source of [
    "States.ArrayLength('no list')",
    "States.ArrayGetItem($.list, 9)",
    "States.Format('{} {}', 1)",
    "States.Format('{}', 1, 2)",
    "States.Format('{}', $.list)",
    "States.StringToJson('{')",
    "States.JsonMerge($.one, $.two, true)",
    "States.ArrayRange(1, 5000, 1)",
    "States.Hash('a', 'CRC32')",
  ]) {
    it(`${source} fails by name`, () => assert.rejects(intrinsic(source, INPUT), { error: "States.IntrinsicFailure" }));
  }

  it("splits what joins", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 6 }), async (words) => {
        assert.deepEqual(await intrinsic("States.StringSplit($.text, ',')", { text: words.join(",") }), words);
      }),
    ));
});

describe("A JSONata expression", () => {
  const CASES: readonly (readonly [string, Json])[] = [
    ["$states.input.a + 1", 3],
    ["$v.n", 7],
    ["$now()", "2026-01-05T10:00:00.000Z"],
    ["$millis()", Date.UTC(2026, 0, 5, 10)],
    ["$now('[Y]-[M01]')", "2026-01"],
    ["$random()", 0.5],
    ["$random(1) = $random(1)", true],
    ["$partition([1,2,3], 2)", [[1, 2], [3]]],
    ["$range(1, 9, 4)", [1, 5, 9]],
    ["$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["$parse('{\"a\":[1]}').a", [1]],
    ["$length($uuid())", 36],
    ["[$states.input.a]", [2]],
    ["$states.input.{'b': a}", { b: 2 }],
    ["null", null],
  ];
  for (const [source, value] of CASES) {
    it(`${source} is ${JSON.stringify(value)}`, async () => assert.deepEqual(await jsonata(source, { a: 2 }), value));
  }

  for (const [what, source] of [
    ["runs for ever", "($f := function($x) { $f($x + 1) }; $f(1))"],
    ["calls itself too deeply", "($f := function($x) { 1 + $f($x + 1) }; $f(1))"],
    ["makes too much", "[1..9999999]"],
    ["evaluates text", "$eval('1 + 1')"],
    ["gives nothing", "$states.input.missing"],
    ["gives a function", "function($x) { $x }"],
    ["sees no more than it is given", "$process.env"],
    ["reads what is no JSON", "$parse('{')"],
  ] as const) {
    it(`that ${what} fails, and is told`, () =>
      assert.rejects(jsonata(source), (error) => {
        assert.ok(error instanceof EvaluationFailure);
        assert.equal(error.error, "States.QueryEvaluationError");
        assert.match(error.cause ?? "", /^The JSONata expression '/);
        return true;
      }));
  }

  it("gives back any JSON as it is", () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const input = JSON.parse(JSON.stringify(value)) as Json;
        assert.deepEqual(await jsonata("$states.input", input), input);
      }),
    ));

  it("cannot reach what JavaScript objects inherit", () =>
    assert.rejects(jsonata("$states.input.constructor.constructor('return 1')()"), EvaluationFailure));
});
