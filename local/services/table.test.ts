/** docs/local-stage.md says what the stage models; this holds it to the code. Does not prove what is written beside it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { render, withStage } from "../../test/stage";

describe("The table of what is modelled", () => {
  it("names every service with exactly its operations, and what is not modelled of it", async () => {
    const text = await readFile(join(__dirname, "../../docs/local-stage.md"), "utf8");
    const section = /## What is modelled\n([\s\S]*?)\n## /.exec(text)?.[1] ?? "";
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*?) \| (.*?) \|$/gm)];
    const told = Object.fromEntries(
      rows.map(([, service = "", operations = ""]): [string, string] => [service, operations]),
    );
    await withStage(await render(() => undefined), async ({ stage }) => {
      const modelled = Object.fromEntries(
        stage.services.map(({ signingName, operations }) => [
          signingName,
          Object.keys(operations).sort().join(", ") || "none: APIs come from the program",
        ]),
      );
      assert.deepEqual(told, modelled);
    });
    for (const [, service, , not = ""] of rows) assert.ok(not.trim().length > 10, `${service}: what is not modelled?`);
  });
});
