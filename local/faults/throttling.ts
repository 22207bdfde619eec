/** How each service says that it has too much to do. Sources: the "Errors" of each operation in the API references. */
import { AwsError } from "../services/service";

const THROTTLED: Readonly<Record<string, readonly [code: string, message: string, status: number]>> = {
  dynamodb: [
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded.",
    400,
  ],
  firehose: ["ServiceUnavailableException", "Slow down.", 503],
  kinesis: ["ProvisionedThroughputExceededException", "Rate exceeded for shard", 400],
  lambda: ["TooManyRequestsException", "Rate Exceeded.", 429],
  s3: ["SlowDown", "Please reduce your request rate.", 503],
  sns: ["Throttled", "Rate exceeded", 429],
};

export function throttledError(service: string): AwsError {
  const [code, message, status] = THROTTLED[service] ?? ["ThrottlingException", "Rate exceeded", 400];
  return new AwsError(code, message, status);
}
