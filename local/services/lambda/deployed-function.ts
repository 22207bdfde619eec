/** One function of the graph, ready to be invoked as its role: its code, environment, log and metrics. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StageError } from "../../diagnostics";
import { describeResource, numberOf, optionalText, textOf, type Resource } from "../../graph/graph";
import { Asset, isRecord, type Value } from "../../graph/value";
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { FunctionLog } from "./function-log";
import { attachToNetwork } from "./network";
import { WorkerPool, type InvocationOptions, type InvocationResult } from "./worker-pool";

/** Invocations at the same time that a function may have unless it reserves fewer. */
const MOST_CONCURRENT = 32;

export class DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** The role the function runs as; also whom event sources read for. */
  readonly session: RoleSession;
  readonly #pool: WorkerPool;
  readonly #log: FunctionLog;
  readonly #mostConcurrent: number;

  /** @throws StageError when the role does not trust Lambda or may not place the function, or the code cannot be found */
  constructor(
    readonly resource: Resource,
    private readonly context: ServiceContext,
  ) {
    const { inputs, outputs } = resource;
    this.name = textOf(outputs, "name");
    this.arn = textOf(outputs, "arn");
    this.session = context.assume(textOf(inputs, "role"), "lambda.amazonaws.com", this.name, {
      "aws:SourceArn": this.arn,
    });
    attachToNetwork(resource, this.session, context);
    const reserved = numberOf(inputs, "reservedConcurrentExecutions", -1);
    this.#mostConcurrent = reserved < 0 ? MOST_CONCURRENT : reserved;

    const logging = inputs["loggingConfig"];
    const group = (isRecord(logging) ? optionalText(logging, "logGroup") : undefined) ?? `/aws/lambda/${this.name}`;
    this.#log = new FunctionLog(group, this.session, context);
    const [module = "", exportName = ""] = textOf(inputs, "handler").split(".");
    const memoryMiB = numberOf(inputs, "memorySize", 128);
    const credentials = context.credentials.issue(this.session, { temporary: true });
    this.#pool = new WorkerPool({
      file: join(this.#placeCode(inputs["code"]), `${module}.js`),
      exportName,
      memoryMiB,
      timeoutMs: numberOf(inputs, "timeout", 3) * 1000,
      function: { name: this.name, arn: this.arn, memoryMiB, logGroup: group, logStream: this.#log.stream },
      onLog: (text) => this.#log.write(text),
      get environment() {
        const { url, facts } = context;
        return {
          ...variablesOf(resource),
          AWS_REGION: facts.region,
          AWS_DEFAULT_REGION: facts.region,
          AWS_ENDPOINT_URL: url(),
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
          AWS_LAMBDA_FUNCTION_NAME: textOf(outputs, "name"),
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
          AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        };
      },
    });
  }

  /**
   * Runs the function once.
   * @param event JSON text, or its UTF-8 in memory of its own, which is given away
   * @throws AwsError `TooManyRequestsException` when as many run already as may
   */
  async invoke(event: string | Uint8Array<ArrayBuffer>, options?: InvocationOptions): Promise<InvocationResult> {
    if (this.#pool.busy >= this.#mostConcurrent) {
      this.#measure("Throttles", 1);
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
        Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      });
    }
    const begun = performance.now();
    const result = await this.#pool.invoke(
      typeof event === "string" ? new TextEncoder().encode(event) : event,
      options,
    );
    this.#measure("Invocations", 1);
    this.#measure("Errors", result.ok ? 0 : 1);
    this.#measure("Duration", performance.now() - begun);
    if (!result.ok) this.#log.write(`${JSON.stringify({ level: "ERROR", ...result.error })}\n`);
    this.#log.flush();
    return result;
  }

  /** Age in milliseconds of the newest record of a batch that the function is about to get. */
  measureIteratorAge(age: number): void {
    this.#measure("IteratorAge", age);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#log.close();
  }

  #measure(name: string, value: number): void {
    this.context.measure({ namespace: "AWS/Lambda", name, dimensions: { FunctionName: this.name }, value });
  }

  /** The folder with the code: a folder of the program's, or the named texts of an archive written out. */
  #placeCode(code: Value | undefined): string {
    const where = describeResource(this.resource);
    if (!(code instanceof Asset) || code.kind !== "archive")
      throw new StageError(`${where}: the local stage takes code as an archive`);
    if (code.content !== "") {
      const folder = resolve(code.content);
      if (!existsSync(folder)) throw new StageError(`${where}: its code is not in ${code.content}`);
      return folder;
    }
    const folder = this.context.folder("lambda", this.name);
    mkdirSync(folder, { recursive: true });
    for (const [name, asset] of Object.entries(code.entries)) {
      if (asset.kind !== "text" || !/^[\w.-]+$/.test(name))
        throw new StageError(`${where}: the local stage takes named texts as code, got ${name}`);
      writeFileSync(join(folder, name), asset.content);
    }
    return folder;
  }
}

function variablesOf({ inputs }: Resource): Record<string, string> {
  const environment = inputs["environment"];
  const variables = isRecord(environment) ? environment["variables"] : undefined;
  return isRecord(variables)
    ? Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value as string)]))
    : {};
}
