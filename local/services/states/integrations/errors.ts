/**
 * How Step Functions names a service's refusals: `CloudFormation.ChangeSetNotFoundException`. A refusal that the service's
 * model does not name has the service's general exception. Source: Step Functions developer guide, "AWS SDK service
 * integrations"; the names are those of the AWS SDK for Java 2.x.
 */
import { randomUUID } from "node:crypto";
import { StateFailure } from "../language/failure";
import type { AwsError } from "../../service";

/** Codes that every service may answer and few models name. Source: "Common errors" of the AWS API references. */
const COMMON = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InternalFailure",
  "InvalidAction",
  "InvalidClientTokenId",
  "MalformedQueryString",
  "MissingAction",
  "MissingParameter",
  "NotAuthorized",
  "OptInRequired",
  "RequestExpired",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "UnrecognizedClientException",
  "ValidationError",
  "ValidationException",
]);

/** @param general the exception for refusals without a name of their own */
export function failureOf(service: string, general: string, error: AwsError): StateFailure {
  const name = COMMON.has(error.code) ? general : exceptionOf(error.code);
  const cause = `${error.message} (Service: ${service}, Status Code: ${error.status}, Request ID: ${randomUUID()})`;
  return new StateFailure(`${service}.${name}`, cause);
}

/** A code as the Java SDK names its exception. */
function exceptionOf(code: string): string {
  const name = code.split(/[.:]/).at(-1) ?? code;
  if (name.endsWith("Exception")) return name;
  return `${name.replace(/Fault$/, "")}Exception`;
}
