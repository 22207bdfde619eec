/** Takes what a function writes to its log group, as the function's role; lines of one invocation travel together. */
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";

export class FunctionLog {
  /** One stream per opening of the stage, named as Lambda names them. */
  readonly stream: string;
  #lines: string[] = [];
  #rest = "";
  #writing: Promise<void>;
  #refused = false;

  constructor(
    private readonly group: string,
    private readonly session: RoleSession,
    private readonly context: ServiceContext,
  ) {
    const day = new Date(context.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
    this.stream = `${day}/[$LATEST]${context.clock.now().toString(16)}`;
    this.#writing = this.#put("CreateLogStream", {});
  }

  write(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines.filter((line) => line !== ""));
  }

  /** Sends what was written; the function does not wait for it. */
  flush(): void {
    if (this.#rest !== "") this.write("\n");
    const lines = this.#lines.splice(0);
    if (lines.length === 0) return;
    const timestamp = this.context.clock.now();
    for (const batch of batchesOf(lines)) {
      const logEvents = batch.map((message) => ({ timestamp, message }));
      this.#writing = this.context.clock.track(this.#writing.then(() => this.#put("PutLogEvents", { logEvents })));
    }
  }

  async close(): Promise<void> {
    this.flush();
    await this.#writing;
  }

  async #put(operation: string, input: object): Promise<void> {
    try {
      await this.context.dispatch(this.session, "logs", operation, {
        logGroupName: this.group,
        logStreamName: this.stream,
        ...input,
      });
    } catch (error) {
      if (error instanceof AwsError && error.code === "ResourceAlreadyExistsException") return;
      // Lambda runs a function whose log cannot be written; here somebody is told, once.
      if (!this.#refused)
        this.context.say(
          `log group ${this.group} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
        );
      this.#refused = true;
    }
  }
}

/** Lines and bytes of one PutLogEvents at most, with the 26 bytes that each line costs. Source: CloudWatch Logs API reference. */
const MOST_LINES = 10_000;
const MOST_BYTES = 1_048_576;
const BYTES_PER_LINE = 26;

function batchesOf(lines: readonly string[]): string[][] {
  const batches: string[][] = [];
  let bytes = Infinity;
  for (const line of lines) {
    const size = Buffer.byteLength(line) + BYTES_PER_LINE;
    bytes += size;
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_LINES || bytes > MOST_BYTES) {
      batches.push([line]);
      bytes = size;
    } else {
      last.push(line);
    }
  }
  return batches;
}
