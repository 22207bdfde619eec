/** The environment contract. Does not prove that infrastructure fills it (infra/compute does). */
import assert from "node:assert/strict";
import { readEnv } from "./env";

describe("A function's environment", () => {
  it("is read by its contract", () => {
    assert.deepEqual(readEnv({ TABLE: "text", CUTOFF: "number" }, { TABLE: "t", CUTOFF: "2.5", OTHER: "x" }), {
      TABLE: "t",
      CUTOFF: 2.5,
    });
  });

  it("is refused with every variable that is missing or misshapen", () => {
    assert.throws(() => readEnv({ TABLE: "text", CUTOFF: "number", TREES: "number" }, { CUTOFF: "two" }), {
      message:
        'the function\'s environment is incomplete: TABLE must be a text, got null; CUTOFF must be a number, got "two"; TREES must be a number, got null',
    });
  });
});
