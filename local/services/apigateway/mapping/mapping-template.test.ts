/**
 * `$util` and `$input` beside what the tests of an API already show.
 * Does not prove: that AWS answers alike for input that its documentation does not speak of.
 */
import assert from "node:assert/strict";
import { START } from "../../../../test/stage";
import { Exchange } from "../exchange";
import { requestOf } from "../testing/open-gateway";
import { TemplateError } from "../velocity/value";
import { Message } from "./input-variable";
import { MappingTemplate } from "./mapping-template";

const PLACE = {
  facts: { account: "000000000000", region: "eu-west-1", partition: "aws" },
  apiId: "abc",
  stageName: "v1",
  deploymentId: "d",
  variables: new Map(),
};

function render(template: string, message = Message.ofText(""), headers: Record<string, string> = {}): string {
  return new MappingTemplate(template, "response").render(new Exchange(requestOf({ headers }), PLACE, START), message);
}

describe("$util", () => {
  const rendered: readonly (readonly [template: string, expected: string])[] = [
    [`$util.escapeJavaScript("it's")`, "it\\'s"],
    [`$util.escapeJavaScript(1)`, "1"],
    [`[$util.escapeJavaScript($none)]`, "[]"],
    [`$util.base64Encode("h\u00e9")`, "aMOp"],
    [`$util.base64Decode("aMOp")`, "h\u00e9"],
    [`$util.urlEncode("a b&c=\u00e9/~*(x)")`, "a+b%26c%3D%C3%A9%2F%7E*%28x%29"],
    [`$util.urlDecode("a+b%26%zz")`, "a b&%zz"],
    [`$util.parseJson('{"a":[1,{"b":"c"}]}').a[1].b`, "c"],
    [`$util.parseJson('[1,2]').size()`, "2"],
  ];
  for (const [template, expected] of rendered)
    it(`renders ${template}`, () => assert.equal(render(template), expected));

  it("fails on what is no JSON, and on functions it does not have", () => {
    assert.throws(() => render(`$util.parseJson("{")`), TemplateError);
    for (const call of [
      "$util.toJson('x')",
      "$util.constructor('x')",
      "$util.escapeJavaScript()",
      "$util.urlEncode('a', 'b')",
    ]) {
      assert.throws(() => render(call), TemplateError, call);
    }
  });
});

describe("$input", () => {
  it("takes a body that is no JSON for a text", () => {
    const message = Message.ofText("a=b&c");
    assert.equal(
      render(`$input.json('$')|$input.path('$')|[$input.path('$.a')]|$input.body`, message),
      `"a=b&c"|a=b&c|[]|a=b&c`,
    );
  });

  it("takes an empty body for an empty object", () => {
    assert.equal(render(`$input.json('$')|$input.json('$.a')|$input.body|$input.path('$').size()`), `{}|""|{}|0`);
  });

  it("reads an answer that was never written down", () => {
    const message = Message.ofObject({ a: { b: [1, "x"] } });
    assert.equal(
      render(`$input.json('$.a')|$input.path('$.a.b[1]')|$input.body`, message),
      `{"b":[1,"x"]}|x|{"a":{"b":[1,"x"]}}`,
    );
  });

  it("goes through all parameters, without the request line of HTTP/2", () => {
    const template =
      "#foreach($type in $input.params().keySet())$type:#foreach($name in $input.params().get($type).keySet())$name#end;#end";
    assert.equal(
      render(template, Message.ofText(""), { ":method": "GET", host: "x" }),
      "path:;querystring:;header:host;",
    );
  });

  it("fails on calls it does not have", () => {
    for (const call of ["$input.xml('$')", "$input.path(1)", "$input.params('a', 'b')"]) {
      assert.throws(() => render(call), TemplateError, call);
    }
  });
});
