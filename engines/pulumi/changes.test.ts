/**
 * Every kind of change, previewed by the real engine: the guard judges what it wrote, and the local stage's own plan
 * foretells the same steps. Each preview is kept for the guard's tests (functions/inspect/corpus/recorded).
 * Does not prove that AWS's provider asks for the same replacements: the facts are the Terraform provider's.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  expectedOf,
  readRecording,
  RECORDED_CHANGES,
  recordingFile,
  RECORDINGS,
  type RecordedChange,
  type Recording,
} from "../../functions/inspect/corpus/recorded";
import { judge } from "../../functions/inspect/judge";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import { noteFigure } from "../harness/figures";
import { normaliseDocument, normaliseEvents } from "./recording";
import { SHOP_FILES, shopWith } from "./shop";
import { Workspace } from "./workspace";

type Recorded = Readonly<Record<Recording, string>>;

describe("a change, previewed by the real engine", () => {
  const recorded = new Map<RecordedChange, Recorded>();

  before(async () => {
    const workspace = await Workspace.open(SHOP_FILES, shopWith("nothing"));
    try {
      await workspace.must(["stack", "init", "prod"]);
      recorded.set("first deployment", await preview(workspace));
      await workspace.must(["up", "--stack", "prod", "--yes", "--skip-preview"]);
      for (const change of RECORDED_CHANGES.slice(1)) {
        workspace.setProgram(shopWith(change));
        recorded.set(change, await preview(workspace));
      }
    } finally {
      workspace.close();
    }
  });

  for (const change of RECORDED_CHANGES) {
    it(`is judged by what it is: ${change}`, () => {
      for (const recording of RECORDINGS) {
        const text = recorded.get(change)?.[recording] ?? assert.fail("was not recorded");
        keep(change, recording, text);
        const found = judge(readPreview(text)).findings.map(({ change: kind, name }) => `${kind} ${name}`);
        assert.deepEqual(found.sort(), expectedOf(change, recording), recording);
        assert.deepEqual(stepsOf(text), stepsOf(readRecording(change, recording)), "recorded otherwise before");
      }
    });
  }

  after(() => noteFigure("changes previewed and judged", `${recorded.size}, as document and as events`));
});

/** One run writes both. A failing preview is recorded too. */
async function preview(workspace: Workspace): Promise<Recorded> {
  const { stdout, stderr } = await workspace.pulumi(
    [
      ...["preview", "--stack", "prod", "--json", "--show-sames", "--show-replacement-steps", "--parallel", "1"],
      ...["--event-log", workspace.path("events.jsonl")],
    ],
    { PULUMI_DEBUG_COMMANDS: "true" },
  );
  assert.notEqual(stdout, "", stderr);
  return {
    "preview.jsonl": normaliseDocument(stdout),
    "events.jsonl": normaliseEvents(workspace.read("events.jsonl")),
  };
}

/** Writes a recording anew where that was asked for, or where there is none yet. */
function keep(change: RecordedChange, recording: Recording, text: string): void {
  const file = recordingFile(change, recording);
  if (existsSync(file) && process.env["UPDATE_RECORDED"] !== "1") return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** `replace visits hashKey`: what would be done, in short. */
function stepsOf(text: string): string[] {
  const { resources } = readPreview(text);
  return resources
    .map(
      ({ operation, name, type, replacement }) => `${operation} ${type} ${name} ${JSON.stringify(replacement ?? "")}`,
    )
    .sort();
}
