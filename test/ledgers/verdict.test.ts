/**
 * The verdict over a run's ledgers, on made-up ones: each fault is seen, and only where it is. Does not prove that stages
 * leave their ledgers (gather.test.ts), nor that they are right (local/iam).
 */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { GatheredLedger } from "./gather";
import { parseUnproven, renderUnproven } from "./unproven";
import { judgeLedgers } from "./verdict";

const READ = "alert Read s3:GetObject arn:aws:s3:::raw-*";
const WRITE = "alert Write s3:PutObject arn:aws:s3:::raw-*";
const WRITE_ELSEWHERE = "alert Write s3:PutObject arn:aws:s3:::processed-*";
const TAG = "alert Write s3:PutObjectTagging arn:aws:s3:::raw-*";

const ledger = (used: readonly string[], more: Partial<GatheredLedger> = {}): GatheredLedger => ({
  opener: "stacks/journey.test.ts:7",
  granted: [],
  used,
  denied: [],
  ...more,
});
const refusal = { role: "alert", action: "s3:GetObject", resource: "arn:x", message: "alert may not read", count: 3 };
const faults = (...args: Parameters<typeof judgeLedgers>): readonly string[] => judgeLedgers(...args).faults;

describe("Least privilege over a whole run", () => {
  it("holds where each grant was used by some stage, and no call was denied", () => {
    const declared = [{ key: READ }, { key: WRITE }];
    const verdict = judgeLedgers([ledger([READ]), ledger([WRITE])], declared, []);
    assert.deepEqual(verdict, { faults: [], unproven: [], granted: [READ, WRITE], used: [READ, WRITE] });
  });

  it("fails on a denied call, and says in which stage", () => {
    assert.deepEqual(faults([ledger([], { denied: [refusal] })], [], []), [
      "denied 3 times, in the stage of stacks/journey.test.ts:7: alert may not read",
    ]);
  });

  it("takes a ledger in which denied calls are expected for no evidence at all", () => {
    const provoked = ledger([READ], { denied: [refusal], deniedCallsExpected: "a stranger calls" });
    assert.deepEqual(faults([provoked], [{ key: READ }], []), [
      `no run uses ${READ}, and nothing says why it is granted`,
    ]);
  });

  it("fails where denied calls were expected and none came in any stage with that expectation", () => {
    const expecting = { deniedCallsExpected: "a stranger calls" };
    assert.deepEqual(faults([ledger([], expecting)], [], []), [
      "denied calls were expected and none came: a stranger calls",
    ]);
    assert.deepEqual(faults([ledger([], expecting), ledger([], { ...expecting, denied: [refusal] })], [], []), []);
  });

  it("fails on a grant that no stage used, whoever declares it, where the program gives no reason, listed or not", () => {
    const fault = [`no run uses ${READ}, and nothing says why it is granted`];
    assert.deepEqual(faults([ledger([])], [{ key: READ }], ["alert Read"]), fault);
    assert.deepEqual(faults([ledger([], { granted: [{ key: READ }] })], [], ["alert Read"]), fault);
    assert.deepEqual(faults([], [{ key: READ }, { key: READ, idle: "rare" }], ["alert Read"]), fault);
    assert.deepEqual(faults([], [{ key: READ, idle: "rare" }, { key: READ }], ["alert Read"]), fault);
  });

  it("fails on one with a reason that is not listed", () => {
    const declared = [{ key: READ, idle: "rare" }];
    assert.deepEqual(faults([], declared, []), [`no run uses ${READ}, and it is not listed as unproven (rare)`]);
    assert.deepEqual(faults([], declared, ["alert Read"]), []);
    assert.deepEqual(faults([], declared, ["alert Rea"]).length, 2, "a part of a word is no entry");
  });

  it("fails on an entry of the list that a run used after all, or that nobody is granted", () => {
    assert.deepEqual(faults([ledger([READ])], [{ key: READ, idle: "rare" }], ["alert Read", "alert Gone"]), [
      `alert Read is listed as unproven, and a run used ${READ}`,
      "alert Gone is listed as unproven, and nobody is granted it",
    ]);
  });

  it("fails on a reason that every run which has the grant refutes", () => {
    const granted = [{ key: READ, idle: "rare" }];
    const [usual, unusual] = [ledger([], { granted }), ledger([READ], { granted })];
    assert.deepEqual(faults([usual, unusual, ledger([])], [], []), []);
    assert.deepEqual(faults([unusual, unusual, ledger([])], [], []), [
      `every run uses ${READ}, which no normal run is said to use (rare)`,
    ]);
  });

  it("lists a statement whole where none of it was used, else its actions, else their resources", () => {
    const idle = "rare";
    const declared = [READ, WRITE, WRITE_ELSEWHERE, TAG].map((key) => ({ key, idle }));
    const listedAfter = (...used: string[]): string[] =>
      judgeLedgers([ledger(used)], declared, []).unproven.map(({ entry }) => entry);
    assert.deepEqual(listedAfter(), ["alert Read", "alert Write"]);
    assert.deepEqual(listedAfter(READ, TAG), ["alert Write s3:PutObject"]);
    assert.deepEqual(listedAfter(READ, TAG, WRITE), [WRITE_ELSEWHERE]);
  });

  it("is content with the list that it would write, whatever was used", () => {
    const word = fc.constantFrom("a", "b", "ab");
    const keys = fc.uniqueArray(fc.tuple(word, word, word, word).map((words) => words.join(" ")));
    fc.assert(
      fc.property(keys, fc.array(fc.boolean()), (granted, isUsed) => {
        const declared = granted.map((key) => ({ key, idle: "rare" }));
        const run = [ledger(granted.filter((_, index) => isUsed[index] === true))];
        const { unproven } = judgeLedgers(run, declared, []);
        assert.deepEqual(faults(run, declared, parseUnproven(renderUnproven(unproven))), []);
      }),
    );
  });

  it("writes its list under the reasons", () => {
    const unproven = [
      { entry: "detect Send", reason: "used only on failure" },
      { entry: "alert Send sqs:SendMessage", reason: "used only on failure" },
      { entry: "alert Read", reason: "rare" },
    ];
    assert.equal(
      renderUnproven(unproven),
      [
        "# rare",
        "alert           Read",
        "",
        "# used only on failure",
        "alert           Send                           sqs:SendMessage",
        "detect          Send",
        "",
      ].join("\n"),
    );
  });
});
