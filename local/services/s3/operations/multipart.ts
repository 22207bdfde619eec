/** Uploads in parts. A part is a file of its own; the finished object is the list of its parts' files. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ServiceContext } from "../../context";
import { AwsError, operation, type Check, type Operation } from "../../service";
import { checkPartChecksum, checksumOfParts, chooseParts, etagOfParts, planChecksum } from "../assembly";
import type { Buckets, ObjectRef } from "../buckets";
import { CHECKSUM_ALGORITHMS, etagOf } from "../checksum";
import { judgeWrite } from "../conditions";
import { noSuchUpload } from "../errors";
import type { Bucket } from "../store/bucket";
import type { OpenUpload } from "../store/bucket-index";
import type { Part, StoredObject, Upload } from "../store/version";
import * as shapes from "./shapes";
import { creating, described } from "./writes";

export const MOST_PARTS = 10_000;

/** As much of a part is in memory while it is checksummed. */
const READ_BYTES = 8 * 2 ** 20;

export const uploadRef = { ...shapes.objectRef, UploadId: z.string() };
export type UploadRef = ObjectRef & { readonly UploadId: string };

const checksumType = z.enum(["COMPOSITE", "FULL_OBJECT"]).optional();

const createShape = z.strictObject({
  ...shapes.objectRef,
  ...shapes.newObject,
  ChecksumAlgorithm: z.enum(CHECKSUM_ALGORITHMS).optional(),
  ChecksumType: checksumType,
});

const partShape = z.strictObject({
  ...uploadRef,
  ...shapes.checksums,
  PartNumber: shapes.count(1, MOST_PARTS),
  Body: z.instanceof(Uint8Array),
});

const namedPart = z.strictObject({ PartNumber: shapes.count(1, MOST_PARTS), ETag: z.string(), ...shapes.checksums });

const completeShape = z.strictObject({
  ...uploadRef,
  ...shapes.writeConditions,
  ...shapes.checksums,
  ChecksumType: checksumType,
  MultipartUpload: z.strictObject({ Parts: z.array(namedPart).min(1).max(MOST_PARTS) }),
});

export function multipartOperations(buckets: Buckets, { clock }: ServiceContext): Record<string, Operation> {
  const now = (): number => shapes.wholeSeconds(clock.now());
  return {
    CreateMultipartUpload: operation({
      shape: createShape,
      checks: (input) => creating(buckets, input, { "s3:ObjectCreationOperation": "false" }),
      run: async (input) => {
        const { settings, store } = buckets.get(input);
        const description = shapes.describeUpload(input, settings, buckets.facts);
        const checksum = planChecksum(input.ChecksumAlgorithm, input.ChecksumType);
        const id = randomBytes(32).toString("base64url");
        await store.change({ kind: "begin", upload: { id, key: input.Key, begun: now(), checksum, ...description } });
        return {
          Bucket: input.Bucket,
          Key: input.Key,
          UploadId: id,
          ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
          ...shapes.encryptionMembers(description.encryption, settings.bucketKey),
        };
      },
    }),
    UploadPart: operation({
      shape: partShape,
      checks: (input) => [
        buckets.onObject(input, "PutObject", { "s3:ObjectCreationOperation": "false" }),
        ...reopening(buckets, input),
      ],
      run: async (input) => {
        const { settings, store } = buckets.get(input);
        const { encryption } = findUpload(store, input).upload;
        const part = await addPart(store, input, now());
        return { ...describePart(part), ...shapes.encryptionMembers(encryption, settings.bucketKey) };
      },
    }),
    CompleteMultipartUpload: operation({
      shape: completeShape,
      checks: (input) => [
        buckets.onObject(input, "PutObject", {
          "s3:ObjectCreationOperation": "true",
          "s3:if-match": input.IfMatch,
          "s3:if-none-match": input.IfNoneMatch,
        }),
        ...buckets.comparing(input),
        ...reopening(buckets, input),
      ],
      run: async (input) => {
        const object = await complete(buckets.get(input).store, input, now());
        return {
          Location: `/${input.Bucket}/${input.Key}`,
          Bucket: input.Bucket,
          Key: input.Key,
          ETag: shapes.quoted(object),
          ...shapes.checksumMembers(object.checksum),
          ...described(buckets, input, object),
        };
      },
    }),
    AbortMultipartUpload: operation({
      shape: z.strictObject(uploadRef),
      checks: (input) => [buckets.onObject(input, "AbortMultipartUpload")],
      run: async (input) => {
        const { store } = buckets.get(input);
        await store.change({ kind: "abort", upload: findUpload(store, input).upload.id });
      },
    }),
  };
}

/** @throws AwsError `NoSuchUpload`, also when the upload is for another key */
export function findUpload({ index }: Bucket, { UploadId, Key }: UploadRef): OpenUpload {
  const found = index.upload(UploadId);
  if (found === undefined || found.upload.key !== Key) throw noSuchUpload(UploadId);
  return found;
}

/** What answers say of a part. */
export function describePart(part: Part): Readonly<Record<string, string>> {
  const { checksum } = part;
  return {
    ETag: shapes.quoted(part),
    ...(checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value }),
  };
}

/** The key's permission to go on with what was begun. */
function reopening(buckets: Buckets, input: UploadRef): readonly Check[] {
  const open = buckets.get(input).store.index.upload(input.UploadId);
  return open === undefined ? [] : buckets.onKey(open.upload.encryption, "kms:Decrypt");
}

async function addPart(store: Bucket, input: z.output<typeof partShape>, modified: number): Promise<Part> {
  const { upload } = findUpload(store, input);
  const checksum = shapes.checksumOf(input);
  checkPartChecksum(upload, checksum);
  const blob = await store.write(input.Key, input.Body);
  const etag = await etagOf(input.Body);
  const part: Part = { number: input.PartNumber, etag, modified, blob, checksum };
  try {
    // Finished or given up while the part was written?
    findUpload(store, input);
  } catch (error) {
    await store.discard([blob]);
    throw error;
  }
  await store.change({ kind: "part", upload: upload.id, part });
  return part;
}

async function complete(store: Bucket, input: z.output<typeof completeShape>, modified: number): Promise<StoredObject> {
  const { upload, parts } = findUpload(store, input);
  const named = input.MultipartUpload.Parts.map(({ PartNumber, ETag, ...checksums }) => ({
    number: PartNumber,
    etag: ETag,
    checksum: shapes.checksumOf(checksums),
  }));
  const chosen = chooseParts(parts, named);
  const checksum = await checksumOfParts(upload, chosen, shapes.checksumOf(input), (part) => readPart(store, part));
  await store.settled();
  // The upload may have been finished, given up or changed meanwhile, and the key written.
  const still = chooseParts(findUpload(store, input).parts, named);
  if (still.some((part, index) => part !== chosen[index])) throw overtaken();
  const refusal = judgeWrite(input, store.index.current(input.Key));
  if (refusal !== undefined) throw refusal;
  const version = assemble(store.newVersionId(), upload, chosen, { modified, checksum });
  await store.change({ kind: "complete", upload: upload.id, key: input.Key, version });
  return version;
}

async function* readPart(store: Bucket, { blob }: Part): AsyncIterable<Uint8Array> {
  for (let from = 0; from < blob.size; from += READ_BYTES) {
    const bytes = await store.read({ blobs: [blob] }, from, Math.min(blob.size, from + READ_BYTES));
    if (bytes === undefined) throw overtaken();
    yield bytes;
  }
}

function overtaken(): AwsError {
  return new AwsError(
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource. Try again.",
    409,
  );
}

function assemble(
  id: string,
  { headers, metadata, tags, encryption }: Upload,
  parts: readonly Part[],
  made: Pick<StoredObject, "modified" | "checksum">,
): StoredObject {
  const blobs = parts.map(({ blob }) => blob);
  const size = blobs.reduce((total, blob) => total + blob.size, 0);
  return { kind: "object", id, etag: etagOfParts(parts), size, blobs, headers, metadata, tags, encryption, ...made };
}
