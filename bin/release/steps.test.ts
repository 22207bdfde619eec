/** The steps that builds call, against a CLI of a few answers. Does not prove what the real CLI prints (engines/ does). */
import assert from "node:assert/strict";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import type { Ended } from "./pulumi";
import { apply, preview, StepError } from "./steps";

const URN = "urn:pulumi:dev::clickstream::aws:sns/topic:Topic::people";
const document = (op: string): string =>
  JSON.stringify({
    steps: [{ op, urn: URN, newState: { urn: URN, type: "aws:sns/topic:Topic", custom: true, inputs: {} } }],
    changeSummary: { [op]: 1 },
  });
const INSPECTED = readPreview(document("create")).digest;

class Scene {
  readonly calls: string[] = [];
  readonly kept = new Map<string, string>();
  readonly said: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, Partial<Ended>>>) {}

  readonly deps = {
    pulumi: async ([verb = "", ...args]: readonly string[]): Promise<Ended> => {
      this.calls.push([verb, ...args].join(" "));
      return { status: 0, stdout: "", stderr: "", ...this.answers[verb] };
    },
    keep: async (key: string, content: string): Promise<void> => void this.kept.set(key, content),
    say: (line: string): void => void this.said.push(line),
  };
}

describe("A release's steps", () => {
  it("previews with every step shown", async () => {
    const scene = new Scene({ preview: { stdout: document("create") } });
    await preview(scene.deps, "dev", "previews/1");
    assert.equal(scene.kept.get("previews/1"), document("create"));
    assert.match(scene.calls[0] ?? "", /--stack dev --json --show-sames --show-replacement-steps/);
  });

  it("keeps a preview that failed with an account of it, and fails without one", async () => {
    const scene = new Scene({ preview: { status: 255, stdout: document("create") } });
    await preview(scene.deps, "dev", "previews/1");
    assert.equal(scene.kept.size, 1);
    const silent = new Scene({ preview: { status: 255, stderr: "no stack named 'dev' found" } });
    await assert.rejects(preview(silent.deps, "dev", "previews/1"), /no stack named 'dev' found/);
  });

  it("updates what was inspected, and keeps what was done", async () => {
    const scene = new Scene({ preview: { stdout: document("create") }, up: { stdout: '{"summaryEvent":{}}' } });
    await apply(scene.deps, "dev", INSPECTED, "updates/1");
    assert.equal(scene.calls.length, 2);
    assert.equal(scene.kept.get("updates/1"), '{"summaryEvent":{}}');
  });

  it("does nothing when the change is not the one that was inspected, or the stack is locked", async () => {
    const moved = new Scene({ preview: { stdout: document("delete") } });
    await apply(moved.deps, "dev", INSPECTED, "updates/1");
    assert.deepEqual([moved.calls.length, moved.kept.get("updates/1")], [1, ""]);
    const locked = new Scene({
      preview: { stdout: document("create") },
      up: { status: 255, stderr: "error: the stack is currently locked by 1 lock(s)" },
    });
    await apply(locked.deps, "dev", INSPECTED, "updates/1");
    assert.equal(locked.kept.get("updates/1"), "");
  });

  it("fails with its account kept when the update fails", async () => {
    const scene = new Scene({
      preview: { stdout: document("create") },
      up: { status: 255, stdout: "{}", stderr: "limit exceeded" },
    });
    await assert.rejects(apply(scene.deps, "dev", INSPECTED, "updates/1"), StepError);
    assert.equal(scene.kept.get("updates/1"), "{}");
  });
});
