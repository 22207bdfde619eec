/** State machines as pictures, and executions as ways through them. Does not prove that a machine does what it says. */
import assert from "node:assert/strict";
import { drawMachine, pathOf, verdictOf } from "./state-machine";

const deploy = JSON.stringify({
  StartAt: "Create Change Set",
  States: {
    "Create Change Set": {
      Type: "Task",
      Resource: "x",
      Next: "Safe?",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Deployment Failed" }],
    },
    "Safe?": {
      Type: "Choice",
      Choices: [{ Condition: "{% $verdict = 'safe' %}", Next: "Execute", Comment: "safe" }],
      Default: "Delete Change Set",
    },
    Execute: { Type: "Task", Resource: "x", Next: "Wait" },
    Wait: { Type: "Wait", Seconds: 5, Next: "Finished?" },
    "Finished?": { Type: "Choice", Choices: [{ Next: "Done" }], Default: "Wait" },
    "Delete Change Set": { Type: "Task", Resource: "x", Next: "Deployment Failed" },
    "Deployment Failed": { Type: "Fail" },
    Done: { Type: "Succeed" },
  },
});

describe("a state machine", () => {
  it("has a place for each state and a way for each transition, loops included", () => {
    const { states, transitions } = drawMachine(deploy);
    assert.deepEqual(states.map(({ name }) => name).length, 8);
    const ways = transitions.map(({ from, to, label }) => `${from} > ${to}${label === null ? "" : ` (${label})`}`);
    assert.deepEqual(ways.sort(), [
      "Create Change Set > Deployment Failed (on error)",
      "Create Change Set > Safe?",
      "Delete Change Set > Deployment Failed",
      "Execute > Wait",
      "Finished? > Done",
      "Finished? > Wait (otherwise)",
      "Safe? > Delete Change Set (otherwise)",
      "Safe? > Execute (safe)",
      "Wait > Finished?",
    ]);
    for (const { route } of transitions) assert.ok(route.length >= 2);
  });

  it("tells ways that only an error takes from the others", () => {
    const { transitions } = drawMachine(deploy);
    assert.deepEqual(
      transitions.filter(({ caught }) => caught).map(({ id }) => id),
      ["Create Change Set>Deployment Failed"],
    );
  });

  it("begins at the top", () => {
    const { states } = drawMachine(deploy);
    const [first] = [...states].sort((a, b) => a.column - b.column);
    assert.equal(first?.name, "Create Change Set");
  });

  it("is refused when it is none", () => {
    assert.throws(() => drawMachine("{}"), /StartAt/);
  });
});

describe("an execution", () => {
  const entered = (name: string) => ({ type: "TaskStateEntered", stateEnteredEventDetails: { name } });
  const exited = (name: string, output: unknown) => ({
    type: "TaskStateExited",
    stateExitedEventDetails: { name, output: JSON.stringify(output) },
  });
  const verdict = {
    verdict: "refused",
    engine: "cloudformation",
    digest: "sha256:abc",
    findings: [{ id: "delete:Table", resource: "Table", change: "delete", reason: "it holds data", fix: "keep it" }],
  };

  it("took its states in the order in which it entered them, again where it came back", () => {
    assert.deepEqual(pathOf([{ type: "ExecutionStarted" }, entered("Wait"), entered("Finished?"), entered("Wait")]), [
      "Wait",
      "Finished?",
      "Wait",
    ]);
  });

  it("shows the verdict that its inspection put out, wherever it stands", () => {
    const events = [entered("Inspect"), exited("Inspect", { stack: "a", Inspection: { Payload: verdict } })];
    const { engine, digest, findings } = verdict;
    assert.deepEqual(verdictOf(events), {
      verdict: "refused",
      engine,
      digest,
      summary: null,
      findings: findings.map(({ id, resource, change, reason }) => ({ id, resource, change, reason })),
    });
  });

  it("takes findings that are only named", () => {
    const events = [
      exited("Inspect", { verdict: "refused", summary: "refused: it is lost", findings: ["orphan:Orders"] }),
    ];
    assert.deepEqual(verdictOf(events)?.findings, [
      { id: "orphan:Orders", change: "orphan", resource: "Orders", reason: "" },
    ]);
  });

  it("has none where nothing was inspected", () => {
    assert.equal(verdictOf([exited("Wait", { verdict: "perhaps" })]), null);
  });
});
