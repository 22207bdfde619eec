/** What a build says, line by line into its log stream, as the build's role. A log that cannot be written fails no build. */
import type { Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";

type LogContext = Pick<ServiceContext, "clock" | "dispatch" | "say">;

export class BuildLog {
  #rest = "";
  #lines: string[] = [];
  #isRefused = false;

  constructor(
    private readonly group: string,
    private readonly stream: string,
    private readonly session: Principal,
    private readonly context: LogContext,
  ) {}

  begin(): Promise<void> {
    return this.#put("CreateLogStream", {});
  }

  write(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#lines.push(...lines);
  }

  async flush(): Promise<void> {
    if (this.#rest !== "") this.write("\n");
    const lines = this.#lines.splice(0).filter((line) => line !== "");
    const timestamp = this.context.clock.now();
    for (let from = 0; from < lines.length; from += 1000) {
      const logEvents = lines
        .slice(from, from + 1000)
        .map((message) => ({ timestamp, message: message.slice(0, 200_000) }));
      await this.#put("PutLogEvents", { logEvents });
    }
  }

  async #put(operation: string, input: object): Promise<void> {
    try {
      const where = { logGroupName: this.group, logStreamName: this.stream };
      await this.context.dispatch(this.session, "logs", operation, { ...where, ...input });
    } catch (error) {
      if (!this.#isRefused) {
        const reason = error instanceof Error ? error.message : String(error);
        this.context.say(`log group ${this.group} cannot be written: ${reason}`);
      }
      this.#isRefused = true;
    }
  }
}
