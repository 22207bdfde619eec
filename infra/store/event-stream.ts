/** A Kinesis data stream: keeps records in arrival order per key until every consumer has read them. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { permits, type Action, type Capability, type Target } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { STREAM_RETENTION, STREAM_SHARDS } from "../core/limits";
import { InputProblems } from "../core/problems";
import { hours, seconds, type Duration } from "../core/units";
import { holdingOnto } from "./durability";

/** Number of shards, or `on-demand`: AWS follows the load. */
export type StreamCapacity = number | "on-demand";

export interface EventStreamArgs {
  readonly on: Foundation;
  readonly capacity: StreamCapacity;
  /** How long records can be read again. @default "24 hours" */
  readonly retention?: Duration;
}

const WRITE = ["kinesis:PutRecord", "kinesis:PutRecords"] as const satisfies readonly Action[];

/** What reading takes. Source: Firehose developer guide, "Grant Firehose access to a Kinesis data stream". */
const READ = [
  "kinesis:DescribeStream",
  "kinesis:GetRecords",
  "kinesis:GetShardIterator",
  "kinesis:ListShards",
] as const satisfies readonly Action[];

/** What an event source mapping asks for beside it. Source: Lambda developer guide, execution role for Kinesis. */
const FEED = ["kinesis:DescribeStreamSummary"] as const satisfies readonly Action[];

export class EventStream extends ClickstreamComponent {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly #logicalName: string;
  readonly #on: Foundation;

  constructor(name: string, args: EventStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planEventStream(name, args);
    super("clickstream:store:EventStream", name, {}, opts);
    this.#on = args.on;
    this.#logicalName = name;

    const stream = new aws.kinesis.Stream(
      name,
      {
        ...plan.capacity,
        retentionPeriod: plan.retentionHours,
        encryptionType: "KMS",
        kmsKeyId: args.on.key.arn,
        shardLevelMetrics:
          plan.capacity.streamModeDetails.streamMode === "PROVISIONED" ? ["IteratorAgeMilliseconds"] : [],
        enforceConsumerDeletion: true,
      },
      this.child(holdingOnto(args.on)),
    );

    this.arn = stream.arn;
    this.name = stream.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  /** Putting records, nothing else. */
  canWrite(reason: string, actions: readonly (typeof WRITE)[number][] = WRITE): Capability {
    return this.#with(this.#on.key.canEncrypt("kinesis", reason), { sid: `Write${this.#sid}`, reason, actions });
  }

  /** Reading records from the beginning to the tip, as a delivery does. */
  canRead(reason: string): Capability {
    return this.#reading(reason, READ);
  }

  /** Reading them for a function, as an event source mapping does. */
  canFeed(reason: string): Capability {
    return this.#reading(reason, [...READ, ...FEED]);
  }

  #reading(reason: string, actions: readonly Action[]): Capability {
    return this.#with(this.#on.key.canDecrypt("kinesis", reason), { sid: `Read${this.#sid}`, reason, actions });
  }

  #with(key: Capability, statement: { sid: string; reason: string; actions: readonly Action[] }): Capability {
    return permits({ ...statement, targets: [this.#target] }, ...key.statements);
  }

  get #sid(): string {
    return `${this.#logicalName.replace(/[^A-Za-z0-9]/g, "")}Stream`;
  }

  get #target(): Target {
    const { partition, region } = this.#on.place;
    return { arn: this.arn, pattern: `arn:${partition}:kinesis:${region}:*:stream/${this.#logicalName}-*` };
  }
}

export interface EventStreamPlan {
  readonly capacity: {
    readonly shardCount?: number;
    readonly streamModeDetails: { readonly streamMode: "PROVISIONED" | "ON_DEMAND" };
  };
  readonly retentionHours: number;
}

/** @throws pulumi.InputPropertiesError */
export function planEventStream(name: string, args: Pick<EventStreamArgs, "capacity" | "retention">): EventStreamPlan {
  const { capacity, retention = STREAM_RETENTION.least } = args;
  const problems = new InputProblems(`EventStream ${name}`);
  problems.expect(
    capacity === "on-demand" ||
      (Number.isInteger(capacity) && capacity >= STREAM_SHARDS.least && capacity <= STREAM_SHARDS.most),
    "capacity",
    capacity,
    `"on-demand" or ${STREAM_SHARDS.least}..${STREAM_SHARDS.most} shards`,
  );
  const kept = seconds(retention);
  problems.expect(
    kept >= seconds(STREAM_RETENTION.least) && kept <= seconds(STREAM_RETENTION.most) && kept % seconds("1 hour") === 0,
    "retention",
    retention,
    `"${STREAM_RETENTION.least}".."${STREAM_RETENTION.most}" in whole hours`,
  );
  problems.throwIfAny();
  return {
    capacity:
      capacity === "on-demand"
        ? { streamModeDetails: { streamMode: "ON_DEMAND" } }
        : { shardCount: capacity, streamModeDetails: { streamMode: "PROVISIONED" } },
    retentionHours: hours(retention),
  };
}
