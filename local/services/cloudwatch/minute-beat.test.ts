/**
 * A task at each whole minute.
 * Does not prove: how precisely the machine's own timers keep the minute.
 */
import assert from "node:assert/strict";
import { VirtualClock, type Clock } from "../../clock";
import { MinuteBeat, MINUTE_MS } from "./minute-beat";

const START = Date.UTC(2026, 0, 5, 10);

describe("The minute beat", () => {
  it("comes at whole minutes, whenever it was begun", async () => {
    const clock = new VirtualClock(START + 12_345);
    const minutes: number[] = [];
    const beat = new MinuteBeat(clock, async (minute) => void minutes.push(minute - START));
    beat.start();
    await clock.advance(3 * MINUTE_MS);
    await beat.stop();
    await clock.advance(3 * MINUTE_MS);
    assert.deepEqual(
      minutes,
      [1, 2, 3].map((minute) => minute * MINUTE_MS),
    );
  });

  it("comes once per minute when timers fire a moment early", async () => {
    const clock = new VirtualClock(START);
    const early: Clock = {
      now: () => clock.now() - 1,
      after: (delay, task) => clock.after(delay, task),
      track: (work) => clock.track(work),
    };
    const minutes: number[] = [];
    const beat = new MinuteBeat(early, async (minute) => void minutes.push(minute - START));
    beat.start();
    await clock.advance(2.5 * MINUTE_MS);
    await beat.stop();
    assert.deepEqual(new Set(minutes).size, minutes.length);
  });

  it("leaves out minutes that were slept through, and goes on after a failure", async () => {
    let [now, task] = [START, (): void | Promise<void> => undefined];
    const clock: Clock = {
      now: () => now,
      after: (_, given) => {
        task = given;
        return { cancel: () => undefined };
      },
      track: (work) => work,
    };
    const minutes: number[] = [];
    const beat = new MinuteBeat(clock, async (minute) => {
      minutes.push((minute - START) / MINUTE_MS);
      if (minutes.length === 1) throw new Error("first");
    });
    beat.start();
    now = START + 10.5 * MINUTE_MS;
    await assert.rejects(Promise.resolve(task()), /first/);
    now = START + 11 * MINUTE_MS;
    await task();
    await beat.stop();
    assert.deepEqual(minutes, [1, 11]);
  });
});
