/** The tasks of an execution that wait for an answer to their token. An answer is on disk before it is acknowledged. */
import { AwsError } from "../service";
import type { ExecutionRecord, TaskAnswer } from "./execution-record";
import type { Recorder } from "./execution-store";
import type { Flow } from "./interpreter/flow";
import type { Branch } from "./interpreter/host";
import { HEARTBEAT_TIMEOUT, StateFailure } from "./language/failure";
import type { Json } from "./language/json";

export class Answers {
  readonly #waiting = new Map<Branch, () => void>();
  readonly #beats = new Map<Branch, number>();

  constructor(
    private readonly execution: ExecutionRecord,
    private readonly journal: Recorder,
  ) {}

  /**
   * Waits for the answer to a branch's token.
   * @param heartbeatSeconds longest time without a sign of life
   * @throws StateFailure as somebody answered, or when no sign of life came in time
   */
  async next(branch: Branch, heartbeatSeconds: number | undefined, flow: Flow): Promise<Json> {
    this.#beats.set(branch, flow.now);
    for (;;) {
      const answer = this.execution.branches.get(branch)?.answer;
      if (answer !== undefined) {
        if ("output" in answer) return answer.output;
        throw new StateFailure(answer.error, answer.cause);
      }
      const beat = this.#beats.get(branch) ?? flow.now;
      const deadline = heartbeatSeconds === undefined ? undefined : beat + heartbeatSeconds * 1000;
      const silent = (): Error => new StateFailure(HEARTBEAT_TIMEOUT, undefined);
      await flow.within(deadline, silent, (inner) => inner.wait<void>((wake) => this.#listen(branch, wake)));
    }
  }

  /** @throws AwsError `TaskTimedOut` when no task waits for this token */
  async answer(branch: Branch, token: string, answer: TaskAnswer): Promise<void> {
    this.#expect(branch, token);
    await this.journal.record({ kind: "answered", arn: this.execution.arn, branch, answer });
    this.#waiting.get(branch)?.();
  }

  /** @throws AwsError `TaskTimedOut` when no task waits for this token */
  beat(branch: Branch, token: string, now: number): void {
    this.#expect(branch, token);
    this.#beats.set(branch, now);
    this.#waiting.get(branch)?.();
  }

  #listen(branch: Branch, wake: () => void): () => void {
    this.#waiting.set(branch, wake);
    return () => this.#waiting.delete(branch);
  }

  #expect(branch: Branch, token: string): void {
    const known = this.execution.branches.get(branch);
    const task = known?.at !== undefined && "task" in known.at ? known.at.task : undefined;
    if (task?.token !== token || known?.answer !== undefined) {
      throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
  }
}
