/** Where endpoints differ from ours, and which side AWS's own documentation supports. Anything else is a defect of ours. */
import type { Outcome } from "./case";

export type EndpointName = "moto" | "ministack";

export interface Difference {
  readonly call: string;
  readonly of: EndpointName;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** Who does as AWS does. */
  readonly right: "ours" | "theirs";
  /** What AWS documents, and where. */
  readonly because: string;
}

const UNREADABLE: Outcome = { error: "an answer that no AWS client can read" };
const ACCEPTED: Outcome = { result: "accepted" };
const EXACT = "12345678901234567890123456789012345679";
const IN_ORDER = ["a: of a", "shop.example: of shop.example", "c: of c", "b: of b"];

export const DIFFERENCES: readonly Difference[] = [
  {
    call: "s3: an upload nobody began",
    of: "moto",
    ours: { error: "NoSuchUpload" },
    theirs: { error: "Error" },
    right: "ours",
    because: "S3 API reference, List of error codes: NoSuchUpload",
  },
  {
    call: "kinesis: a record goes to the shard of its explicit hash key",
    of: "moto",
    ours: { result: "shardId-000000000001" },
    theirs: UNREADABLE,
    right: "ours",
    because: "Kinesis API reference, HashKeyRange: the ending hash key belongs to the shard; kinesalite alike",
  },
  {
    call: "kinesis: a shard is read from its horizon, in order",
    of: "moto",
    ours: { result: [...IN_ORDER, "a: explicit", "d: of d", "e: of e"] },
    theirs: { result: [...IN_ORDER, "d: of d", "e: of e"] },
    right: "ours",
    because: "follows from the call before it: the record with the explicit hash key was not taken",
  },
  {
    call: "kinesis: an iterator that nobody gave out",
    of: "moto",
    ours: { error: "InvalidArgumentException" },
    theirs: UNREADABLE,
    right: "ours",
    because: "Kinesis API reference, GetRecords: InvalidArgumentException",
  },
  {
    call: "kinesis: an iterator that nobody gave out",
    of: "ministack",
    ours: { error: "InvalidArgumentException" },
    theirs: { error: "ExpiredIteratorException" },
    right: "ours",
    because: "Kinesis API reference, GetRecords: ExpiredIteratorException is for iterators older than five minutes",
  },
  {
    call: "kinesis: a key that is too long",
    of: "moto",
    ours: { error: "ValidationException" },
    theirs: { error: "InvalidArgumentException" },
    right: "ours",
    because:
      "Kinesis API reference, PutRecord: a length constraint; kinesalite, tried against AWS: ValidationException",
  },
  {
    call: "dynamodb: numbers keep 38 digits",
    of: "ministack",
    ours: { result: { N: EXACT } },
    theirs: { result: { N: "12345678901234567890123456790000000000" } },
    right: "ours",
    because: "DynamoDB developer guide, Data types: up to 38 digits of precision",
  },
  {
    call: "sqs: a message with a character that no XML allows",
    of: "moto",
    ours: { error: "InvalidMessageContents" },
    theirs: ACCEPTED,
    right: "ours",
    because: "SQS API reference, SendMessage: characters outside the list are rejected",
  },
  ...(["moto", "ministack"] as const).map((of) => ({
    call: "sns: an empty message",
    of,
    ours: { error: "InvalidParameterException" },
    theirs: ACCEPTED,
    right: "ours" as const,
    because: "SNS API reference, Publish: Message is required, InvalidParameter for what does not comply",
  })),
  {
    call: "s3: a part that is too small for the middle",
    of: "ministack",
    ours: { error: "EntityTooSmall" },
    theirs: ACCEPTED,
    right: "ours",
    because: "S3 API reference, CompleteMultipartUpload: EntityTooSmall",
  },
  {
    call: "events: an event without a detail type fails by itself",
    of: "ministack",
    ours: { result: { FailedEntryCount: 1, codes: ["put", "InvalidArgument"] } },
    theirs: { result: { FailedEntryCount: 0, codes: ["put", "put"] } },
    right: "ours",
    because: "EventBridge API reference, PutEventsRequestEntry: Detail, DetailType and Source are required",
  },
  {
    call: "events: a detail that is no JSON",
    of: "ministack",
    ours: { result: { FailedEntryCount: 1, codes: ["MalformedDetail"] } },
    theirs: { result: { FailedEntryCount: 0, codes: ["put"] } },
    right: "ours",
    because: "EventBridge API reference, PutEventsResultEntry: MalformedDetail",
  },
  {
    call: "states: the path that a machine took",
    of: "ministack",
    ours: {
      result: [
        "ChoiceStateEntered Heavy?",
        "FailStateEntered Right",
        "MapStateEntered Split",
        "ParallelStateEntered Both",
        "PassStateEntered Left",
        "PassStateEntered Part",
        "PassStateEntered Part",
        "PassStateEntered Part",
        "PassStateEntered Weigh",
        "SucceedStateEntered Done",
        "WaitStateEntered Pause",
      ],
    },
    theirs: {
      result: [
        "ChoiceStateEntered Heavy?",
        "MapStateEntered Split",
        "ParallelStateEntered Both",
        "PassStateEntered Weigh",
        "SucceedStateEntered Done",
        "WaitStateEntered Pause",
      ],
    },
    right: "ours",
    because: "Step Functions API reference, GetExecutionHistory: states inside Map and Parallel are events too",
  },
  {
    call: "states: a machine fails with its own error",
    of: "ministack",
    ours: { result: { status: "FAILED", output: null, error: "TooHeavy", cause: "more than 100 kg" } },
    theirs: {
      result: {
        status: "FAILED",
        output: { Error: "TooHeavy", Cause: "more than 100 kg" },
        error: "TooHeavy",
        cause: "more than 100 kg",
      },
    },
    right: "ours",
    because: "Step Functions API reference, DescribeExecution: output is set only if the execution succeeds",
  },
  {
    call: "states: a path that leads nowhere",
    of: "ministack",
    ours: { result: { status: "FAILED", output: null, error: "States.Runtime" } },
    theirs: { result: { status: "SUCCEEDED", output: { weighed: { weight: null, unit: "kg" } } } },
    right: "ours",
    because: "Step Functions developer guide, Error names: a path that cannot be applied fails the execution",
  },
  {
    call: "states: an input that is no JSON",
    of: "moto",
    ours: { error: "InvalidExecutionInput" },
    theirs: { error: "TypeError" },
    right: "ours",
    because: "Step Functions API reference, StartExecution: InvalidExecutionInput",
  },
  {
    call: "states: an input that is no JSON",
    of: "ministack",
    ours: { error: "InvalidExecutionInput" },
    theirs: ACCEPTED,
    right: "ours",
    because: "Step Functions API reference, StartExecution: InvalidExecutionInput",
  },
];
