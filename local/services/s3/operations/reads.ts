/** Reading objects. */
import { z } from "zod";
import { AwsError, operation, type Operation } from "../../service";
import type { Buckets } from "../buckets";
import { checkRead } from "../conditions";
import type { StoredObject } from "../store/version";
import { checksumMembers, encryptionMembers, quoted, readConditions, versionRef } from "./shapes";

/** Headers that the caller of a presigned URL may want instead of the object's own. */
const overrides = {
  ResponseContentType: z.string().optional(),
  ResponseContentEncoding: z.string().optional(),
  ResponseContentDisposition: z.string().optional(),
  ResponseContentLanguage: z.string().optional(),
  ResponseCacheControl: z.string().optional(),
  ResponseExpires: z.string().optional(),
};

const shape = z.strictObject({
  ...versionRef,
  ...readConditions,
  ...overrides,
  Range: z.string().optional(),
  ChecksumMode: z.literal("ENABLED").optional(),
});

type ReadRequest = z.output<typeof shape>;

export function readOperations(buckets: Buckets): Record<string, Operation> {
  return {
    GetObject: operation({
      shape,
      checks: (input) => buckets.reading(input),
      run: (input) => get(buckets, input),
    }),
    HeadObject: operation({
      shape,
      checks: (input) => buckets.reading(input),
      run: async (input) => describeFound(buckets, input, await find(buckets, input)),
    }),
  };
}

async function get(buckets: Buckets, input: ReadRequest): Promise<unknown> {
  for (let missed: StoredObject | undefined; ;) {
    const found = await find(buckets, input);
    const { from, to } = found.range ?? { from: 0, to: found.object.size };
    const Body = await buckets.get(input).store.read(found.object, from, to);
    if (Body !== undefined) return { ...describeFound(buckets, input, found), Body };
    // Overwritten or removed before its file was opened: see what is there now.
    if (found.object === missed)
      throw new Error(`the content of ${input.Bucket}/${input.Key} is gone from the data folder`);
    missed = found.object;
  }
}

interface Found {
  readonly object: StoredObject;
  /** Nothing for the whole object. */
  readonly range: ByteRange | undefined;
}

async function find(buckets: Buckets, input: ReadRequest): Promise<Found> {
  const object = await buckets.read(input);
  checkRead(input, object);
  return { object, range: readRange(input.Range, object.size) };
}

function describeFound(buckets: Buckets, input: ReadRequest, { object, range }: Found): Record<string, unknown> {
  const { settings, store } = buckets.get(input);
  const tags = Object.keys(object.tags).length;
  return {
    ...object.headers,
    ...overridden(input),
    Metadata: object.metadata,
    AcceptRanges: "bytes",
    ContentLength: range === undefined ? object.size : range.to - range.from,
    ...(range === undefined ? {} : { ContentRange: `bytes ${range.from}-${range.to - 1}/${object.size}` }),
    ETag: quoted(object),
    LastModified: new Date(object.modified),
    ...(store.showsVersions ? { VersionId: object.id } : {}),
    ...(tags > 0 ? { TagCount: tags } : {}),
    ...(input.ChecksumMode === "ENABLED" && range === undefined ? checksumMembers(object.checksum) : {}),
    ...encryptionMembers(object.encryption, settings.bucketKey),
  };
}

function overridden(input: ReadRequest): Record<string, string> {
  const given = Object.keys(overrides).flatMap((name) => {
    const value = input[name as keyof typeof overrides];
    return value === undefined ? [] : [[name.slice("Response".length), value] as const];
  });
  return Object.fromEntries(given);
}

interface ByteRange {
  readonly from: number;
  /** Behind the last byte. */
  readonly to: number;
}

const RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * The bytes of a `Range` header; nothing when it asks for what S3 takes as no range (several ranges, other units).
 * @throws AwsError 416
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = "", last = ""] = RANGE.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < from) return undefined;
  if (from < to) return { from, to };
  throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, {
    RangeRequested: header,
    ActualObjectSize: size,
  });
}
