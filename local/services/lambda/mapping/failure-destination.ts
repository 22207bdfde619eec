/** Tells the failure queue which records a function could not process; the records themselves stay in the stream. */
import { randomUUID } from "node:crypto";
import type { ServiceContext } from "../../context";
import type { DeployedFunction } from "../deployed-function";
import type { Batch } from "./batch";
import type { MappingSettings } from "./settings";

export class FailureDestination {
  constructor(
    private readonly settings: MappingSettings,
    private readonly target: DeployedFunction,
    private readonly shard: string,
    private readonly context: ServiceContext,
  ) {}

  /** Source of the message's form: Lambda developer guide, "Retain discarded batch records". */
  async send(
    { records, attempts, window }: Batch,
    condition: "MaximumRecordAgeExceeded" | "RetryAttemptsExhausted",
  ): Promise<void> {
    const what =
      records.length === 0
        ? `the end of a window${window === undefined ? "" : ` (${new Date(window.start).toISOString()})`}`
        : `${records.length} records`;
    this.context.say(
      `function ${this.target.name} gave up ${what} of ${this.shard} after ${attempts} attempts: ${condition}`,
    );
    const queue = this.settings.failureQueue;
    if (queue === undefined) return;
    const [first, last] = [records[0], records.at(-1)];
    const iso = (record: typeof first): string | undefined =>
      record === undefined ? undefined : new Date(record.arrival).toISOString();
    const message = {
      requestContext: {
        requestId: randomUUID(),
        functionArn: this.target.arn,
        condition,
        approximateInvokeCount: attempts,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: new Date(this.context.clock.now()).toISOString(),
      KinesisBatchInfo: {
        shardId: this.shard,
        startSequenceNumber: first?.sequence,
        endSequenceNumber: last?.sequence,
        approximateArrivalOfFirstRecord: iso(first),
        approximateArrivalOfLastRecord: iso(last),
        batchSize: records.length,
        streamArn: this.settings.streamArn,
      },
    };
    const [, , , region = "", account = "", name = ""] = queue.split(":");
    await this.context.dispatch(this.target.session, "sqs", "SendMessage", {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: JSON.stringify(message),
    });
  }
}
