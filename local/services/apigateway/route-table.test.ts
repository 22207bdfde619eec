/**
 * Routing, as it was measured on API Gateway: by resource and method together.
 * Does not prove: the precedence of paths that AWS itself refuses to declare side by side.
 */
import assert from "node:assert/strict";
import { StageError } from "../../diagnostics";
import { RouteTable, type RouteResource } from "./route-table";

function resource(
  id: string,
  parentId: string | undefined,
  pathPart: string,
  ...methods: string[]
): RouteResource<string> {
  return { id, parentId, pathPart, methods: new Map(methods.map((method) => [method, `${method} of ${id}`])) };
}

const TABLE = new RouteTable([
  resource("root", undefined, "", "GET"),
  resource("proxy", "root", "{proxy+}", "ANY"),
  resource("jobs", "root", "jobs"),
  resource("job", "jobs", "{type}", "GET"),
  resource("log", "job", "log", "GET"),
  resource("list", "jobs", "list", "POST"),
  resource("cors", "root", "cors", "OPTIONS"),
]);

describe("A route table", () => {
  const found: readonly (readonly [
    method: string,
    path: string,
    served: string,
    declared: string,
    parameters?: Record<string, string>,
  ])[] = [
    ["GET", "/", "GET of root", "/"],
    ["GET", "", "GET of root", "/"],
    ["GET", "/jobs/reboot", "GET of job", "/jobs/{type}", { type: "reboot" }],
    ["GET", "/jobs/reboot/", "GET of job", "/jobs/{type}", { type: "reboot" }],
    ["GET", "/jobs/a%2Fb%20c", "GET of job", "/jobs/{type}", { type: "a/b c" }],
    ["GET", "/jobs/%zz", "GET of job", "/jobs/{type}", { type: "%zz" }],
    ["GET", "/jobs/reboot/log", "GET of log", "/jobs/{type}/log", { type: "reboot" }],
    ["POST", "/jobs/list", "POST of list", "/jobs/list"],
    ["POST", "/jobs/list/", "POST of list", "/jobs/list"],
    ["POST", "/%6aobs/list", "POST of list", "/jobs/list"],
    ["GET", "/jobs/list", "GET of job", "/jobs/{type}", { type: "list" }],
    ["GET", "/jobs", "ANY of proxy", "/{proxy+}", { proxy: "jobs" }],
    ["POST", "/jobs/reboot", "ANY of proxy", "/{proxy+}", { proxy: "jobs/reboot" }],
    ["GET", "/cors", "ANY of proxy", "/{proxy+}", { proxy: "cors" }],
    ["OPTIONS", "/cors", "OPTIONS of cors", "/cors"],
    ["DELETE", "/a/b/c", "ANY of proxy", "/{proxy+}", { proxy: "a/b/c" }],
  ];
  for (const [method, path, served, declared, parameters = {}] of found) {
    it(`leads ${method} ${path} to ${served}`, () => {
      const route = TABLE.find(method, path);
      assert.deepEqual(
        [route?.served, route?.path, Object.fromEntries(route?.pathParameters ?? [])],
        [served, declared, parameters],
      );
    });
  }

  it("leads nowhere where nothing is declared", () => {
    const table = new RouteTable([
      resource("root", undefined, ""),
      resource("beacon", "root", "beacon", "GET"),
      resource("id", "beacon", "{id}", "GET"),
    ]);
    for (const [method, path] of [
      ["POST", "/beacon"],
      ["GET", "/"],
      ["GET", "/Beacon"],
      ["GET", "//beacon"],
      ["GET", "/beacon//"],
      ["GET", "/beacon/1/2"],
      ["ANY", "/x"],
    ] as const) {
      assert.equal(table.find(method, path), undefined, `${method} ${path}`);
    }
  });

  it("does not let a greedy parameter stand for nothing", () => {
    assert.equal(TABLE.find("POST", "/"), undefined);
  });

  it("refuses resources that make no tree, or clash", () => {
    const root = resource("root", undefined, "");
    for (const others of [
      [resource("a", "elsewhere", "a")],
      [resource("a", "root", "a"), resource("b", "root", "a")],
      [resource("a", "root", "{a}"), resource("b", "root", "{b}")],
      [resource("a", "root", "a b")],
      [resource("a", "b", "a"), resource("b", "a", "b")],
    ]) {
      assert.throws(() => new RouteTable([root, ...others]), StageError);
    }
  });
});
