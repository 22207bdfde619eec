/**
 * What AWS answers to an input that does not fit an operation's shape: a `SerializationException` where a value is of
 * another JSON type, else a `ValidationException` that names value, place and constraint in the words of its model.
 * A constraint of the stage's own ("is not modelled") is told as it stands.
 */
import type { z } from "zod";
import { AwsError } from "./aws-error";

type Issue = z.core.$ZodIssue;

/** A legible part of a value, however long it is. */
const LONGEST_VALUE = 100;

export function inputError({ issues }: z.ZodError): AwsError {
  const mistyped = issues.find(isMistyped);
  if (mistyped !== undefined) {
    return new AwsError("SerializationException", `'${placeOf(mistyped)}' must be of type ${mistyped.expected}`);
  }
  const problems = issues.map(describe);
  const noun = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
  return new AwsError("ValidationException", `${noun} detected: ${problems.join("; ")}`);
}

/** A value of another type than the member's; a member that no value may have is refused as it stands. */
function isMistyped(issue: Issue): issue is z.core.$ZodIssueInvalidType {
  return (
    issue.code === "invalid_type" && issue.expected !== "never" && issue.input !== undefined && !isOwnMessage(issue)
  );
}

function describe(issue: Issue): string {
  const constraint = constraintOf(issue);
  if (constraint === undefined) return `${issue.path.map(String).join(".") || "input"}: ${issue.message}`;
  const value = issue.input === undefined || issue.input === null ? "null" : `'${excerpt(issue.input)}'`;
  return `Value ${value} at '${placeOf(issue)}' failed to satisfy constraint: ${constraint}`;
}

/** Whether the shape says for itself what is wrong. */
function isOwnMessage({ message }: Issue): boolean {
  return !/^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(message);
}

function constraintOf(issue: Issue): string | undefined {
  if (isOwnMessage(issue)) return undefined;
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "never" ? undefined : "Member must not be null";
    case "too_small":
      return `Member must have ${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`;
    case "too_big":
      return `Member must have ${measureOf(issue.origin)} less than or equal to ${issue.maximum}`;
    case "invalid_value":
      return issue.input === undefined
        ? "Member must not be null"
        : `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    case "invalid_format":
      return issue.pattern === undefined
        ? undefined
        : `Member must satisfy regular expression pattern: ${issue.pattern.replace(/^\/|\/$/g, "")}`;
    default:
      return undefined;
  }
}

function measureOf(origin: string): string {
  return origin === "string" || origin === "array" ? "length" : "value";
}

/** As AWS writes places: `records.1.member.partitionKey`. */
function placeOf({ path }: Issue): string {
  const steps = path.map((step) =>
    typeof step === "number" ? `${step + 1}.member` : String(step).replace(/^[A-Z]/, (first) => first.toLowerCase()),
  );
  return steps.join(".") || "input";
}

function excerpt(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}...`;
}
