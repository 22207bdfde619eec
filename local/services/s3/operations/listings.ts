/** Lists of buckets, keys, versions, uploads and parts. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { operation, type Operation } from "../../service";
import type { Buckets } from "../buckets";
import { invalidArgument } from "../errors";
import { listKeys, listVersions, readToken, writeToken, type Item, type ListedVersion } from "../listing";
import { compareKeys } from "../store/key-order";
import { describePart, findUpload, MOST_PARTS, uploadRef } from "./multipart";
import { bucketRef, count, flag, LARGEST_PAGE, pageSize, quoted } from "./shapes";

const selection = {
  ...bucketRef,
  Prefix: z.string().optional(),
  Delimiter: z.string().optional(),
  EncodingType: z.literal("url").optional(),
};

const objectsShape = z.strictObject({
  ...selection,
  MaxKeys: pageSize.optional(),
  StartAfter: z.string().optional(),
  ContinuationToken: z.string().optional(),
  FetchOwner: flag().default(false),
});

const versionsShape = z.strictObject({
  ...selection,
  MaxKeys: pageSize.optional(),
  KeyMarker: z.string().optional(),
  VersionIdMarker: z.string().optional(),
});

const uploadsShape = z.strictObject({
  ...bucketRef,
  Prefix: z.string().default(""),
  MaxUploads: pageSize.default(LARGEST_PAGE),
  KeyMarker: z.string().default(""),
  UploadIdMarker: z.string().default(""),
});

const partsShape = z.strictObject({
  ...uploadRef,
  MaxParts: pageSize.default(LARGEST_PAGE),
  PartNumberMarker: count(0, MOST_PARTS).default(0),
});

export function listOperations(buckets: Buckets): Record<string, Operation> {
  const owner = { ID: createHash("sha256").update(buckets.facts.account).digest("hex") };
  return {
    ListBuckets: operation({
      shape: z.strictObject({ Prefix: z.string().default("") }),
      checks: () => [{ action: "s3:ListAllMyBuckets", resource: "*" }],
      run: ({ Prefix }) => ({
        Owner: owner,
        Buckets: buckets.all
          .map(({ settings }) => ({ Name: settings.name, BucketRegion: buckets.facts.region }))
          .filter(({ Name }) => Name.startsWith(Prefix))
          .sort((a, b) => compareKeys(a.Name, b.Name)),
      }),
    }),
    ListObjectsV2: operation({
      shape: objectsShape,
      checks: (input) => [buckets.onBucket(input, "ListBucket", listContext(input))],
      run: (input) => listObjects(buckets, input, owner),
    }),
    ListObjectVersions: operation({
      shape: versionsShape,
      checks: (input) => [buckets.onBucket(input, "ListBucketVersions", listContext(input))],
      run: (input) => listObjectVersions(buckets, input, owner),
    }),
    ListMultipartUploads: operation({
      shape: uploadsShape,
      checks: (input) => [buckets.onBucket(input, "ListBucketMultipartUploads")],
      run: (input) => listUploads(buckets, input),
    }),
    ListParts: operation({
      shape: partsShape,
      checks: (input) => [buckets.onObject(input, "ListMultipartUploadParts")],
      run: (input) => listParts(buckets, input),
    }),
  };
}

interface SelectionRequest {
  readonly Bucket: string;
  readonly Prefix?: string | undefined;
  readonly Delimiter?: string | undefined;
  readonly MaxKeys?: number | undefined;
  readonly EncodingType?: "url" | undefined;
}

/** What conditions may ask about a listing; a parameter that the call leaves out is absent. */
function listContext({ Prefix, Delimiter, MaxKeys }: SelectionRequest): Record<string, string | undefined> {
  return { "s3:prefix": Prefix, "s3:delimiter": Delimiter, "s3:max-keys": MaxKeys?.toString() };
}

function selectionOf({
  Prefix: prefix = "",
  Delimiter: delimiter = "",
  MaxKeys: most = LARGEST_PAGE,
}: SelectionRequest) {
  return { prefix, delimiter, most };
}

async function listObjects(buckets: Buckets, input: z.output<typeof objectsShape>, owner: unknown): Promise<unknown> {
  const { store } = buckets.get(input);
  const after = startOf(input);
  const encode = encoderOf(input);
  const current = (key: string) => store.index.current(key);
  const selected = selectionOf(input);
  const page = listKeys(store.index.keys, { ...selected, after }, (key) => current(key) !== undefined);
  const Contents = page.keys.flatMap((key) => {
    const object = current(key);
    if (object === undefined) return [];
    const { checksum } = object;
    return {
      Key: encode(key),
      LastModified: new Date(object.modified),
      ETag: quoted(object),
      ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      Size: object.size,
      ...(input.FetchOwner ? { Owner: owner } : {}),
      StorageClass: "STANDARD",
    };
  });
  await store.settled();
  return {
    ...describeSelection(input, encode),
    StartAfter: input.StartAfter === undefined ? undefined : encode(input.StartAfter),
    ContinuationToken: input.ContinuationToken,
    KeyCount: page.keys.length + page.commonPrefixes.length,
    IsTruncated: page.last !== undefined,
    NextContinuationToken: page.last === undefined ? undefined : writeToken(page.last),
    Contents,
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function startOf({ ContinuationToken: token, StartAfter }: z.output<typeof objectsShape>): Item | undefined {
  if (token === undefined) return StartAfter === undefined ? undefined : { key: StartAfter };
  const place = readToken(token);
  if (place === undefined) throw invalidArgument("continuation-token", token, "the token of a page before");
  return place;
}

async function listObjectVersions(
  buckets: Buckets,
  input: z.output<typeof versionsShape>,
  owner: unknown,
): Promise<unknown> {
  const { store } = buckets.get(input);
  const { KeyMarker, VersionIdMarker } = input;
  const after = KeyMarker === undefined ? undefined : { key: KeyMarker, version: VersionIdMarker };
  const encode = encoderOf(input);
  const page = listVersions(store.index.keys, { ...selectionOf(input), after }, (key) => store.index.versionsOf(key));
  const describe = ({ key, version, isLatest }: ListedVersion) => ({
    Key: encode(key),
    VersionId: version.id,
    IsLatest: isLatest,
    LastModified: new Date(version.modified),
    Owner: owner,
    ...(version.kind === "object" ? { ETag: quoted(version), Size: version.size, StorageClass: "STANDARD" } : {}),
  });
  await store.settled();
  return {
    ...describeSelection(input, encode),
    KeyMarker: encode(KeyMarker ?? ""),
    VersionIdMarker,
    NextKeyMarker: page.last === undefined ? undefined : encode(page.last.key),
    NextVersionIdMarker: page.last?.version,
    IsTruncated: page.last !== undefined,
    Versions: page.versions.filter(({ version }) => version.kind === "object").map(describe),
    DeleteMarkers: page.versions.filter(({ version }) => version.kind === "marker").map(describe),
    CommonPrefixes: page.commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}

function describeSelection(input: SelectionRequest, encode: (text: string) => string): Record<string, unknown> {
  const { prefix, delimiter, most } = selectionOf(input);
  return {
    Name: input.Bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    MaxKeys: most,
    EncodingType: input.EncodingType,
  };
}

/** With `encoding-type=url` keys come percent-encoded, slashes left as they are. */
function encoderOf({ EncodingType }: SelectionRequest): (text: string) => string {
  if (EncodingType === undefined) return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll("%2F", "/");
}

async function listUploads(buckets: Buckets, input: z.output<typeof uploadsShape>): Promise<unknown> {
  const { store } = buckets.get(input);
  const { KeyMarker, UploadIdMarker } = input;
  const rest = store.index.uploads
    .map(({ upload }) => upload)
    .filter(({ key, id }) => {
      const order = KeyMarker === "" ? 1 : compareKeys(key, KeyMarker);
      return (
        key.startsWith(input.Prefix) && (order > 0 || (order === 0 && UploadIdMarker !== "" && id > UploadIdMarker))
      );
    })
    .sort((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1));
  const page = rest.slice(0, input.MaxUploads);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  await store.settled();
  return {
    Bucket: input.Bucket,
    KeyMarker,
    UploadIdMarker,
    NextKeyMarker: last?.key,
    NextUploadIdMarker: last?.id,
    Prefix: input.Prefix,
    MaxUploads: input.MaxUploads,
    IsTruncated: last !== undefined,
    Uploads: page.map(({ id, key, begun }) => ({
      UploadId: id,
      Key: key,
      Initiated: new Date(begun),
      StorageClass: "STANDARD",
    })),
  };
}

async function listParts(buckets: Buckets, input: z.output<typeof partsShape>): Promise<unknown> {
  const { store } = buckets.get(input);
  const rest = [...findUpload(store, input).parts.values()]
    .filter(({ number }) => number > input.PartNumberMarker)
    .sort((a, b) => a.number - b.number);
  const page = rest.slice(0, input.MaxParts);
  const last = rest.length > page.length ? page.at(-1) : undefined;
  await store.settled();
  return {
    Bucket: input.Bucket,
    Key: input.Key,
    UploadId: input.UploadId,
    PartNumberMarker: input.PartNumberMarker,
    NextPartNumberMarker: last?.number,
    MaxParts: input.MaxParts,
    IsTruncated: last !== undefined,
    StorageClass: "STANDARD",
    Parts: page.map((part) => ({
      PartNumber: part.number,
      Size: part.blob.size,
      LastModified: new Date(part.modified),
      ...describePart(part),
    })),
  };
}
