/**
 * docs/engines.md names every engine, and every declared difference with the side that is right.
 * Does not prove the figures in it: they are of the run that it names.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../bin/folders";
import { DIFFERENCES } from "../endpoints/differences";
import { engineNames } from "./find-engines";

describe("docs/engines.md", () => {
  const text = readFileSync(join(ROOT, "docs/engines.md"), "utf8");

  it("names every engine", () => {
    for (const name of engineNames()) assert.match(text, new RegExp(`^\\| \`${name}\` \\|`, "m"), name);
  });

  it("has a row for every declared difference, and no other", () => {
    const rows = text.split("\n").filter((line) => /^\| \w+: .* \| (moto|ministack) \|/.test(line));
    const declared = DIFFERENCES.map(({ call, of, right, because }) => `| ${call} | ${of} | ${right} | ${because} |`);
    assert.deepEqual(rows.sort(), declared.sort());
  });
});
