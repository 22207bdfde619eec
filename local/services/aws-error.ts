/** An error as an AWS service answers it. */
export class AwsError extends Error {
  override readonly name = "AwsError";

  constructor(
    /** `ResourceNotFoundException`. */
    readonly code: string,
    message: string,
    /** HTTP status. */
    readonly status = 400,
    /** Members of the error's shape beside its message. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
