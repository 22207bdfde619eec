/**
 * SQS speaks JSON, and tells clients of its former query protocol which error they knew: `x-amzn-query-error` carries the
 * former code beside whose fault it was. Source: the awsQueryError traits of the SQS service model.
 */
import { jsonBinding } from "../../endpoint/json-binding";
import { AwsError, type Binding } from "../service";

/** Former codes, where they differ. */
const FORMER_CODES: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  InvalidBatchEntryId: "AWS.SimpleQueueService.InvalidBatchEntryId",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
};

const json = jsonBinding("AmazonSQS", "1.0");

export const sqsBinding: Binding = {
  ...json,
  fail: (error, requestId) => {
    const known = asSqsError(error);
    const reply = json.fail(known, requestId);
    const fault = known.status < 500 ? "Sender" : "Receiver";
    const former = FORMER_CODES[known.code] ?? known.code;
    return { ...reply, headers: { ...reply.headers, "x-amzn-query-error": `${former};${fault}` } };
  },
};

/** SQS has its own name for an input that does not fit its shape. */
function asSqsError(error: AwsError): AwsError {
  return error.code === "ValidationException" ? new AwsError("InvalidParameterValue", error.message) : error;
}
