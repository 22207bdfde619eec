/** The two clocks. Does not prove that services use them (each service's test does). */
import assert from "node:assert/strict";
import { SystemClock, VirtualClock } from "./clock";

describe("A virtual clock", () => {
  it("runs what falls due in order of time, then of setting", async () => {
    const clock = new VirtualClock(1000);
    const ran: string[] = [];
    clock.after(20, () => void ran.push(`b at ${clock.now()}`));
    clock.after(10, () => void ran.push(`a at ${clock.now()}`));
    clock.after(20, () => void ran.push(`c at ${clock.now()}`));
    clock.after(30, () => void ran.push("too late"));
    await clock.advance(25);
    assert.deepEqual(ran, ["a at 1010", "b at 1020", "c at 1020"]);
    assert.equal(clock.now(), 1025);
  });

  it("runs timers that timers set, within the same advance", async () => {
    const clock = new VirtualClock(0);
    let ticks = 0;
    const tick = (): void => {
      if (++ticks < 5) clock.after(10, tick);
    };
    clock.after(10, tick);
    await clock.advance(100);
    assert.equal(ticks, 5);
  });

  it("stands still until tracked work is done", async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.after(10, () => {
      const work = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(
        () => void seen.push(`work at ${clock.now()}`),
      );
      void clock.track(work);
    });
    clock.after(20, () => void seen.push(`timer at ${clock.now()}`));
    await clock.advance(50);
    assert.deepEqual(seen, ["work at 10", "timer at 20"]);
  });

  it("forgets a timer that was cancelled", async () => {
    const clock = new VirtualClock(0);
    const timer = clock.after(10, () => assert.fail("cancelled"));
    timer.cancel();
    await clock.advance(20);
  });

  it("hands on what a timer's task throws", async () => {
    const clock = new VirtualClock(0);
    clock.after(10, () => {
      throw new Error("task failed");
    });
    await assert.rejects(clock.advance(20), /task failed/);
  });
});

describe("A system clock", () => {
  it("never goes back, and waits", async () => {
    const clock = new SystemClock((error) => assert.fail(String(error)));
    const before = clock.now();
    await new Promise<void>((resolve) => clock.after(5, resolve));
    assert.ok(clock.now() >= before);
  });

  it("reports what a task throws", async () => {
    const lost = await new Promise((resolve) => {
      new SystemClock(resolve).after(0, () => {
        throw new Error("task failed");
      });
    });
    assert.match(String(lost), /task failed/);
  });
});
