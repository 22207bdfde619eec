/** The picture in docs/detector.md is what the detector answers now. Does not prove that the answers are right. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { drawDemo, SEED } from "./picture";

describe("The picture of the detector", () => {
  it("is drawn from the detector as it is", () => {
    assert.equal(readFileSync(resolve(__dirname, "../../docs/detector.svg"), "utf8"), drawDemo(SEED));
  });
});
