/**
 * A producer outside AWS: takes on the role that a stage offers (output `producerRoleArn`), presenting the external id it
 * was given, and puts records on the input stream. It can do nothing else. The demonstration runs this very file.
 *
 * Where no role can be taken on, pass an access key (`producerUser`) as `credentials` of the Kinesis client instead.
 */
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { AssumeRoleCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";

export interface ProducerOptions {
  readonly roleArn: string;
  readonly externalId: string;
  readonly stream: string;
  /** Region, the producer's own credentials, and where a stage runs locally its endpoint. */
  readonly aws: Pick<STSClientConfig, "region" | "endpoint" | "credentials">;
}

export interface ProducedRecord {
  /** Records of one key stay in order. */
  readonly key: string;
  readonly data: string | Uint8Array;
}

/** Records of one request at most. Source: Kinesis API reference, PutRecords. */
const MOST_RECORDS = 500;
const MOST_ATTEMPTS = 5;

export class ExternalProducer {
  private constructor(
    private readonly kinesis: KinesisClient,
    private readonly stream: string,
  ) {}

  /** Takes the role on; the session lasts an hour, after which a new producer is opened. */
  static async open({ roleArn, externalId, stream, aws }: ProducerOptions): Promise<ExternalProducer> {
    const sts = new STSClient({ ...aws });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: "external-producer" }),
    );
    sts.destroy();
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error("the role gave no credentials");
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return new ExternalProducer(new KinesisClient({ ...aws, credentials }), stream);
  }

  /** Puts one record; resolves when the stream has it. */
  async put({ key, data }: ProducedRecord): Promise<void> {
    await this.kinesis.send(new PutRecordCommand({ StreamName: this.stream, PartitionKey: key, Data: bytesOf(data) }));
  }

  /** Puts records; resolves when the stream has all of them. Records that a busy stream refuses are put again. */
  async putAll(records: readonly ProducedRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += MOST_RECORDS) {
      let open = records.slice(from, from + MOST_RECORDS);
      for (let attempt = 1; open.length > 0; attempt++) {
        if (attempt > MOST_ATTEMPTS)
          throw new Error(`the stream refused ${open.length} records ${MOST_ATTEMPTS} times`);
        const { Records = [] } = await this.kinesis.send(
          new PutRecordsCommand({
            StreamName: this.stream,
            Records: open.map(({ key, data }) => ({ PartitionKey: key, Data: bytesOf(data) })),
          }),
        );
        open = open.filter((_, index) => Records[index]?.ErrorCode !== undefined);
      }
    }
  }

  close(): void {
    this.kinesis.destroy();
  }
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? Buffer.from(data) : data;
}
