/** Writes a delivery stream's objects to S3 by its role, and says in its log what went wrong. */
import type { Principal } from "../../iam/principal";
import type { ServiceContext } from "../context";
import type { AwsError } from "../service";
import { suffixOf, type Delivery } from "./prefix";
import type { DeliverySettings } from "./settings";
import type { SourceRecord } from "./source";

/** What stands in the error prefix for records that S3 did not take; AWS has no name for it, it gives them up. */
const NOT_TAKEN = "s3-failed";

export class Destination {
  constructor(
    private readonly settings: DeliverySettings,
    private readonly context: Pick<ServiceContext, "dispatch" | "clock" | "say">,
    /** The role of `extendedS3Configuration`. */
    private readonly writer: Principal,
  ) {}

  keyOf(delivery: Delivery): string {
    const { name, prefix, extension } = this.settings;
    return prefix(delivery) + suffixOf(name, delivery, extension);
  }

  /** @throws AwsError when S3 does not take it */
  async put(Key: string, Body: Buffer): Promise<void> {
    const { bucket, keyArn } = this.settings;
    const encryption = keyArn === undefined ? {} : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn };
    const ContentType = "application/octet-stream";
    const input = { Bucket: bucket, Key, Body, ContentType, ...encryption };
    await this.context.dispatch(this.writer, "s3", "PutObject", input);
  }

  /**
   * Writes records that S3 did not take where they belong, one JSON line each, with the reason. Format: Firehose
   * developer guide, "Data delivery failure handling".
   * @throws AwsError when S3 does not take it here either
   */
  async putFailed(delivery: Delivery, records: readonly SourceRecord[], reason: AwsError): Promise<void> {
    const { name, errorPrefix } = this.settings;
    const now = this.context.clock.now();
    const lines = records.map(({ sequence, arrival, data }) =>
      JSON.stringify({
        arrivalTimestamp: arrival,
        attemptEndingTimestamp: now,
        errorCode: `S3.${reason.code}`,
        errorMessage: reason.message,
        sequenceNumber: sequence,
        rawData: data.toString("base64"),
      }),
    );
    const key = errorPrefix({ ...delivery, errorType: NOT_TAKEN }) + suffixOf(name, delivery, "");
    await this.put(key, Buffer.from(lines.map((line) => `${line}\n`).join("")));
  }

  /** Says what went wrong, to the log where there is one, else to the person in front of the machine. */
  async report(service: "S3" | "Kinesis", error: AwsError): Promise<void> {
    const { arn, bucketArn, log, name } = this.settings;
    const line = `delivery stream ${name}: ${service} refused: ${error.message}`;
    if (log === undefined) return this.context.say(line);
    const message = JSON.stringify({
      deliveryStreamARN: arn,
      destination: bucketArn,
      deliveryStreamVersionId: 1,
      message: error.message,
      errorCode: `${service}.${error.code}`,
    });
    const logEvents = [{ timestamp: this.context.clock.now(), message }];
    const input = { logGroupName: log.group, logStreamName: log.stream, logEvents };
    try {
      await this.context.dispatch(this.writer, "logs", "PutLogEvents", input);
    } catch (failure) {
      this.context.say(`${line} (and its log could not be written: ${String(failure)})`);
    }
  }
}
