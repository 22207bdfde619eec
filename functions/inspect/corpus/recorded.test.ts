/**
 * What the real engine wrote, judged. Does not prove that today's engine still writes the same: `npm run test:engines --
 * pulumi` records anew and compares.
 */
import assert from "node:assert/strict";
import { judge } from "../judge";
import { readPreview } from "../pulumi/read-preview";
import { expectedOf, readRecording, RECORDED_CHANGES, RECORDINGS } from "./recorded";

describe("a preview recorded from the real engine", () => {
  for (const change of RECORDED_CHANGES) {
    for (const recording of RECORDINGS) {
      it(`is judged by what it is: ${change} (${recording})`, () => {
        const { verdict, findings } = judge(readPreview(readRecording(change, recording)));
        const found = findings.map(({ change: kind, name }) => `${kind} ${name}`);
        assert.deepEqual(found.sort(), expectedOf(change, recording));
        assert.equal(verdict, found.length === 0 ? "safe" : "refused");
      });
    }
  }

  it("says the same as a document and as a stream", () => {
    for (const change of RECORDED_CHANGES) {
      const [document, stream] = RECORDINGS.map((recording) =>
        readPreview(readRecording(change, recording)).resources.map(
          ({ id, operation, replacement }) => `${operation} ${id} certain: ${replacement?.certain ?? ""}`,
        ),
      );
      assert.deepEqual(document?.sort(), stream?.sort(), change);
    }
  });
});
