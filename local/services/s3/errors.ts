/** S3's refusals. Codes and sentences: S3 API reference, "Error responses". */
import { AwsError } from "../service";

/** A refusal that also says something in headers. */
export class S3Error extends AwsError {
  constructor(
    code: string,
    message: string,
    status: number,
    readonly headers: Readonly<Record<string, string>>,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(code, message, status, members);
  }
}

export function noSuchBucket(name: string): AwsError {
  return new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: name });
}

export function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
}

export function noSuchVersion(key: string, id: string): AwsError {
  return new AwsError("NoSuchVersion", "The specified version does not exist.", 404, { Key: key, VersionId: id });
}

/** The current version is a marker: to who asks for the object, there is none. */
export function hiddenByMarker(key: string, markerId: string): AwsError {
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": markerId };
  return new S3Error("NoSuchKey", "The specified key does not exist.", 404, headers, { Key: key });
}

/** A marker was asked for by its id. */
export function isMarker(markerId: string): AwsError {
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": markerId, allow: "DELETE" };
  return new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, headers);
}

export function noSuchUpload(id: string): AwsError {
  return new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId: id },
  );
}

export function invalidArgument(name: string, value: string, allowed: string): AwsError {
  return new AwsError("InvalidArgument", `${name} must be ${allowed}`, 400, {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

/** What S3 has and the stage does not. */
export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", `the local stage does not model ${what} of S3`, 501);
}
