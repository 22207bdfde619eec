/**
 * Faults as a person asks for them: what is refused with its place, and that the same seed strikes the same calls.
 * Does not prove what a platform makes of them: stacks/faults.test.ts does.
 */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inScratchFolder } from "../durable/testing/scratch-folder";
import { AwsError, type Service } from "../services/service";
import { FaultPlan } from "./fault-plan";
import { FAULTS, readFaults, readFaultsFile } from "./settings";

/** Which of a hundred calls were refused. */
async function refusedOf(plan: FaultPlan): Promise<number[]> {
  const refused: number[] = [];
  for (let call = 0; call < 100; call++) {
    await plan.around("kinesis", "PutRecord", () => undefined).catch(() => refused.push(call));
  }
  return refused;
}

describe("A file of faults", () => {
  it("needs no more than what is to go wrong where", async () => {
    await inScratchFolder(async (folder) => {
      const file = join(folder, "faults.yaml");
      await writeFile(file, `calls:\n  - { on: "kinesis:PutRecord", fault: throttle }\n`);
      const { seed, calls } = readFaultsFile(file);
      assert.equal(seed, 1);
      assert.deepEqual(calls, [
        { on: "kinesis:PutRecord", fault: "throttle", share: 1, after: 0, milliseconds: 200, behind: 5 },
      ]);
    });
  });

  const wrong: readonly (readonly [given: unknown, says: RegExp])[] = [
    [
      { calls: [{ on: "kinesis:PutRecord", fault: "explode" }] },
      /^faults\.calls\.0\.fault: must be one of throttle, fail, .*; got "explode"$/,
    ],
    [
      { calls: [{ on: "kinesis", fault: "fail" }] },
      /^faults\.calls\.0\.on: must be service:Operation or service:\*; got "kinesis"$/,
    ],
    [{ calls: [{ on: "s3:*", fault: "fail", share: 2 }] }, /^faults\.calls\.0\.share: .*1; got 2$/],
    [{ calls: [{ on: "s3:*", fault: "fail", odds: 1 }] }, /^faults\.calls\.0: odds is not known; leave it out/],
    [{ disk: { slowMilliseconds: "5" } }, /^faults\.disk\.slowMilliseconds: .*; got "5"$/],
    [["throttle"], /^faults: .*; got \["throttle"\]$/],
  ];
  for (const [given, says] of wrong) {
    it(`answers ${JSON.stringify(given)} with the place, what it got and what is allowed`, () => {
      assert.throws(() => readFaults(given), { name: "StageError", message: says });
    });
  }

  it("that cannot be read is named", () => {
    assert.throws(() => readFaultsFile("/nowhere.yaml"), {
      name: "StageError",
      message: /^--faults \/nowhere\.yaml cannot be read as YAML: ENOENT/,
    });
  });

  it("may only name services and operations that the stage has", () => {
    const kinesis = { signingName: "kinesis", operations: { PutRecord: {} } } as unknown as Service;
    const check = (on: string): void => new FaultPlan(readFaults({ calls: [{ on, fault: "fail" }] })).check([kinesis]);
    check("kinesis:*");
    check("kinesis:PutRecord");
    assert.throws(() => check("kafka:*"), {
      message: "fault on kafka:*: the stage runs no service kafka, only kinesis",
    });
    assert.throws(() => check("kinesis:Merge"), {
      message: "fault on kinesis:Merge: kinesis has no operation Merge here, only PutRecord",
    });
  });
});

describe("A plan of faults", () => {
  const planOf = (fault: object, seed = 1): FaultPlan =>
    new FaultPlan(readFaults({ seed, calls: [{ on: "kinesis:PutRecord", fault: "fail", ...fault }] }));

  it("strikes the same calls for the same seed, others for another, and about the share it was given", async () => {
    const first = await refusedOf(planOf({ share: 0.3 }));
    assert.deepEqual(await refusedOf(planOf({ share: 0.3 })), first);
    assert.notDeepEqual(await refusedOf(planOf({ share: 0.3 }, 2)), first);
    assert.ok(first.length > 15 && first.length < 45, String(first.length));
  });

  it("begins after some calls, ends after some strikes, and leaves other operations alone", async () => {
    assert.deepEqual(await refusedOf(planOf({ after: 10, most: 3 })), [10, 11, 12]);
    const plan = planOf({});
    assert.equal(await plan.around("kinesis", "PutRecords", () => "done"), "done");
    assert.equal(await plan.around("sns", "PutRecord", () => "done"), "done");
    assert.deepEqual(plan.struck, [0]);
  });

  const outcomes: Readonly<Record<(typeof FAULTS)[number], readonly [ran: number, code: string | undefined]>> = {
    throttle: [0, "ProvisionedThroughputExceededException"],
    fail: [0, "InternalFailure"],
    "time-out": [0, "RequestTimeout"],
    "lose-answer": [1, "InternalFailure"],
    delay: [1, undefined],
    twice: [2, undefined],
    late: [1, undefined],
  };
  for (const fault of FAULTS) {
    const [runs, code] = outcomes[fault];
    it(`${fault}: the call acts ${runs} times and is answered ${code ?? "as usual"}`, async () => {
      let ran = 0;
      const outcome = await planOf({ fault, milliseconds: 1 })
        .around("kinesis", "PutRecord", () => ++ran)
        .catch((error: unknown) => error);
      assert.equal(ran, runs);
      assert.equal(outcome instanceof AwsError ? outcome.code : undefined, code);
    });
  }

  it("lets a late call act once more behind those that came after it, whatever becomes of it then", async () => {
    const plan = planOf({ fault: "late", most: 1, behind: 2 });
    const acted: string[] = [];
    let again = false;
    for (const name of ["a", "b", "c", "d"]) {
      await plan.around("kinesis", "PutRecord", () => {
        acted.push(name);
        if (name === "a" && again) throw new AwsError("ValidationException", "no longer there");
        again = true;
      });
    }
    assert.deepEqual(acted, ["a", "b", "a", "c", "d"]);
  });
});
