/** One line of work of an execution: it can be interrupted at any point, and waits by the stage's clock. */
import type { Clock } from "../../../clock";
import { Activity } from "./activity";

/** Why work ends when the stage closes: it goes on when the stage opens again. */
export class Closing extends Error {
  override readonly name = "Closing";
}

export class Flow {
  private constructor(
    private readonly activity: Activity,
    /** Aborted with the error that ends the work. */
    readonly signal: AbortSignal,
  ) {}

  /** Runs work that nobody else awaits. */
  static begin<Result>(clock: Clock, signal: AbortSignal, work: (flow: Flow) => Promise<Result>): Promise<Result> {
    const activity = new Activity(clock);
    return activity.during(() => work(new Flow(activity, signal)));
  }

  get now(): number {
    return this.activity.clock.now();
  }

  /** Whether the work was interrupted for good. */
  get isGivenUp(): boolean {
    return this.signal.aborted && !(this.signal.reason instanceof Closing);
  }

  /** Work beside this one, until this one ends or `signal` is aborted; this one waits for it with {@link join}. */
  fork<Result>(signal: AbortSignal, work: (flow: Flow) => Promise<Result>): Promise<Result> {
    return Flow.begin(this.activity.clock, AbortSignal.any([this.signal, signal]), work);
  }

  /** Waits for work beside this one, however it ends. */
  join<Result>(works: readonly Promise<Result>[]): Promise<PromiseSettledResult<Result>[]> {
    return this.activity.resting(() => Promise.allSettled(works));
  }

  /** @throws the signal's reason */
  check(): void {
    this.signal.throwIfAborted();
  }

  async sleepUntil(time: number): Promise<void> {
    this.check();
    const { clock } = this.activity;
    // A timer of the machine may fire a moment early.
    while (clock.now() < time) {
      await this.wait<void>((wake) => {
        const timer = clock.after(time - clock.now(), wake);
        return () => timer.cancel();
      });
    }
  }

  /**
   * Waits until `wake` is called.
   * @param listen begins to listen; answers how to stop
   */
  wait<Result>(listen: (wake: (result: Result) => void) => () => void): Promise<Result> {
    return this.activity.resting(
      () =>
        new Promise((resolve, reject) => {
          this.check();
          const interrupt = (): void => {
            stop();
            reject(this.signal.reason as Error);
          };
          const stop = listen((result) => {
            this.signal.removeEventListener("abort", interrupt);
            resolve(result);
          });
          this.signal.addEventListener("abort", interrupt, { once: true });
        }),
    );
  }

  /** Settles as the work does, or at once when this flow is interrupted: then nobody hears of the work's end. */
  async race<Result>(work: Promise<Result>): Promise<Result> {
    let interrupt: () => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = () => reject(this.signal.reason as Error);
      if (this.signal.aborted) interrupt();
      else this.signal.addEventListener("abort", interrupt, { once: true });
    });
    try {
      return await Promise.race([work, interrupted]);
    } finally {
      this.signal.removeEventListener("abort", interrupt);
    }
  }

  /** Runs work that is interrupted by `failure` at a time. @param time nothing for no limit */
  async within<Result>(
    time: number | undefined,
    failure: () => Error,
    work: (flow: Flow) => Promise<Result>,
  ): Promise<Result> {
    if (time === undefined) return work(this);
    const { clock } = this.activity;
    const limit = new AbortController();
    const timer = clock.after(time - clock.now(), () => limit.abort(failure()));
    try {
      return await work(new Flow(this.activity, AbortSignal.any([this.signal, limit.signal])));
    } finally {
      timer.cancel();
    }
  }
}
