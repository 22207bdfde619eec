/** Lambda: the graph's functions, invoked by clients and services, and fed by their event sources. */
import { z } from "zod";
import { StageError } from "../../diagnostics";
import { describeResource, optionalText, textOf, type Graph } from "../../graph/graph";
import { openAll } from "../../durable/opening";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { lambdaBinding } from "./binding";
import { DeployedFunction } from "./deployed-function";
import { EventSourceMapping } from "./mapping/mapping";

/** Attempts after the first that Lambda makes of an asynchronous invocation, and when. Source: Lambda developer guide. */
const ASYNC_RETRY_DELAYS_MS = [60_000, 120_000];

/** Largest payload of an invocation. Source: Lambda quotas. */
const LARGEST_PAYLOAD = 6 * 2 ** 20;

export class LambdaService implements Service {
  readonly signingName = "lambda";
  readonly binding = lambdaBinding;
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #functions: ReadonlyMap<string, DeployedFunction>;
  #mappings: readonly EventSourceMapping[] = [];

  static async open(context: ServiceContext): Promise<LambdaService> {
    registerPermissions(context);
    const functions = context.graph
      .ofType("aws:lambda/function:Function")
      .map((resource) => new DeployedFunction(resource, context));
    const service = new LambdaService(context, functions);
    const declared = context.graph.ofType("aws:lambda/eventSourceMapping:EventSourceMapping");
    service.#mappings = await openAll(declared, (resource) => {
      const target = service.#find(textOf(resource.inputs, "functionName"));
      if (target === undefined) throw new StageError(`${describeResource(resource)}: its function is not in the graph`);
      return EventSourceMapping.open(resource, target, context);
    });
    return service;
  }

  private constructor(
    private readonly context: ServiceContext,
    functions: readonly DeployedFunction[],
  ) {
    this.#functions = new Map(functions.map((each) => [each.name, each]));
    this.operations = this.#declare();
  }

  /** Feeds functions from now on. */
  start(): void {
    this.#mappings.forEach((mapping) => mapping.start());
  }

  async close(): Promise<void> {
    await Promise.all(this.#mappings.map((mapping) => mapping.close()));
    await Promise.all([...this.#functions.values()].map((each) => each.close()));
  }

  #declare(): Record<string, Operation> {
    const on = (action: string, name: string): readonly Check[] => [
      { action: `lambda:${action}`, resource: this.#arnOf(name) },
    ];
    return {
      Invoke: operation({
        shape: z.object({
          FunctionName: z.string(),
          InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).default("RequestResponse"),
          Payload: z.string().max(LARGEST_PAYLOAD).default("{}"),
        }),
        checks: ({ FunctionName }) => on("InvokeFunction", FunctionName),
        run: ({ FunctionName, InvocationType, Payload }) =>
          this.#invoke(this.#function(FunctionName), InvocationType, Payload || "{}"),
      }),
      GetFunction: operation({
        shape: z.object({ FunctionName: z.string() }),
        checks: ({ FunctionName }) => on("GetFunction", FunctionName),
        run: ({ FunctionName }) => ({ Configuration: describe(this.#function(FunctionName)) }),
      }),
      ListFunctions: operation({
        shape: z.object({}),
        checks: () => [{ action: "lambda:ListFunctions", resource: "*" }],
        run: () => ({ Functions: [...this.#functions.values()].map(describe) }),
      }),
    };
  }

  async #invoke(
    target: DeployedFunction,
    type: "RequestResponse" | "Event" | "DryRun",
    payload: string,
  ): Promise<unknown> {
    try {
      JSON.parse(payload);
    } catch {
      throw new AwsError("InvalidRequestContentException", "Could not parse request body into json", 400);
    }
    if (type === "DryRun") return { StatusCode: 204 };
    if (type === "Event") {
      void this.context.clock.track(this.#invokeLater(target, payload, 0));
      return { StatusCode: 202 };
    }
    const result = await target.invoke(payload);
    return result.ok
      ? { StatusCode: 200, Payload: result.payload }
      : { StatusCode: 200, FunctionError: "Unhandled", Payload: JSON.stringify(result.error) };
  }

  /** An event nobody waits for: Lambda tries it twice more. */
  async #invokeLater(target: DeployedFunction, payload: string, attempt: number): Promise<void> {
    const result = await target
      .invoke(payload)
      .catch((error: unknown) => ({ ok: false as const, error: { errorMessage: String(error) } }));
    if (result.ok) return;
    const delay = ASYNC_RETRY_DELAYS_MS[attempt];
    if (delay === undefined)
      this.context.say(`function ${target.name} failed in every attempt: ${result.error.errorMessage}`);
    else this.context.clock.after(delay, () => this.#invokeLater(target, payload, attempt + 1));
  }

  #function(reference: string): DeployedFunction {
    const found = this.#find(reference);
    if (found === undefined)
      throw new AwsError("ResourceNotFoundException", `Function not found: ${this.#arnOf(reference)}`, 404);
    return found;
  }

  /** By name or ARN, with or without the qualifier $LATEST. */
  #find(reference: string): DeployedFunction | undefined {
    const name =
      reference
        .replace(/:\$LATEST$/, "")
        .split(":function:")
        .at(-1) ?? reference;
    return this.#functions.get(name);
  }

  #arnOf(reference: string): string {
    const { partition, region, account } = this.context.facts;
    return this.#find(reference)?.arn ?? `arn:${partition}:lambda:${region}:${account}:function:${reference}`;
  }
}

function describe({ name, arn, resource: { inputs } }: DeployedFunction): unknown {
  const { runtime, handler, memorySize, timeout, role, description } = inputs;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: runtime,
    Handler: handler,
    MemorySize: memorySize,
    Timeout: timeout,
    Role: role,
    Description: description,
  };
}

/** Permissions that the graph gives to services are the function's resource policy. */
function registerPermissions({ graph, authorizer }: ServiceContext): void {
  for (const permission of graph.ofType("aws:lambda/permission:Permission")) {
    const { inputs, outputs } = permission;
    const target = functionArn(graph, textOf(inputs, "function"));
    if (target === undefined) throw new StageError(`${describeResource(permission)}: its function is not in the graph`);
    const principal = textOf(inputs, "principal");
    const sourceArn = optionalText(inputs, "sourceArn");
    const sourceAccount = optionalText(inputs, "sourceAccount");
    authorizer.addResourcePolicy(target, {
      source: describeResource(permission),
      document: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: textOf(outputs, "statementId").replace(/[^A-Za-z0-9]/g, ""),
            Effect: "Allow",
            Principal: principal.includes(".amazonaws.com") ? { Service: principal } : { AWS: principal },
            Action: textOf(inputs, "action"),
            Resource: target,
            ...(sourceArn === undefined && sourceAccount === undefined
              ? {}
              : {
                  Condition: {
                    ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
                    ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": sourceAccount } }),
                  },
                }),
          },
        ],
      },
    });
  }
}

function functionArn(graph: Graph, reference: string): string | undefined {
  const found = graph
    .ofType("aws:lambda/function:Function")
    .find(({ outputs }) => outputs["name"] === reference || outputs["arn"] === reference);
  return found === undefined ? undefined : textOf(found.outputs, "arn");
}
