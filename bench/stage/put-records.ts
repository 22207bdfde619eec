/**
 * Puts small records by the AWS SDK, 500 in a request, four requests under way, over HTTP/1.1, which both sides speak.
 * Usage: put-records.ts SECONDS, with endpoint, credentials and stream as JSON on the standard input.
 */
import { text } from "node:stream/consumers";
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { S3Client } from "@aws-sdk/client-s3";

export interface PutTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly stream: string;
  /** Whether the stream is still to be made. */
  readonly creates: boolean;
}

export interface PutRate {
  readonly records: number;
  readonly refused: number;
  readonly seconds: number;
}

const RECORDS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;
const DATA = Buffer.alloc(100, "x");

async function put({ endpoint, region, accessKeyId, secretAccessKey, stream, creates }: PutTarget): Promise<PutRate> {
  const seconds = Number(process.argv[2]);
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  // Kinesis clients speak HTTP/2 unless they are given another client's way of speaking.
  const kinesis = new KinesisClient({ ...config, requestHandler: new S3Client(config).config.requestHandler });
  if (creates) {
    await kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 2 }));
    await new Promise((wake) => setTimeout(wake, 500));
  }
  let [records, refused, number] = [0, 0, 0];
  const begun = performance.now();
  const sender = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) {
      const Records = Array.from({ length: RECORDS_PER_REQUEST }, () => ({
        PartitionKey: `key-${number++ % 97}`,
        Data: DATA,
      }));
      const answer = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
      refused += answer.FailedRecordCount ?? 0;
      records += RECORDS_PER_REQUEST - (answer.FailedRecordCount ?? 0);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sender));
  const took = (performance.now() - begun) / 1000;
  kinesis.destroy();
  return { records, refused, seconds: took };
}

void text(process.stdin)
  .then((target) => put(JSON.parse(target) as PutTarget))
  .then((rate) => console.log(JSON.stringify(rate)));
