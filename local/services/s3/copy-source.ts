/** What a copy is made of: `bucket/key` or `/bucket/key`, percent-encoded, with `?versionId=...` behind it. */
import { AwsError } from "../service";
import type { ObjectRef } from "./buckets";

/** @throws AwsError `InvalidArgument` */
export function readCopySource(text: string): ObjectRef {
  const mark = text.indexOf("?");
  const [path, query] = mark < 0 ? [text, ""] : [text.slice(0, mark), text.slice(mark + 1)];
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  const version = /^versionId=(.+)$/.exec(query)?.[1];
  if (bucket === undefined || key === undefined || (query !== "" && version === undefined)) throw invalid();
  return { Bucket: bucket, Key: key, ...(version === undefined ? {} : { VersionId: decode(version) }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid();
  }
}

function invalid(): AwsError {
  return new AwsError(
    "InvalidArgument",
    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    400,
    {
      ArgumentName: "x-amz-copy-source",
    },
  );
}
