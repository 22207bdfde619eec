/** Preconditions of reads and writes. Facts: RFC 9110, section 13, and the S3 User Guide, "Conditional requests". */
import { AwsError } from "../service";
import type { StoredObject } from "./store/version";

export interface Preconditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: string | Date | undefined;
  readonly IfUnmodifiedSince?: string | Date | undefined;
}

type Tagged = Pick<StoredObject, "etag" | "modified">;

/** @throws AwsError 412, or 304 when the caller has what it asks for */
export function checkRead(conditions: Preconditions, object: Tagged): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  // An ETag says more than a date: where both stand, the date is not asked.
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, object.etag)) throw preconditionFailed("If-Match");
  } else if (IfUnmodifiedSince !== undefined && object.modified > timeOf(IfUnmodifiedSince, "If-Unmodified-Since")) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, object.etag)) throw notModified();
  } else if (IfModifiedSince !== undefined && object.modified <= timeOf(IfModifiedSince, "If-Modified-Since")) {
    throw notModified();
  }
}

/** As {@link checkRead}, for the source of a copy: there 304 has no place. @throws AwsError 412 */
export function checkCopySource(conditions: Preconditions, object: Tagged): void {
  try {
    checkRead(conditions, object);
  } catch (error) {
    if (error instanceof AwsError && error.status === 304) throw preconditionFailed("x-amz-copy-source-If-None-Match");
    throw error;
  }
}

/**
 * Judges a write, in the same turn in which it is made: what is awaited in between may change the answer.
 * @param current what the write would take the place of
 * @returns the refusal: 412, or 404 when the object to match is not there
 */
export function judgeWrite({ IfMatch, IfNoneMatch }: Preconditions, current: Tagged | undefined): AwsError | undefined {
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") {
    return new AwsError(
      "NotImplemented",
      "A write takes If-None-Match with * only: it asks for a key that is free.",
      501,
    );
  }
  if (IfNoneMatch !== undefined && current !== undefined) return preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return undefined;
  if (current === undefined) return new AwsError("NoSuchKey", "The specified key does not exist.", 404);
  return matches(IfMatch, current.etag) ? undefined : preconditionFailed("If-Match");
}

/** @throws AwsError 412, also when there is nothing to delete */
export function checkDelete({ IfMatch }: Preconditions, current: Tagged | undefined): void {
  if (IfMatch === undefined || (current !== undefined && matches(IfMatch, current.etag))) return;
  throw preconditionFailed("If-Match");
}

/** `*`, or a list of ETags with quotation marks or without. */
function matches(list: string, etag: string): boolean {
  return list.split(",").some((each) => {
    const tag = each.trim().replace(/^W\//, "");
    return tag === "*" || tag.replace(/^"(.*)"$/, "$1") === etag;
  });
}

function timeOf(date: string | Date, header: string): number {
  const time = date instanceof Date ? date.getTime() : Date.parse(date);
  if (Number.isNaN(time))
    throw new AwsError("InvalidArgument", `${header} must be a date of HTTP, got "${String(date)}"`);
  return Math.floor(time / 1000) * 1000;
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    Condition: condition,
  });
}

function notModified(): AwsError {
  return new AwsError("NotModified", "Not Modified", 304);
}
