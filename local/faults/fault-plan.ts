/**
 * Which calls a stage spoils, and how. Whether a fault strikes depends on the seed, the fault and how many calls it has
 * seen, on nothing else: the same traffic meets the same faults.
 */
import { hash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { StageError } from "../diagnostics";
import { AwsError, type Service } from "../services/service";
import type { CallFault, FaultSettings } from "./settings";
import { throttledError } from "./throttling";

type Run = () => unknown;

export class FaultPlan {
  /** Spoils nothing. */
  static readonly none = new FaultPlan({ seed: 0, calls: [] });

  readonly #faults: readonly PlannedFault[];

  constructor({ seed, calls }: Pick<FaultSettings, "seed" | "calls">) {
    this.#faults = calls.map((fault, index) => new PlannedFault(fault, `${seed}/${index}`));
  }

  /** How often each fault has struck, in the order in which they were given. */
  get struck(): readonly number[] {
    return this.#faults.map(({ struck }) => struck);
  }

  /** @throws StageError naming a fault whose service or operation the stage does not have */
  check(services: readonly Service[]): void {
    for (const { fault } of this.#faults) {
      const [name = "", operation = ""] = fault.on.split(":");
      const service = services.find(({ signingName }) => signingName === name);
      const known = services.map(({ signingName }) => signingName).sort();
      if (service === undefined) {
        throw new StageError(`fault on ${fault.on}: the stage runs no service ${name}, only ${known.join(", ")}`);
      }
      if (operation !== "*" && service.operations[operation] === undefined) {
        const operations = Object.keys(service.operations).sort().join(", ");
        throw new StageError(`fault on ${fault.on}: ${name} has no operation ${operation} here, only ${operations}`);
      }
    }
  }

  /** Runs a call, or what the plan makes of it. @throws AwsError as the service would answer */
  async around<Answer>(service: string, operation: string, run: () => Answer | Promise<Answer>): Promise<Answer> {
    if (this.#faults.length === 0) return run();
    const about = this.#faults.filter((fault) => fault.isAbout(service, operation));
    for (const fault of about) await fault.rerunLate();
    for (const fault of about.filter((each) => each.strikes())) {
      const { fault: kind, milliseconds } = fault.fault;
      switch (kind) {
        case "throttle":
          throw throttledError(service);
        case "fail":
          throw internalFailure();
        case "time-out":
          await pause(milliseconds);
          throw new AwsError("RequestTimeout", "The request was not answered in time (injected)", 503);
        case "lose-answer":
          await run();
          throw internalFailure();
        case "delay":
          await pause(milliseconds);
          break;
        case "twice":
          await run();
          break;
        case "late":
          fault.keepForLater(run);
          break;
      }
    }
    return run();
  }
}

function internalFailure(): AwsError {
  return new AwsError("InternalFailure", "The request failed because of an unknown error (injected)", 500);
}

class PlannedFault {
  #seen = 0;
  struck = 0;
  readonly #late: { run: Run; behind: number }[] = [];

  constructor(
    readonly fault: CallFault,
    private readonly seed: string,
  ) {}

  isAbout(service: string, operation: string): boolean {
    const { on } = this.fault;
    return on === `${service}:${operation}` || on === `${service}:*`;
  }

  strikes(): boolean {
    const { share, after, most = Infinity } = this.fault;
    const number = this.#seen++;
    if (number < after || this.struck >= most || draw(`${this.seed}/${number}`) >= share) return false;
    this.struck++;
    return true;
  }

  keepForLater(run: Run): void {
    this.#late.push({ run, behind: this.fault.behind });
  }

  /** What comes late answers to nobody: its failure is nobody's either. */
  async rerunLate(): Promise<void> {
    for (const late of this.#late) late.behind--;
    for (const late of this.#late.splice(0, this.#late.findLastIndex(({ behind }) => behind <= 0) + 1)) {
      await Promise.resolve()
        .then(late.run)
        .catch(() => undefined);
    }
  }
}

/** A number in [0, 1) that depends on the text alone. */
function draw(text: string): number {
  return Number.parseInt(hash("sha256", text).slice(0, 8), 16) / 2 ** 32;
}
