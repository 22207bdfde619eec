/** Errors that pass by themselves: AWS is busy, or the connection was lost. */

const PASSING = [
  ...["ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"],
  ...["ServiceUnavailable", "InternalFailure", "InternalServerError", "TimeoutError", "RequestTimeout"],
  ...["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT", "EPIPE", "ENOTFOUND"],
];

export function isTransient(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name, code, $metadata } = error as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return PASSING.some((each) => each === name || each === code) || ($metadata?.httpStatusCode ?? 0) >= 500;
}
