/** What becomes of an execution when the disk takes no more. */
import assert from "node:assert/strict";
import { START } from "../../../test/stage";
import { VirtualClock } from "../../clock";
import { DurableError } from "../../durable/durable-error";
import { Execution } from "./execution";
import { ExecutionStore } from "./execution-store";
import { parseMachine } from "./language/parse";

const DEFINITION = JSON.stringify({
  StartAt: "A",
  States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "C" }, C: { Type: "Succeed" } },
});
const ARN = "arn:aws:states:eu-west-1:000000000000:execution:m:one";

describe("An execution", () => {
  it("stands still, and says so, when the disk takes no more", async () => {
    const store = new ExecutionStore();
    const machineArn = "arn:aws:states:eu-west-1:000000000000:stateMachine:m";
    const begun = {
      arn: ARN,
      name: "one",
      machineArn,
      input: "{}",
      started: START,
      definition: DEFINITION,
      roleArn: "role",
    };
    store.apply({ kind: "started", execution: begun });
    const record = store.find(ARN) ?? assert.fail("it is not there");
    const said: string[] = [];
    let left = 3;
    const execution = new Execution(
      record,
      "m",
      parseMachine(DEFINITION, { refusalOf: () => undefined }),
      () => assert.fail("there is no task"),
      {
        clock: new VirtualClock(START),
        journal: {
          record: async (change) => {
            if (left-- === 0) throw new DurableError("the disk is full");
            store.apply(change);
          },
        },
        say: (line) => said.push(line),
        onEvents: () => undefined,
      },
    );
    execution.begin();
    await execution.ended();
    assert.deepEqual(said, [`execution ${ARN} stands still until the stage opens again: the disk is full`]);
    assert.equal(record.end, undefined);
    assert.deepEqual(execution.reached(""), { state: "B", input: {}, variables: {}, entered: START, retries: [] });
  });
});
