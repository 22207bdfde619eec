/**
 * A function that reads a stream: record by record in order per shard, with bounded attempts, and a queue for what failed
 * in all of them, so that one bad record can never hold the rest up for good.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import { STREAM_BATCH, TUMBLING_WINDOW } from "../core/limits";
import { InputProblems } from "../core/problems";
import { seconds, type Duration } from "../core/units";
import type { EventStream } from "../store/event-stream";
import type { FailureQueue } from "../store/failure-queue";
import { ConfinedFunction, type ConfinedFunctionArgs } from "./confined-function";

export interface StreamConsumerArgs extends ConfinedFunctionArgs {
  readonly source: EventStream;
  /** Why the function reads the stream. */
  readonly reads: string;
  readonly failures: FailureQueue;
  /** Records of one batch at most. @default 100 */
  readonly batchSize?: number;
  /** Length of the windows over which the function keeps a state. @default - no windows */
  readonly window?: Duration;
  /** Attempts after the first. @default 5 */
  readonly retries?: number;
  /** Age at which a record is given up. @default "1 hour" */
  readonly longestWait?: Duration;
}

export class StreamConsumer extends ClickstreamComponent {
  readonly function: ConfinedFunction;

  constructor(name: string, args: StreamConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planStreamConsumer(name, args);
    super("clickstream:compute:StreamConsumer", name, {}, opts);

    this.function = new ConfinedFunction(
      name,
      {
        ...args,
        access: [
          args.source.canFeed(args.reads),
          args.failures.canSend("Lambda hands over what failed in every attempt"),
          ...args.access,
        ],
      },
      { parent: this },
    );
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: args.source.arn,
        functionName: this.function.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: plan.batchSize,
        // A window is kept per shard: more than one batch of a shard at a time would tear it apart.
        parallelizationFactor: 1,
        ...(plan.windowSeconds === undefined ? {} : { tumblingWindowInSeconds: plan.windowSeconds }),
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        maximumRetryAttempts: plan.retries,
        maximumRecordAgeInSeconds: plan.longestWaitSeconds,
        destinationConfig: { onFailure: { destinationArn: args.failures.arn } },
      },
      this.child({ dependsOn: [this.function.role.ready] }),
    );
    this.registerOutputs({});
  }
}

interface StreamConsumerPlan {
  readonly batchSize: number;
  readonly windowSeconds: number | undefined;
  readonly retries: number;
  readonly longestWaitSeconds: number;
}

/** @throws pulumi.InputPropertiesError */
export function planStreamConsumer(
  name: string,
  args: Pick<StreamConsumerArgs, "batchSize" | "window" | "retries" | "longestWait">,
): StreamConsumerPlan {
  const { batchSize = 100, window, retries = 5, longestWait = "1 hour" } = args;
  const problems = new InputProblems(`StreamConsumer ${name}`);
  problems.expect(
    Number.isInteger(batchSize) && batchSize >= STREAM_BATCH.least && batchSize <= STREAM_BATCH.most,
    "batchSize",
    batchSize,
    `${STREAM_BATCH.least}..${STREAM_BATCH.most} records`,
  );
  const windowSeconds = window === undefined ? undefined : seconds(window);
  problems.expect(
    windowSeconds === undefined ||
      (Number.isInteger(windowSeconds) &&
        windowSeconds >= seconds(TUMBLING_WINDOW.least) &&
        windowSeconds <= seconds(TUMBLING_WINDOW.most)),
    "window",
    window,
    `"${TUMBLING_WINDOW.least}".."${TUMBLING_WINDOW.most}" in whole seconds`,
  );
  problems.expect(Number.isInteger(retries) && retries >= 0 && retries <= 10_000, "retries", retries, "0..10000");
  const wait = seconds(longestWait);
  problems.expect(wait >= 60 && wait <= seconds("7 days"), "longestWait", longestWait, '"60 seconds".."7 days"');
  problems.throwIfAny();
  return { batchSize, windowSeconds, retries, longestWaitSeconds: wait };
}
