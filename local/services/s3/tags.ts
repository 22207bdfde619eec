/** Tags of objects. Limits: S3 User Guide, "Categorizing your objects using tags". */
import { AwsError } from "../service";

const MOST_TAGS = 10;
const LONGEST_NAME = 128;
const LONGEST_VALUE = 256;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** `a=1&b=2`, as the header of an upload carries tags. @throws AwsError `InvalidTag` */
export function readTagging(text: string): Record<string, string> {
  return readTags([...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value })));
}

/** @throws AwsError `InvalidTag` for too many, too long, or twice the same name */
export function readTags(tags: readonly Tag[]): Record<string, string> {
  if (tags.length > MOST_TAGS) throw new AwsError("BadRequest", `Object tags cannot be greater than ${MOST_TAGS}`);
  const read = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (Key === "" || Key.length > LONGEST_NAME)
      throw new AwsError("InvalidTag", "The TagKey you have provided is invalid");
    if (Value.length > LONGEST_VALUE) throw new AwsError("InvalidTag", "The TagValue you have provided is invalid");
    if (read.has(Key)) throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key");
    read.set(Key, Value);
  }
  return Object.fromEntries(read);
}

export function writeTags(tags: Readonly<Record<string, string>>): readonly Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
