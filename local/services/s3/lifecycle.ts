/**
 * A bucket's lifecycle: which versions and uploads have had their time. Facts: S3 User Guide, "Lifecycle configuration
 * elements": days are rounded up to the next midnight UTC, a version is noncurrent since its successor was made, and an
 * expired object of a versioned bucket gets a delete marker.
 */
import { StageError } from "../../diagnostics";
import { numberOf, optionalText, textOf } from "../../graph/graph";
import { isRecord, type Properties, type Value } from "../../graph/value";
import type { BucketIndex, OpenUpload } from "./store/bucket-index";
import type { Version } from "./store/version";

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  /** Days after which a current version expires. */
  readonly expiresAfter?: number;
  /** Whether a delete marker goes once no other version is left. */
  readonly cleansMarkers: boolean;
  /** Days after which a noncurrent version is removed, but for the newest `keeps` of them. */
  readonly noncurrent?: { readonly days: number; readonly keeps: number };
  /** Days after which an unfinished upload is given up. */
  readonly abortsAfter?: number;
}

const DAY = 86_400_000;

/** Properties of a rule that the stage follows; any other is refused. */
const FOLLOWED = [
  "id",
  "status",
  "prefix",
  "filter",
  "expiration",
  "noncurrentVersionExpiration",
  "abortIncompleteMultipartUpload",
];

/** The rules of a `BucketLifecycleConfiguration`. @throws StageError for what the stage does not follow */
export function readRules(rules: Value | undefined): readonly LifecycleRule[] {
  if (!Array.isArray(rules)) throw new StageError("rules must be a list");
  return rules.map((rule: Value) => readRule(recordOf(rule, "a rule", FOLLOWED)));
}

function readRule(rule: Properties): LifecycleRule {
  const expiration = recordOf(rule["expiration"], "expiration", ["days", "expiredObjectDeleteMarker"]);
  const noncurrent = recordOf(rule["noncurrentVersionExpiration"], "noncurrentVersionExpiration", [
    "noncurrentDays",
    "newerNoncurrentVersions",
  ]);
  const abort = recordOf(rule["abortIncompleteMultipartUpload"], "abortIncompleteMultipartUpload", [
    "daysAfterInitiation",
  ]);
  const filter = recordOf(rule["filter"], "filter", ["prefix"]);
  const days = numberOf(expiration, "days", 0);
  return {
    id: textOf(rule, "id"),
    enabled: textOf(rule, "status") === "Enabled",
    prefix: optionalText(filter, "prefix") ?? optionalText(rule, "prefix") ?? "",
    cleansMarkers: expiration["expiredObjectDeleteMarker"] === true || days > 0,
    ...(days > 0 ? { expiresAfter: days } : {}),
    ...(noncurrent["noncurrentDays"] === undefined
      ? {}
      : {
          noncurrent: {
            days: numberOf(noncurrent, "noncurrentDays", 0),
            keeps: numberOf(noncurrent, "newerNoncurrentVersions", 0),
          },
        }),
    ...(abort["daysAfterInitiation"] === undefined ? {} : { abortsAfter: numberOf(abort, "daysAfterInitiation", 0) }),
  };
}

function recordOf(value: Value | undefined, name: string, followed: readonly string[]): Properties {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw new StageError(`${name} must be an object`);
  const strange = Object.keys(value).find((key) => !followed.includes(key) && value[key] !== null);
  if (strange === undefined) return value;
  throw new StageError(`${name} has ${strange}; the local stage follows ${followed.join(", ")}: leave it out`);
}

/** What a lifecycle wants done now. */
export type LifecycleAction =
  /** The current version has had its time. */
  | { readonly kind: "expire"; readonly key: string; readonly version: Version }
  /** A version that is not current, or a marker that hides nothing, goes for good. */
  | { readonly kind: "remove"; readonly key: string; readonly version: Version }
  | { readonly kind: "abort"; readonly upload: string };

/** Every action that is due at `now` (milliseconds since the epoch), at most one for each version and upload. */
export function* dueActions(
  rules: readonly LifecycleRule[],
  index: Pick<BucketIndex, "keys" | "versionsOf" | "uploads">,
  now: number,
): Iterable<LifecycleAction> {
  const enabled = rules.filter((rule) => rule.enabled);
  if (enabled.length === 0) return;
  for (let position = 0; position < index.keys.length; position++) {
    const key = index.keys.at(position) ?? "";
    const applying = enabled.filter(({ prefix }) => key.startsWith(prefix));
    if (applying.length > 0) yield* dueOfKey(applying, key, index.versionsOf(key), now);
  }
  for (const { upload } of index.uploads)
    if (isAbandoned(enabled, upload, now)) yield { kind: "abort", upload: upload.id };
}

function* dueOfKey(
  rules: readonly LifecycleRule[],
  key: string,
  versions: readonly Version[],
  now: number,
): Iterable<LifecycleAction> {
  const [current, ...older] = versions;
  if (current?.kind === "object") {
    if (rules.some(({ expiresAfter }) => expiresAfter !== undefined && isOver(current.modified, expiresAfter, now))) {
      yield { kind: "expire", key, version: current };
    }
  } else if (current !== undefined && older.length === 0) {
    const cleaned = rules.some(
      ({ cleansMarkers, expiresAfter = 0 }) => cleansMarkers && isOver(current.modified, expiresAfter, now),
    );
    if (cleaned) yield { kind: "remove", key, version: current };
  }
  for (const [age, version] of older.entries()) {
    const since = versions[age]?.modified ?? now;
    const over = rules.some(
      ({ noncurrent }) => noncurrent !== undefined && age >= noncurrent.keeps && isOver(since, noncurrent.days, now),
    );
    if (over) yield { kind: "remove", key, version };
  }
}

function isAbandoned(rules: readonly LifecycleRule[], { key, begun }: OpenUpload["upload"], now: number): boolean {
  return rules.some(
    ({ prefix, abortsAfter }) => abortsAfter !== undefined && key.startsWith(prefix) && isOver(begun, abortsAfter, now),
  );
}

function isOver(since: number, days: number, now: number): boolean {
  return nextMidnight(since + days * DAY) <= now;
}

/** The first midnight UTC that is not before `time`. */
export function nextMidnight(time: number): number {
  return Math.ceil(time / DAY) * DAY;
}
