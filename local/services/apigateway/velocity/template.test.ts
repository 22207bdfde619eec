/**
 * Velocity as mapping templates use it: every rule that a template of the platform leans on, and every place where the
 * parser reads otherwise than Apache's and is therefore stopped.
 * Does not prove: that API Gateway's own engine renders the same; that was never asked.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Template } from "./template";
import { fromJson, TemplateError, type Value } from "./value";

function render(text: string, variables: Readonly<Record<string, unknown>> = {}): string {
  return Template.parse(text).render(
    new Map(Object.entries(variables).map(([name, value]) => [name, fromJson(value)])),
  );
}

function refusesToRead(text: string, message: RegExp): void {
  assert.throws(
    () => Template.parse(text),
    (error: unknown) => error instanceof TemplateError && message.test(error.message),
  );
}

const RENDERED: readonly (readonly [
  claim: string,
  template: string,
  expected: string,
  variables?: Record<string, unknown>,
])[] = [
  ["prints a text as it is", `{"a":"b c"} # $ $1 100% #fff`, `{"a":"b c"} # $ $1 100% #fff`],
  ["prints a reference in every form", "$a ${a}x $!a $!{a}x", "1 1x 1 1x", { a: 1 }],
  ["prints nothing where a reference has no value", `[$a][$!a][$a.b][$a.b()][\${a}]`, "[][][][][]"],
  [
    "follows properties, places and methods",
    `$a.b[1].c $a["b"].size() $a.get('b')[0]`,
    "x 2 0",
    { a: { b: [0, { c: "x" }] } },
  ],
  ["takes the last item for place -1", `$a[-1]`, "3", { a: [1, 2, 3] }],
  [
    "prints a map in Java's form and a list of JSON as JSON",
    "$a",
    `{b=1, c=[{"d":"e"},null], f=null}`,
    { a: { b: 1, c: [{ d: "e" }, null], f: null } },
  ],
  ["prints a list of its own in Java's form", `#set($a = ["x", 1, true])$a`, "[x, 1, true]"],
  ["sets references", `#set($a = "x")#set($b = $a)$b`, "x"],
  ["sets members of a map", `#set($a.b = 1)#set($a["c-d"] = 2)#set($a.e-f = 3)$a`, "{b=1, c-d=2, e-f=3}", { a: {} }],
  ["sets members of a map in a map", `#set($a.b.c = "x")$a.b.c`, "x", { a: { b: {} } }],
  ["leaves a reference as it was when the right side has no value", "#set($a = 1)#set($a = $b)$a", "1"],
  ["interpolates double quotes", `#set($a = "x\${b}y$b.length()z")$a`, "xqy1z", { b: "q" }],
  ["does not interpolate single quotes", `#set($a = '$b #if(true)x#end ##')$a`, "$b #if(true)x#end ##", { b: 1 }],
  ["reads directives in double quotes", `#set($a = "#if($b == 1)one#{else}other#end")$a`, "one", { b: 1 }],
  ["adds numbers and joins texts", `#set($a = 1 + 2)#set($b = "x" + 1 + 2 + true)$a $b`, "3 x12true"],
  ["joins from left to right", `#set($a = 1 + 2 + "x")$a`, "3x"],
  [
    "divides whole numbers to whole numbers",
    `#set($a = 7 / 2)#set($b = -7 / 2)#set($c = 7 % 3)#set($d = 7.5 / 2)$a $b $c $d`,
    "3 -3 1 3.75",
  ],
  ["has no result for a division by zero", `#set($a = 1 / 0)[$a]`, "[]"],
  ["multiplies before it adds", `#set($a = 1 + 2 * 3)#set($b = (1 + 2) * 3)#set($c = 5 - 2 - 1)$a $b $c`, "7 9 2"],
  ["compares numbers", `#if(2 > 1 && 1 <= 1 && !(1 >= 2) && 1 < 2)yes#end`, "yes"],
  [
    "compares texts, and a number with its text",
    `#if($a == "x" && 1 == "1" && "01" != 1 && "" != 0)yes#end`,
    "yes",
    { a: "x" },
  ],
  ["knows nothing to be equal to nothing only", `#if($a == $b && $a != "" && $a != 0)yes#end`, "yes"],
  ["finds nothing smaller or greater than nothing", `#if($a < 1 || $a >= 1 || "x" > 1)yes#{else}no#end`, "no"],
  [
    "reads and, or, not, eq, ne, gt and le as operators",
    `#if($a eq 1 and not ($a ne 1) and $a le 1)yes#end`,
    "yes",
    { a: 1 },
  ],
  [
    "takes the first branch that holds",
    `#if($a == 1)one#elseif($a == 2)two#elseif($a == 2)again#else other#end`,
    "two",
    { a: 2 },
  ],
  ["takes the last branch when none holds", "#if($a == 1)one#elseif($a == 2)two#else other#end", " other", { a: 3 }],
  [
    "takes an empty text and a zero for true, nothing and false for false",
    `#if("")1#end#if(0)2#end#if($a)3#end#if(false)4#end#if(!$a)5#end`,
    "125",
  ],
  [
    "nests blocks",
    `#if($a)#foreach($i in $a)#if($i == 2)[#foreach($j in [1..$i])$j#end]#else-#end#end#end`,
    "-[12]-",
    { a: [1, 2, 3] },
  ],
  [
    "goes through a list and knows where it is",
    `#foreach($i in $a)$foreach.index$foreach.count$velocityCount$i#if($foreach.hasNext),#end#end`,
    "011a,122b",
    { a: ["a", "b"] },
  ],
  [
    "goes through a map's values, and through its keys",
    `#foreach($v in $a)$v#end#foreach($k in $a.keySet())$k#end`,
    "12xy",
    { a: { x: 1, y: 2 } },
  ],
  ["goes through ranges both ways", `#foreach($i in [1..3])$i#end#foreach($i in [2..-1])$i#end`, "123210-1"],
  [
    "goes through nothing not at all",
    `#foreach($i in $a)x#end#foreach($i in $b)x#end#foreach($i in [])x#end`,
    "",
    { b: "text" },
  ],
  ["leaves a loop at once", `#foreach($i in $a)$i#if($i == 2)#break#end,#end!`, "1,2!", { a: [1, 2, 3] }],
  ["gives a loop's names back", `#set($i = "kept")#foreach($i in [1, 2])#end$i$!foreach`, "kept"],
  ["keeps what a loop sets", `#foreach($i in [1, 2])#set($last = $i)#end$last`, "2"],
  ["makes maps", `#set($a = {"b": 1, "c": {"d": [1, "x"]}})$a.b $a.c.d[1] $a`, "1 x {b=1, c={d=[1, x]}}"],
  ["prints unparsed text and leaves comments out", `a## no\nb#* no\n *#c#[[$d #if]]#`, "abc$d #if"],
  ["takes the line break after a directive away", "{\n#set($a = 1)\n#if($a == 1)\n$a\n#end\n}", "{\n1\n}"],
  ["keeps the template's last line break", "a\n", "a\n"],
];

const REFUSED: readonly (readonly [claim: string, template: string, message: RegExp])[] = [
  ["a block that is not closed", "#if($a)x", /without its #end/],
  ["a block that is not closed in one that is", "#if($a)#foreach($b in $c)x#end", /without its #end/],
  ["an #end too many", "#if($a)x#end y#end z", /an #end too many/],
  ["an #else outside of an #if", "#else", /#else is not modelled/],
  [
    "|| before && without parentheses, which Apache's parser binds otherwise",
    "#if($a || $b && $c)x#end",
    /put parentheses/,
  ],
  ["a backslash before a quote, which Velocity does not know", `#set($a = "b\\"c")`, /no backslash before a quote/],
  ["a backslash before a quote in single quotes", `#set($a = 'b\\'c')`, /no backslash before a quote/],
  ["a backslash before $", "\\$a", /backslash before \$/],
  ["a unicode escape", `#set($a = "\\u0041")`, /does not model \\u/],
  ["null", "#set($a = null)", /no null/],
  ["a macro", "#macro(x $a)y#end", /#x is not modelled/],
  ["a call of a macro", "#x()", /#x is not modelled/],
  ["#define", "#define($a)x#end", /#a is not modelled/],
  ["#stop", "a #stop", /#stop is no directive/],
  ["#parse", `#parse("x")`, /#parse is not modelled/],
  ["a directive with a space in it", "#{if}($a)b#{end}", /#\{if/],
  ["a call of a reference", "$a()", /calls a reference/],
  ["a method on the left of #set", "#set($a.b() = 1)", /./],
  ["a pattern that JavaScript reads otherwise", `$a.replaceAll("\\p{L}", "x")`, /uses \\p/],
  ["what is no Velocity", "#set($a = )", /Parse error/],
];

const FAILING: readonly (readonly [
  claim: string,
  template: string,
  message: RegExp,
  variables?: Record<string, unknown>,
])[] = [
  [
    "a method that is not there",
    "$a.codePointAt(1)",
    /\$a\.codePointAt\(\.\.\.\): a string has no method codePointAt/,
    { a: "x" },
  ],
  ["a method of another kind", "$a.length()", /a list has no method length/, { a: [] }],
  ["arguments of another kind", "$a.contains(1)", /a string has no method contains\(a number\)/, { a: "x" }],
  ["a place that is not there", "$a.get(2)", /place 2 of a list of 1/, { a: [1] }],
  ["a text joined with nothing", `#set($b = "x" + $a)`, /write "\$!reference"/],
  ["a member of nothing to be set", "#set($a.b = 1)", /its owner is nothing, not a map/],
  ["more turns than API Gateway makes", "#foreach($i in [1..1001])x#end", /a range of 1001 numbers/],
];

describe("A mapping template", () => {
  for (const [claim, template, expected, variables] of RENDERED) {
    it(claim, () => assert.equal(render(template, variables), expected));
  }

  for (const [claim, template, message] of REFUSED) {
    it(`does not accept ${claim}`, () => refusesToRead(template, message));
  }

  for (const [claim, template, message, variables] of FAILING) {
    it(`fails on ${claim}`, () => {
      assert.throws(
        () => render(template, variables),
        (error: unknown) => error instanceof TemplateError && message.test(error.message),
      );
    });
  }

  it("never reads a value as a template", () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        "$",
        "#",
        "{",
        "}",
        "(",
        ")",
        '"',
        "'",
        "\\",
        "a",
        "set",
        "if",
        "end",
        "util",
        "!",
        ".",
        "\n",
        "*",
        "[",
        "]",
      ),
    });
    const template = Template.parse(
      `$a|#set($b = "<$!a>")$b|#set($c = '<' + $a + '>')$c|#foreach($d in [$a])$d#end|#if($a == $b)#end$m.get($a)`,
    );
    fc.assert(
      fc.property(hostile, (value) => {
        const rendered = template.render(
          new Map<string, Value>([
            ["a", value],
            ["m", new Map([[value, value]])],
          ]),
        );
        assert.equal(rendered, `${value}|<${value}>|<${value}>|${value}|${value}`);
      }),
    );
  });

  it("renders one request apart from another", () => {
    const template = Template.parse(`#set($a = "$!a$b")$a`);
    const first = new Map<string, Value>([["b", 1]]);
    assert.equal(template.render(first), "1");
    assert.equal(template.render(first), "11");
    assert.equal(template.render(new Map<string, Value>([["b", 2]])), "2");
  });

  it("is refused beyond the largest size", () => refusesToRead("x".repeat(300 * 1024 + 1), /at most/));
});
