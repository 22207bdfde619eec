/** Keeps what was rejected: the record as it came, why, and by which component, so that it can be replayed. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

export interface RejectedRecord {
  readonly code: string;
  readonly detail: string;
  /** Which function rejected it, and in which version of its code. */
  readonly component: string;
  readonly version: number;
  /** Where it was: shard and sequence number name a record of a stream for ever. */
  readonly stream: string;
  readonly shard: string;
  readonly sequence: string;
  /** When it arrived, ISO 8601. */
  readonly arrived: string;
  /** The record's bytes, base64. */
  readonly data: string;
}

export interface RejectedRecords {
  /** Keeps a batch; keeping the same batch again changes nothing. */
  keep(records: readonly RejectedRecord[]): Promise<void>;
}

/** Folder that `infra` lets functions write rejected records to. */
const PREFIX = "rejected/";

/** One object per batch, named by its first record: a replay of the batch writes the same object. */
export class RejectedRecordsInBucket implements RejectedRecords {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async keep(records: readonly RejectedRecord[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return;
    const [date = "", time = ""] = first.arrived.split("T");
    const [year, month, day] = date.split("-");
    const folder = `${PREFIX}component=${first.component}/year=${year}/month=${month}/day=${day}/hour=${time.slice(0, 2)}/`;
    await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: `${folder}${first.shard}-${first.sequence}.ndjson`,
        Body: records.map((record) => `${JSON.stringify(record)}\n`).join(""),
        ContentType: "application/x-ndjson",
      }),
    );
  }
}
