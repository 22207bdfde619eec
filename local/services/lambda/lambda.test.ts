/**
 * Functions in worker threads: what they run with, what they answer, what they may.
 * Does not prove: AWS's own runtime.
 */
import assert from "node:assert/strict";
import { getPriority } from "node:os";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { render, withStage, type TestStage } from "../../../test/stage";
import { program } from "./testing/declared-function";

const invoke = ({ stage }: TestStage, payload: unknown): Promise<unknown> =>
  stage.dispatch(stage.operator.principal, "lambda", "Invoke", {
    FunctionName: "fn",
    Payload: JSON.stringify(payload),
  });

describe("A function", () => {
  it("gives way to whoever answers requests", async function () {
    if (process.platform !== "linux") this.skip();
    const graph = await render(program({ code: `return require("node:os").getPriority();` }));
    await withStage(graph, async (test) => {
      const before = getPriority();
      assert.deepEqual(await invoke(test, {}), { StatusCode: 200, Payload: "10" });
      assert.equal(getPriority(), before, "its thread alone");
    });
  });

  it("runs its code with its own environment and answers", async () => {
    const graph = await render(
      program({
        code: `return { got: event, color: process.env.COLOR, region: process.env.AWS_REGION, name: context.functionName, home: process.env.HOME ?? null };`,
        function: { environment: { variables: { COLOR: "red" } } },
      }),
    );
    await withStage(graph, async (test) => {
      assert.deepEqual(await invoke(test, { a: 1 }), {
        StatusCode: 200,
        Payload: JSON.stringify({ got: { a: 1 }, color: "red", region: "eu-west-1", name: "fn", home: null }),
      });
    });
  });

  it("that throws, does not end, or cannot be loaded answers an error", async () => {
    const throwing = await render(program({ code: `throw new TypeError("wrong input");` }));
    await withStage(throwing, async (test) => {
      const answer = (await invoke(test, {})) as { FunctionError: string; Payload: string };
      assert.equal(answer.FunctionError, "Unhandled");
      const { errorType, errorMessage } = JSON.parse(answer.Payload) as Record<string, string>;
      assert.deepEqual({ errorType, errorMessage }, { errorType: "TypeError", errorMessage: "wrong input" });
    });
    const endless = await render(program({ code: `for (;;);`, function: { timeout: 1 } }));
    await withStage(endless, async (test) => {
      const { Payload } = (await invoke(test, {})) as { Payload: string };
      assert.match(Payload, /Sandbox\.Timedout.*Task timed out after 1\.00 seconds/);
    });
    const broken = await render(program({ code: `}; syntax error {` }));
    await withStage(broken, async (test) => {
      assert.match(((await invoke(test, {})) as { Payload: string }).Payload, /SyntaxError/);
    });
  });

  it("is refused with an input that is no JSON, and by a name that is none", async () => {
    await withStage(await render(program({ code: "return 1;" })), async ({ stage }) => {
      const call = (input: object): Promise<unknown> =>
        stage.dispatch(stage.operator.principal, "lambda", "Invoke", input);
      await assert.rejects(call({ FunctionName: "fn", Payload: "{" }), { code: "InvalidRequestContentException" });
      await assert.rejects(call({ FunctionName: "g" }), {
        code: "ResourceNotFoundException",
        message: "Function not found: arn:aws:lambda:eu-west-1:000000000000:function:g",
      });
    });
  });

  it("of a role that does not trust Lambda keeps the stage from opening", async () => {
    const graph = await render(() => {
      program({ code: "return 1;" })();
      new aws.iam.Role("other", {
        name: "other",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "firehose.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      });
      new aws.lambda.Function("g", {
        name: "g",
        role: "arn:aws:iam::000000000000:role/other",
        runtime: "nodejs24.x",
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = () => 1;") }),
      });
    });
    await assert.rejects(
      withStage(graph, async () => undefined),
      /lambda\.amazonaws\.com may not take on arn:aws:iam::000000000000:role\/other: its trust policy does not allow it/,
    );
  });
});
