/** Raises anomalies on the anomaly stream, those of one site in order. */
import { PutRecordCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import type { Anomaly } from "./anomaly";

export function createRaiseAnomaly(kinesis: KinesisClient, stream: string): (anomaly: Anomaly) => Promise<void> {
  return async function raise(anomaly) {
    await kinesis.send(
      new PutRecordCommand({
        StreamName: stream,
        PartitionKey: anomaly.site,
        Data: Buffer.from(JSON.stringify(anomaly)),
      }),
    );
  };
}
