/** Does something at each whole minute of the clock, one after the other; minutes slept through are left out. */
import type { Clock, Timer } from "../../clock";

export const MINUTE_MS = 60_000;

export class MinuteBeat {
  #timer: Timer | undefined;
  #turn: Promise<void> = Promise.resolve();

  /** @param task gets the whole minute, in milliseconds since the epoch */
  constructor(
    private readonly clock: Clock,
    private readonly task: (minute: number) => Promise<void>,
  ) {}

  /** @param after the minute before the next one */
  start(after = this.clock.now()): void {
    const minute = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
    this.#timer = this.clock.after(minute - this.clock.now(), () => {
      // A timer may fire a moment early: the next minute is behind the one that was waited for.
      this.start(Math.max(minute, this.clock.now()));
      const turn = this.#turn.then(() => this.task(minute));
      this.#turn = turn.catch(() => undefined);
      return turn;
    });
  }

  /** Resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#turn;
  }
}
