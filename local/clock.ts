/**
 * The stage's time. Windows, buffers, schedules, leases and waits ask this clock and never the machine's, so that a
 * test or a demonstration runs hours of traffic in seconds and a running stage follows the wall clock.
 */

/** A timer that has been set; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the epoch; never goes back within one process. */
  now(): number;
  /** Runs the task once `delay` milliseconds have passed (at once when the delay is not positive). */
  after(delay: number, task: () => void | Promise<void>): Timer;
  /**
   * Declares work under way, so that a virtual clock stands still until it is done. Whoever starts work that nobody
   * awaits (a pump, a delivery, a request being answered) tracks it here.
   */
  track<T>(work: Promise<T>): Promise<T>;
}

/** What a clock does with an error that nobody else can receive: the stage reports it and goes on. */
export type LostErrorListener = (error: unknown) => void;

/** The machine's time, held monotonic: a step back of the wall clock is slept through, not followed. */
export class SystemClock implements Clock {
  readonly #onLostError: LostErrorListener;
  #latest = 0;

  constructor(onLostError: LostErrorListener) {
    this.#onLostError = onLostError;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, Date.now());
    return this.#latest;
  }

  after(delay: number, task: () => void | Promise<void>): Timer {
    const longest = 2 ** 31 - 1;
    if (delay > longest) return this.#relay(delay - longest, longest, task);
    const handle = setTimeout(() => this.#run(task), Math.max(0, delay));
    return { cancel: () => clearTimeout(handle) };
  }

  track<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** setTimeout cannot wait longer than 24.8 days: wait in legs. */
  #relay(rest: number, leg: number, task: () => void | Promise<void>): Timer {
    let timer = this.after(leg, () => {
      timer = this.after(rest, task);
    });
    return { cancel: () => timer.cancel() };
  }

  #run(task: () => void | Promise<void>): void {
    Promise.resolve()
      .then(task)
      .catch((error: unknown) => this.#onLostError(error));
  }
}

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly task: () => void | Promise<void>;
}

/** Time that passes only when told to, and only once all tracked work is done. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #pending: Pending[] = [];
  #working = 0;
  #idle: (() => void)[] = [];
  #lost: unknown[] = [];

  /** @param start milliseconds since the epoch at which this clock stands first */
  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, task: () => void | Promise<void>): Timer {
    const entry: Pending = { at: this.#now + Math.max(0, delay), order: this.#order++, task };
    const after = this.#pending.findIndex((other) => other.at > entry.at);
    this.#pending.splice(after < 0 ? this.#pending.length : after, 0, entry);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((other) => other !== entry);
      },
    };
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#working++;
    const done = (): void => {
      if (--this.#working === 0) this.#idle.splice(0).forEach((wake) => wake());
    };
    work.then(done, done);
    return work;
  }

  /**
   * Moves on to `time`, running every timer that falls due on the way, in order, each after all tracked work is done.
   * Rejects with the error of a timer's task.
   */
  async advanceTo(time: number): Promise<void> {
    for (;;) {
      await this.settle();
      const next = this.#pending[0];
      if (next === undefined || next.at > time) break;
      this.#pending.shift();
      this.#now = Math.max(this.#now, next.at);
      this.track(Promise.resolve().then(next.task)).catch((error: unknown) => this.#lost.push(error));
    }
    this.#now = Math.max(this.#now, time);
  }

  /** {@link advanceTo}, by a number of milliseconds from now. */
  async advance(milliseconds: number): Promise<void> {
    await this.advanceTo(this.#now + milliseconds);
  }

  /** Waits until no tracked work is under way. */
  async settle(): Promise<void> {
    do {
      if (this.#working > 0) await new Promise<void>((wake) => this.#idle.push(wake));
      // Work may start other work in the turn after it ends.
      await new Promise(setImmediate);
    } while (this.#working > 0);
    if (this.#lost.length > 0) throw this.#lost.shift();
  }
}
