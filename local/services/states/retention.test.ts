/** Which ended executions are let go of. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ExecutionRecord } from "./execution-record";
import { outlived, RETENTION_MS } from "./retention";

const NOW = RETENTION_MS * 2;

interface Drawn {
  readonly machine: string;
  readonly events: number;
  /** How long ago it ended; nothing while it runs. */
  readonly age: number | undefined;
}

const recordOf = ({ machine, events, age }: Drawn, index: number): ExecutionRecord => ({
  arn: `${machine}:${index}`,
  name: String(index),
  machineArn: machine,
  input: "{}",
  started: 0,
  definition: "{}",
  roleArn: "role",
  end: age === undefined ? undefined : { status: "SUCCEEDED", stopped: NOW - age },
  events: Array.from({ length: events }, (_, id) => ({ id: id + 1, previousEventId: id, time: 0, type: "X" })),
  branches: new Map(),
});

describe("Retention", () => {
  it("lets go of what ended more than 90 days ago", () => {
    const records = [
      { machine: "m", events: 1, age: RETENTION_MS + 1 },
      { machine: "m", events: 1, age: RETENTION_MS },
    ].map(recordOf);
    assert.deepEqual(
      outlived(records, NOW).map(({ name }) => name),
      ["0"],
    );
  });

  it("keeps what runs, and of each machine the newest within its bounds", () => {
    const drawn = fc.record({
      machine: fc.constantFrom("a", "b"),
      events: fc.integer({ min: 0, max: 9 }),
      age: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
    });
    const bounds = { executions: 4, events: 20 };
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 30 }), (all) => {
        const records = all.map(recordOf);
        const gone = new Set(outlived(records, NOW, bounds));
        for (const machine of ["a", "b"]) {
          const ended = records.filter(({ machineArn, end }) => machineArn === machine && end !== undefined);
          const kept = ended.filter((record) => !gone.has(record));
          assert.ok(kept.length <= bounds.executions);
          assert.ok(kept.reduce((sum, { events }) => sum + events.length, 0) <= bounds.events);
          assert.deepEqual(kept, ended.slice(ended.length - kept.length));
        }
        assert.ok([...gone].every(({ end }) => end !== undefined));
      }),
    );
  });
});
