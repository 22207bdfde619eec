/** Shows the clock when a line of work is under way and when it only waits: a virtual clock moves on while all wait. */
import type { Clock } from "../../../clock";

export class Activity {
  #end: (() => void) | undefined;

  constructor(readonly clock: Clock) {}

  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#begin();
    try {
      return await work();
    } finally {
      this.#pause();
    }
  }

  /** Waits for what comes with time, or from elsewhere. */
  async resting<Result>(wait: () => Promise<Result>): Promise<Result> {
    const isUnderWay = this.#end !== undefined;
    this.#pause();
    try {
      return await wait();
    } finally {
      if (isUnderWay) this.#begin();
    }
  }

  #begin(): void {
    void this.clock.track(new Promise<void>((end) => (this.#end = end)));
  }

  #pause(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
