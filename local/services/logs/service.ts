/**
 * CloudWatch Logs on disk: an event is acknowledged when it is in its group's log. Lines go on to whoever runs the
 * stage, and metrics in lines to CloudWatch. Limits and messages follow the CloudWatch Logs API reference.
 */
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import { numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { describeDenial } from "../../iam/decision";
import { service as servicePrincipal } from "../../iam/principal";
import { expectOnly, refuse } from "../cloudwatch/declared";
import { openAll } from "../../durable/opening";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { MOST_EVENTS_PUT, sortBatch, type InputEvent } from "./batch";
import { readEmbeddedMetrics } from "./embedded-metrics";
import { LogGroup, type LogGroupSettings } from "./log-group";
import { readingOperations } from "./reading";

const HOUR_MS = 3_600_000;

export class LogsService implements Service {
  readonly signingName = "logs";
  readonly binding = jsonBinding("Logs_20140328", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #groups: ReadonlyMap<string, LogGroup>;
  #stopTrimming = (): void => undefined;

  /** @throws StageError when a group is declared in a way the stage does not follow, or its key does not let logs in */
  static async open(context: ServiceContext): Promise<LogsService> {
    const { graph, clock, durable } = context;
    checkStreams(graph);
    const declared = graph.ofType("aws:cloudwatch/logGroup:LogGroup").map((each) => readSettings(each, context));
    const groups = await openAll(declared, (each) =>
      LogGroup.open(each, context.folder("logs", each.name), clock.now(), durable),
    );
    return new LogsService(context, groups);
  }

  private constructor(
    private readonly context: ServiceContext,
    groups: readonly LogGroup[],
  ) {
    this.#groups = new Map(groups.map((group) => [group.name, group]));
    this.operations = { ...this.#writingOperations(), ...readingOperations(context, this.#groups) };
  }

  start(): void {
    this.#trimHourly();
  }

  async close(): Promise<void> {
    this.#stopTrimming();
    await Promise.all([...this.#groups.values()].map((group) => group.close()));
  }

  #writingOperations(): Record<string, Operation> {
    const stream = { logGroupName: z.string().min(1).max(512), logStreamName: z.string().regex(/^[^:*]{1,512}$/) };
    return {
      CreateLogGroup: operation({
        shape: z.object({ logGroupName: z.string() }),
        checks: ({ logGroupName }) => [{ action: "logs:CreateLogGroup", resource: this.#arnOf(logGroupName) }],
        run: ({ logGroupName }) => this.#refuseGroup(logGroupName),
      }),
      CreateLogStream: operation({
        shape: z.object(stream),
        checks: (input) => this.#onStream("CreateLogStream", input),
        run: async ({ logGroupName, logStreamName }) => {
          const group = this.#group(logGroupName);
          if (group.stream(logStreamName) !== undefined) {
            throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
          }
          await group.createStream(logStreamName, this.context.clock.now());
        },
      }),
      PutLogEvents: operation({
        shape: z.object({
          ...stream,
          logEvents: z
            .array(z.object({ timestamp: z.int().nonnegative(), message: z.string().min(1) }))
            .min(1)
            .max(MOST_EVENTS_PUT),
        }),
        checks: (input) => this.#onStream("PutLogEvents", input),
        run: ({ logGroupName, logStreamName, logEvents }) =>
          this.#put(this.#group(logGroupName), logStreamName, logEvents),
      }),
    };
  }

  async #put(group: LogGroup, stream: string, events: readonly InputEvent[]): Promise<unknown> {
    if (group.stream(stream) === undefined) {
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const now = this.context.clock.now();
    const { taken, rejected } = sortBatch(events, now, group.expiry(now));
    if (taken.length > 0) await group.append(taken.map((event) => ({ ...event, stream, ingestion: now })));
    this.#passOn(group, taken, now);
    return { nextSequenceToken: String(group.tip), rejectedLogEventsInfo: rejected };
  }

  /** Shows every line, and publishes the metrics in them and those of the group. */
  #passOn({ name }: LogGroup, events: readonly InputEvent[], now: number): void {
    const { measure, onLog } = this.context;
    const count = (metric: string, value: number): void =>
      measure({ namespace: "AWS/Logs", name: metric, dimensions: { LogGroupName: name }, value, time: now });
    let bytes = 0;
    for (const { message } of events) {
      bytes += Buffer.byteLength(message);
      for (const line of message.trimEnd().split("\n")) onLog(name, line);
      const { measurements, fault } = readEmbeddedMetrics(message, now);
      measurements.forEach(measure);
      if (fault !== undefined) count(fault, 1);
    }
    count("IncomingLogEvents", events.length);
    count("IncomingBytes", bytes);
  }

  /** Groups are what the program declares: an API call makes none. */
  #refuseGroup(name: string): never {
    if (this.#groups.has(name)) {
      throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
    }
    throw new AwsError(
      "InvalidParameterException",
      `The local stage has the log groups that the program declares, and ${name} is none of them: declare an aws.cloudwatch.LogGroup of that name.`,
    );
  }

  #onStream(action: string, input: { logGroupName: string; logStreamName: string }): readonly Check[] {
    const resource = `${this.#arnOf(input.logGroupName)}:log-stream:${input.logStreamName}`;
    return [{ action: `logs:${action}`, resource }];
  }

  #arnOf(group: string): string {
    const { partition, region, account } = this.context.facts;
    return `arn:${partition}:logs:${region}:${account}:log-group:${group}`;
  }

  #group(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }

  #trimHourly(): void {
    const { clock } = this.context;
    const timer = clock.after(HOUR_MS, async () => {
      this.#trimHourly();
      const now = clock.now();
      await Promise.all([...this.#groups.values()].map((group) => group.trim(group.expiry(now))));
    });
    this.#stopTrimming = () => timer.cancel();
  }
}

function readSettings(resource: Resource, context: ServiceContext): LogGroupSettings {
  expectOnly(resource, ["name", "retentionInDays", "kmsKeyId", "logGroupClass"]);
  const { inputs, outputs } = resource;
  if ((optionalText(inputs, "logGroupClass") ?? "STANDARD") !== "STANDARD") {
    refuse(resource, "the local stage runs log groups of the class STANDARD only");
  }
  const [name, arn] = [textOf(outputs, "name"), textOf(outputs, "arn")];
  const keyArn = optionalText(inputs, "kmsKeyId");
  if (keyArn !== undefined) checkKey(resource, arn, keyArn, context);
  const days = numberOf(inputs, "retentionInDays", 0);
  const streams = context.graph
    .ofType("aws:cloudwatch/logStream:LogStream")
    .filter((each) => each.inputs["logGroupName"] === name)
    .map((each) => textOf(each.outputs, "name"));
  return { name, arn, retentionDays: days === 0 ? undefined : days, keyArn, streams };
}

/** @throws StageError naming a stream without a group */
function checkStreams(graph: Graph): void {
  const groups = new Set(graph.ofType("aws:cloudwatch/logGroup:LogGroup").map(({ outputs }) => outputs["name"]));
  for (const stream of graph.ofType("aws:cloudwatch/logStream:LogStream")) {
    const group = textOf(stream.inputs, "logGroupName");
    if (!groups.has(group))
      refuse(stream, `its log group ${group} is not in the graph: declare it in the same program`);
  }
}

/** What a key must let CloudWatch Logs do. Source: its user guide, "Encrypt log data using AWS KMS". */
const KEY_ACTIONS = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey"];

/** No role acts for a log group: the service itself uses the key, by the key's policy. */
function checkKey(resource: Resource, groupArn: string, keyArn: string, { authorizer, facts }: ServiceContext): void {
  for (const action of KEY_ACTIONS) {
    const request = {
      principal: servicePrincipal("logs.amazonaws.com", facts.region),
      action: `kms:${action}`,
      resource: keyArn,
      context: { "kms:EncryptionContext:aws:logs:arn": groupArn, "aws:SourceAccount": facts.account },
    };
    const decision = authorizer.authorize(request);
    if (!decision.allowed) refuse(resource, describeDenial(request, decision));
  }
}
