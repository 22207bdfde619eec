/** Tags of objects that are there already. */
import { z } from "zod";
import { operation, type Operation } from "../../service";
import type { Buckets, ObjectRef } from "../buckets";
import { readTags, writeTags } from "../tags";
import { versionRef } from "./shapes";

const tag = z.strictObject({ Key: z.string(), Value: z.string() });

export function taggingOperations(buckets: Buckets): Record<string, Operation> {
  const checks = (verb: "Get" | "Put" | "Delete") => (input: ObjectRef) => [
    buckets.onObject(input, `${verb}${input.VersionId === undefined ? "ObjectTagging" : "ObjectVersionTagging"}`),
  ];
  const retag = async (input: ObjectRef, tags: Readonly<Record<string, string>>): Promise<unknown> => {
    const { store } = buckets.get(input);
    const { id } = await buckets.read(input);
    await store.change({ kind: "tag", key: input.Key, id, tags });
    return store.showsVersions ? { VersionId: id } : {};
  };
  return {
    GetObjectTagging: operation({
      shape: z.strictObject(versionRef),
      checks: checks("Get"),
      run: async (input) => {
        const { id, tags } = await buckets.read(input);
        return { ...(buckets.get(input).store.showsVersions ? { VersionId: id } : {}), TagSet: writeTags(tags) };
      },
    }),
    PutObjectTagging: operation({
      shape: z.strictObject({ ...versionRef, Tagging: z.strictObject({ TagSet: z.array(tag) }) }),
      checks: checks("Put"),
      run: (input) => retag(input, readTags(input.Tagging.TagSet)),
    }),
    DeleteObjectTagging: operation({
      shape: z.strictObject(versionRef),
      checks: checks("Delete"),
      run: (input) => retag(input, {}),
    }),
  };
}
