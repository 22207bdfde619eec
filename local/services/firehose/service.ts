/**
 * Firehose: delivers a Kinesis stream, or what is put into the delivery stream itself, to S3 in objects of a size or an
 * interval. Limits and messages follow the Firehose API reference.
 */
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import { Journal } from "../../durable/journal";
import { buildOn } from "../../durable/opening";
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";
import { arnOf } from "../model";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import { DeliveryStream } from "./delivery-stream";
import { describeDeliveryStream } from "./describe";
import { Destination } from "./destination";
import { DirectSource } from "./direct-source";
import { KinesisSource } from "./kinesis-source";
import { Progress } from "./progress";
import { readDeliveryStreams, type DeliverySettings } from "./settings";

/** Largest record; most records and bytes of one PutRecordBatch. */
const LARGEST_RECORD = 1000 * 1024;
const MOST_RECORDS_PUT = 500;
const MOST_BYTES_PUT = 4 * 2 ** 20;

const named = { DeliveryStreamName: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/) };
const record = z.object({ Data: z.base64() });

interface Running {
  readonly stream: DeliveryStream;
  /** Nothing for a delivery stream that reads a Kinesis stream. */
  readonly direct: DirectSource | undefined;
}

export class FirehoseService implements Service {
  readonly signingName = "firehose";
  readonly binding = jsonBinding("Firehose_20150804", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #byName: ReadonlyMap<string, Running>;

  /** @throws StageError for a delivery stream that asks for what the stage does not do, or whose role Firehose may not take on */
  static async open(context: ServiceContext): Promise<FirehoseService> {
    const running: Running[] = [];
    try {
      for (const settings of readDeliveryStreams(context.graph)) running.push(await openStream(settings, context));
      return new FirehoseService(context, running);
    } catch (error) {
      await Promise.all(running.map(({ stream }) => stream.close()));
      throw error;
    }
  }

  private constructor(
    private readonly context: ServiceContext,
    running: readonly Running[],
  ) {
    this.#byName = new Map(running.map((each) => [each.stream.settings.name, each]));
    this.operations = this.#declare();
  }

  start(): void {
    for (const { stream } of this.#byName.values()) stream.start();
  }

  /** Delivers everything that has arrived by now. @throws AwsError when a source or S3 refuses; nothing is lost by it */
  async settle(): Promise<void> {
    await Promise.all([...this.#byName.values()].map(({ stream }) => stream.settle()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byName.values()].map(({ stream }) => stream.close()));
  }

  #declare(): Record<string, Operation> {
    const { facts } = this.context;
    const on =
      (action: string) =>
      (input: { DeliveryStreamName: string }): readonly Check[] => [
        {
          action: `firehose:${action}`,
          resource: arnOf(facts, "firehose", `deliverystream/${input.DeliveryStreamName}`),
        },
      ];
    return {
      PutRecord: operation({
        shape: z.object({ ...named, Record: record }),
        checks: on("PutRecord"),
        run: async (input) => {
          const [RecordId] = await this.#put(input.DeliveryStreamName, [input.Record]);
          return { RecordId, Encrypted: false };
        },
      }),
      PutRecordBatch: operation({
        shape: z.object({ ...named, Records: z.array(record).min(1).max(MOST_RECORDS_PUT) }),
        checks: on("PutRecordBatch"),
        run: async (input) => {
          const ids = await this.#put(input.DeliveryStreamName, input.Records);
          const RequestResponses = ids.map((RecordId) => ({ RecordId }));
          return { FailedPutCount: 0, Encrypted: false, RequestResponses };
        },
      }),
      DescribeDeliveryStream: operation({
        shape: z.object(named),
        checks: on("DescribeDeliveryStream"),
        run: (input) => ({
          DeliveryStreamDescription: describeDeliveryStream(this.#find(input.DeliveryStreamName).stream),
        }),
      }),
      ListDeliveryStreams: operation({
        shape: z.object({
          DeliveryStreamType: z.enum(["DirectPut", "KinesisStreamAsSource"]).optional(),
          ExclusiveStartDeliveryStreamName: z.string().default(""),
          Limit: z.int().min(1).max(10_000).default(10),
        }),
        checks: () => [{ action: "firehose:ListDeliveryStreams", resource: "*" }],
        run: ({ DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: behind, Limit }) => {
          const names = [...this.#byName.values()]
            .filter(({ direct }) => type === undefined || (direct === undefined) === (type === "KinesisStreamAsSource"))
            .map(({ stream }) => stream.settings.name)
            .filter((name) => name > behind)
            .sort();
          return { DeliveryStreamNames: names.slice(0, Limit), HasMoreDeliveryStreams: names.length > Limit };
        },
      }),
    };
  }

  /** @returns the records' ids, once all are on disk */
  async #put(name: string, records: readonly { readonly Data: string }[]): Promise<readonly string[]> {
    const { direct } = this.#find(name);
    if (direct === undefined) {
      throw new AwsError(
        "InvalidArgumentException",
        "This operation is not permitted on KinesisStreamAsSource delivery stream type.",
      );
    }
    const decoded = records.map(({ Data }) => Buffer.from(Data, "base64"));
    const largest = Math.max(...decoded.map(({ length }) => length));
    const total = decoded.reduce((bytes, { length }) => bytes + length, 0);
    if (largest > LARGEST_RECORD || total > MOST_BYTES_PUT) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: records have ${total} bytes, the largest ${largest}; at most ${MOST_BYTES_PUT} and ${LARGEST_RECORD} are taken`,
      );
    }
    const first = await direct.append(decoded, this.context.clock.now());
    return decoded.map((_, index) => Buffer.from(`${name}/${first + index}`).toString("base64url"));
  }

  #find(name: string): Running {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new AwsError(
      "ResourceNotFoundException",
      `Firehose ${name} under account ${this.context.facts.account} not found.`,
    );
  }
}

async function openStream(settings: DeliverySettings, context: ServiceContext): Promise<Running> {
  const { clock, durable, folder } = context;
  const { source, roleArn } = settings;
  const writer = assume(roleArn, context);
  const reader = source === undefined || source.roleArn === roleArn ? writer : assume(source.roleArn, context);
  const destination = new Destination(settings, context, writer);
  const progress = new Progress();
  return buildOn(
    await Journal.open(folder("firehose", settings.name, "progress"), progress, durable),
    async (journal) => {
      if (progress.begun === undefined) await journal.record({ kind: "begin", at: clock.now() });
      const begun = progress.begun ?? clock.now();
      const records = folder("firehose", settings.name, "records");
      const direct = source === undefined ? await DirectSource.open(records, durable) : undefined;
      const reading = direct ?? new KinesisSource(context, source?.streamArn ?? "", reader, begun);
      const stream = new DeliveryStream({ settings, source: reading, destination, progress, journal }, context);
      return { stream, direct };
    },
  );
}

/** Firehose presents the account that owns the delivery stream. Source: Firehose developer guide, "Controlling access". */
function assume(roleArn: string, { assume: takeOn, facts }: ServiceContext): RoleSession {
  return takeOn(roleArn, "firehose.amazonaws.com", "firehose", { "sts:ExternalId": facts.account });
}
