/** How the service says no, in DynamoDB's words. */
import { AwsError } from "../service";

/** A request that could never be carried out. */
export function invalidRequest(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/** A request with a value that DynamoDB does not take. */
export function invalidValue(problem: string): AwsError {
  return invalidRequest(`One or more parameter values were invalid: ${problem}`);
}

/** A request whose JSON is not of the operation's form. */
export function unreadable(problem: string): AwsError {
  return new AwsError("SerializationException", problem);
}

/** A legible part of something a caller sent, however long it is. */
export function excerpt(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}
