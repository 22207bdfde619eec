/** Writing and copying objects. */
import { z } from "zod";
import type { ServiceContext } from "../../context";
import { AwsError, operation, type Check, type Operation } from "../../service";
import type { Buckets, ObjectRef } from "../buckets";
import { etagOf } from "../checksum";
import { checkCopySource, judgeWrite, type Preconditions } from "../conditions";
import { readCopySource } from "../copy-source";
import { noSuchKey } from "../errors";
import type { Bucket } from "../store/bucket";
import type { Blob, Description, StoredObject } from "../store/version";
import { readTagging } from "../tags";
import * as shapes from "./shapes";

const putShape = z.strictObject({
  ...shapes.objectRef,
  ...shapes.newObject,
  ...shapes.writeConditions,
  ...shapes.checksums,
  Body: z.instanceof(Uint8Array),
});

const copyShape = z.strictObject({
  ...shapes.objectRef,
  ...shapes.newObject,
  ...shapes.writeConditions,
  CopySource: z.string().transform(readCopySource),
  MetadataDirective: z.enum(["COPY", "REPLACE"]).default("COPY"),
  TaggingDirective: z.enum(["COPY", "REPLACE"]).default("COPY"),
  CopySourceIfMatch: z.string().optional(),
  CopySourceIfNoneMatch: z.string().optional(),
  CopySourceIfModifiedSince: shapes.date,
  CopySourceIfUnmodifiedSince: shapes.date,
});

type CopyRequest = z.output<typeof copyShape>;

export function writeOperations(
  buckets: Buckets,
  { clock }: ServiceContext,
): Readonly<Record<"PutObject" | "CopyObject", Operation>> {
  return {
    PutObject: operation({
      shape: putShape,
      checks: (input) => creating(buckets, input, { "s3:ObjectCreationOperation": "true" }),
      run: async (input) => {
        const { settings, store } = buckets.get(input);
        const description = shapes.describeUpload(input, settings, buckets.facts);
        const object = await commit(store, input, {
          description,
          checksum: shapes.checksumOf(input),
          modified: shapes.wholeSeconds(clock.now()),
          etag: await etagOf(input.Body),
          write: () => store.write(input.Key, input.Body),
        });
        return {
          ETag: shapes.quoted(object),
          ...described(buckets, input, object),
          ...shapes.checksumMembers(object.checksum),
        };
      },
    }),
    CopyObject: operation({
      shape: copyShape,
      checks: (input) => [
        ...copying(buckets, input),
        ...creating(buckets, input, { "s3:ObjectCreationOperation": "true" }),
      ],
      run: async (input) => {
        refuseIdleCopy(input);
        const { settings, store } = buckets.get(input);
        const source = await buckets.read(input.CopySource);
        checkCopySource(sourceConditions(input), source);
        const from = buckets.get(input.CopySource);
        const object = await commit(store, input, {
          description: describeCopy(input, shapes.describeUpload(input, settings, buckets.facts), source),
          checksum: source.checksum?.type === "FULL_OBJECT" ? source.checksum : undefined,
          modified: shapes.wholeSeconds(clock.now()),
          // Of an object made of parts it stays that of the parts, where AWS makes a new one.
          etag: source.etag,
          write: () => store.copyFrom(from.store, source, input.Key),
        });
        return {
          CopyObjectResult: { ETag: shapes.quoted(object), LastModified: new Date(object.modified) },
          ...(from.store.showsVersions ? { CopySourceVersionId: source.id } : {}),
          ...described(buckets, input, object),
        };
      },
    }),
  };
}

interface Creation {
  readonly description: Description;
  readonly checksum: StoredObject["checksum"];
  readonly modified: number;
  readonly etag: string;
  /** Nothing when what was to be copied has gone. */
  readonly write: () => Promise<Blob | undefined>;
}

/** Writes the bytes, then makes them the current version, if the conditions hold before and still do after. */
async function commit(store: Bucket, input: ObjectRef & Preconditions, creation: Creation): Promise<StoredObject> {
  const { description, checksum, modified, etag, write } = creation;
  const judge = (): AwsError | undefined => judgeWrite(input, store.index.current(input.Key));
  const refuse = async (refusal: AwsError, ...written: Blob[]): Promise<never> => {
    await store.settled();
    await store.discard(written);
    throw refusal;
  };
  const early = judge();
  if (early !== undefined) return refuse(early);
  const blob = await write();
  if (blob === undefined) throw noSuchKey(input.Key);
  const late = judge();
  if (late !== undefined) return refuse(late, blob);
  const made = { kind: "object", id: store.newVersionId(), modified, etag, size: blob.size, blobs: [blob] } as const;
  const version: StoredObject = { ...made, checksum, ...description };
  await store.change({ kind: "put", key: input.Key, version });
  return version;
}

/** The permissions to make an object. */
export function creating(
  buckets: Buckets,
  input: ObjectRef & shapes.NewObject & Preconditions,
  context: Readonly<Record<string, string>>,
): readonly Check[] {
  const { settings } = buckets.get(input);
  const tags = input.Tagging === undefined ? {} : readTagging(input.Tagging);
  const asked = {
    ...context,
    ...shapes.uploadContext(input),
    "s3:if-match": input.IfMatch,
    "s3:if-none-match": input.IfNoneMatch,
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value])),
  };
  return [
    buckets.onObject(input, "PutObject", asked),
    ...buckets.comparing(input),
    ...(input.Tagging === undefined ? [] : [buckets.onObject(input, "PutObjectTagging", asked)]),
    ...(input.ACL === undefined ? [] : [buckets.onObject(input, "PutObjectAcl", asked)]),
    ...buckets.onKey(shapes.encryptionOf(input, settings, buckets.facts), "kms:GenerateDataKey"),
  ];
}

/** The permissions to copy from an object, its tags included where they come along. */
function copying(buckets: Buckets, { CopySource, TaggingDirective }: CopyRequest): readonly Check[] {
  const source = buckets.lookUp(CopySource);
  const tagged = !(source instanceof AwsError) && Object.keys(source.tags).length > 0;
  const action = CopySource.VersionId === undefined ? "GetObjectTagging" : "GetObjectVersionTagging";
  return [
    ...buckets.reading(CopySource),
    ...(tagged && TaggingDirective === "COPY" ? [buckets.onObject(CopySource, action)] : []),
  ];
}

function refuseIdleCopy(input: CopyRequest): void {
  const { CopySource: source } = input;
  const same = source.Bucket === input.Bucket && source.Key === input.Key && source.VersionId === undefined;
  if (!same || input.MetadataDirective === "REPLACE" || input.ServerSideEncryption !== undefined) return;
  throw new AwsError(
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

function sourceConditions(input: CopyRequest): Preconditions {
  return {
    IfMatch: input.CopySourceIfMatch,
    IfNoneMatch: input.CopySourceIfNoneMatch,
    IfModifiedSince: input.CopySourceIfModifiedSince,
    IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  };
}

function describeCopy(input: CopyRequest, asked: Description, source: StoredObject): Description {
  const { headers, metadata } = input.MetadataDirective === "REPLACE" ? asked : source;
  const { tags } = input.TaggingDirective === "REPLACE" ? asked : source;
  return { headers, metadata, tags, encryption: asked.encryption };
}

/** What every answer about a new object says of it. */
export function described(buckets: Buckets, ref: ObjectRef, { id, encryption }: StoredObject): Record<string, unknown> {
  const { settings, store } = buckets.get(ref);
  return {
    ...(store.showsVersions ? { VersionId: id } : {}),
    ...shapes.encryptionMembers(encryption, settings.bucketKey),
  };
}
