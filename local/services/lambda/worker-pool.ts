/**
 * Runs a function's bundle in worker threads: one invocation per thread at a time, threads kept warm, each with the
 * function's own environment and memory limit. Not isolated from each other: native crashes, the working directory.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

export interface WorkerPlan {
  /** The bundle's file and the name of the handler it exports. */
  readonly file: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  readonly function: {
    readonly name: string;
    readonly arn: string;
    readonly memoryMiB: number;
    readonly logGroup: string;
    readonly logStream: string;
  };
  readonly onLog: (text: string) => void;
}

/** An error as Lambda reports it to whoever invoked the function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type InvocationResult =
  | {
      readonly ok: true;
      /** JSON text of the answer. */
      readonly payload: string;
      /** The answer's `state`, which then is not in the payload: JSON in UTF-8. */
      readonly state?: Uint8Array;
    }
  | { readonly ok: false; readonly error: FunctionError };

/** How an invocation differs from one by a client. */
export interface InvocationOptions {
  /** The answer's `state` is taken out of it as bytes, because nobody here reads it. @default false */
  readonly keepsState?: boolean;
}

type Message =
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "done"; readonly requestId: string; readonly result: string; readonly state?: Uint8Array }
  | { readonly kind: "failed"; readonly requestId: string; readonly error: FunctionError };

const BOOTSTRAP = join(__dirname, "bootstrap.cjs");

export class WorkerPool {
  readonly #idle: FunctionWorker[] = [];
  readonly #all = new Set<FunctionWorker>();
  #closed = false;

  constructor(private readonly plan: WorkerPlan) {}

  /** Invocations under way. */
  get busy(): number {
    return this.#all.size - this.#idle.length;
  }

  /** @param event JSON in UTF-8, in memory of its own, which goes to the thread: the caller cannot read it afterwards */
  async invoke(event: Uint8Array<ArrayBuffer>, options: InvocationOptions = {}): Promise<InvocationResult> {
    if (this.#closed)
      return { ok: false, error: { errorType: "Runtime.ExitError", errorMessage: "the stage is closing" } };
    const worker = this.#idle.pop() ?? this.#start();
    const result = await worker.invoke(event, options);
    if (worker.isAlive && !this.#closed) this.#idle.push(worker);
    else this.#all.delete(worker);
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((worker) => worker.end()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  #start(): FunctionWorker {
    const worker = new FunctionWorker(this.plan);
    this.#all.add(worker);
    return worker;
  }
}

/** One thread, which serves one invocation at a time. */
class FunctionWorker {
  readonly #worker: Worker;
  readonly #plan: WorkerPlan;
  #settle: ((result: InvocationResult) => void) | undefined;
  isAlive = true;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
    this.#worker = new Worker(BOOTSTRAP, {
      workerData: { file: plan.file, exportName: plan.exportName, function: plan.function },
      env: { ...plan.environment },
      // Neither the stage's loaders nor its options reach a function.
      execArgv: [],
      argv: [],
      resourceLimits: { maxOldGenerationSizeMb: plan.memoryMiB },
    });
    this.#worker.on("message", (message: Message) => this.#take(message));
    this.#worker.on("error", (error: Error) => this.#fail("Runtime.ExitError", error.message));
    this.#worker.on("exit", (code) =>
      this.#fail("Runtime.ExitError", `the function's process ended with status ${code}`),
    );
    this.#worker.unref();
  }

  invoke(event: Uint8Array<ArrayBuffer>, { keepsState = false }: InvocationOptions): Promise<InvocationResult> {
    const requestId = randomUUID();
    return new Promise((resolve) => {
      // A function that does not end is ended by the machine's time: it runs on the machine's processor.
      const timeout = setTimeout(() => {
        this.#fail(
          "Sandbox.Timedout",
          `RequestId: ${requestId} Error: Task timed out after ${(this.#plan.timeoutMs / 1000).toFixed(2)} seconds`,
        );
        void this.end();
      }, this.#plan.timeoutMs);
      this.#settle = (result) => {
        clearTimeout(timeout);
        this.#settle = undefined;
        resolve(result);
      };
      const deadline = Date.now() + this.#plan.timeoutMs;
      this.#worker.postMessage({ requestId, event, deadline, keepsState }, [event.buffer]);
    });
  }

  async end(): Promise<void> {
    this.isAlive = false;
    await this.#worker.terminate();
  }

  #take(message: Message): void {
    switch (message.kind) {
      case "log":
        this.#plan.onLog(message.text);
        break;
      case "done":
        this.#settle?.({
          ok: true,
          payload: message.result,
          ...(message.state === undefined ? {} : { state: message.state }),
        });
        break;
      case "failed":
        this.#settle?.({ ok: false, error: message.error });
        break;
    }
  }

  #fail(errorType: string, errorMessage: string): void {
    this.isAlive = false;
    this.#settle?.({ ok: false, error: { errorType, errorMessage } });
  }
}
