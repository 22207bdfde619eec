/** Deleting objects, one or many. */
import { z } from "zod";
import type { ServiceContext } from "../../context";
import { AwsError, operation, type Call, type Operation } from "../../service";
import type { Buckets } from "../buckets";
import { checkDelete } from "../conditions";
import { bucketRef, versionRef, wholeSeconds } from "./shapes";

const MOST_AT_ONCE = 1000;

const one = z.strictObject({ ...versionRef, IfMatch: z.string().optional() });

const many = z.strictObject({
  ...bucketRef,
  Delete: z.strictObject({
    Objects: z
      .array(z.strictObject({ Key: z.string(), VersionId: z.string().optional(), ETag: z.string().optional() }))
      .min(1)
      .max(MOST_AT_ONCE),
    Quiet: z.boolean().default(false),
  }),
});

interface Deleted {
  readonly DeleteMarker?: true;
  readonly VersionId?: string;
}

export function deleteOperations(buckets: Buckets, context: ServiceContext): Record<string, Operation> {
  return {
    DeleteObject: operation({
      shape: one,
      checks: (input) => [
        buckets.onObject(input, input.VersionId === undefined ? "DeleteObject" : "DeleteObjectVersion", {
          "s3:VersionId": input.VersionId,
          "s3:if-match": input.IfMatch,
        }),
        ...buckets.comparing(input),
      ],
      run: (input) => deleteOne(buckets, input, wholeSeconds(context.clock.now())),
    }),
    DeleteObjects: operation({
      shape: many,
      // Each key needs its own permission: it is asked for when the key's turn comes, and its refusal is the key's.
      checks: () => [],
      run: (input, call) => {
        buckets.get(input);
        return deleteAll(input, call, context);
      },
    }),
  };
}

async function deleteOne(buckets: Buckets, input: z.output<typeof one>, now: number): Promise<Deleted> {
  const { store } = buckets.get(input);
  const { Key: key, VersionId: id, IfMatch } = input;
  await store.settled();
  checkDelete({ IfMatch }, store.index.current(key));
  if (id === undefined) {
    const marker = await store.hide(key, now);
    return marker === undefined ? {} : { DeleteMarker: true, VersionId: marker.id };
  }
  const version = store.index.versionsOf(key).find((each) => each.id === id);
  if (version !== undefined) await store.change({ kind: "remove", key, id });
  return { ...(version?.kind === "marker" ? { DeleteMarker: true } : {}), VersionId: id };
}

async function deleteAll(
  { Delete: { Objects, Quiet }, ...bucket }: z.output<typeof many>,
  { caller }: Call,
  { dispatch }: ServiceContext,
): Promise<unknown> {
  const outcomes = await Promise.all(
    Objects.map(async ({ Key, VersionId, ETag }) => {
      const asked = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
      const condition = ETag === undefined ? {} : { IfMatch: ETag };
      try {
        const deleted = (await dispatch(caller, "s3", "DeleteObject", {
          ...bucket,
          ...asked,
          ...condition,
        })) as Deleted;
        return { deleted: describeDeleted(asked, deleted) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { error: { ...asked, Code: error.code, Message: error.message } };
      }
    }),
  );
  return {
    ...(Quiet ? {} : { Deleted: outcomes.flatMap(({ deleted }) => deleted ?? []) }),
    Errors: outcomes.flatMap(({ error }) => error ?? []),
  };
}

function describeDeleted(asked: { Key: string; VersionId?: string }, { DeleteMarker, VersionId }: Deleted): unknown {
  if (DeleteMarker === undefined) return asked;
  return { ...asked, DeleteMarker, DeleteMarkerVersionId: VersionId };
}
