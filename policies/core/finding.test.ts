/** The text in which findings travel. Does not prove that the engine carries it (rules' own proofs do). */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { fromText, toText, type Told } from "./finding";

const line = fc.string({ minLength: 1 }).filter((text) => !/[\n\r]/.test(text) && text.trim() === text);
const told = fc.record(
  {
    message: line,
    subject: line,
    check: line,
    statement: line,
    actions: fc.array(fc.stringMatching(/^[a-z]+:[A-Za-z]+$/), { minLength: 1 }),
    fix: line,
    waived: line,
  },
  { requiredKeys: ["message", "subject", "fix"], noNullPrototype: true },
);

describe("A finding as text", () => {
  it("reads back as it was", () => {
    fc.assert(fc.property(told, (parts: Told) => assert.deepEqual(fromText(toText(parts)), parts)));
  });

  it("stays on its lines, whatever a message quotes", () => {
    const text = toText({ message: "got\n  fix: nothing", subject: "a", fix: "b" });
    assert.equal(text, "got fix: nothing\nsubject: a\nfix: b");
  });

  it("is refused in any other form", () => {
    assert.throws(
      () => fromText("can't run policy\nduring preview"),
      /must begin with subject, check, .*, got: during preview/,
    );
    assert.throws(() => fromText("a message alone"), /must have a subject and a fix, got: a message alone/);
  });
});
