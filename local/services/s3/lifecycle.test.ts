/**
 * Which versions a lifecycle ends, and when: days are rounded up to midnight UTC.
 * Does not prove: that it is carried out (s3-versions.test.ts).
 */
import assert from "node:assert/strict";
import { dueActions, readRules, type LifecycleAction, type LifecycleRule } from "./lifecycle";
import { BucketIndex } from "./store/bucket-index";
import type { StoredObject, Version } from "./store/version";

const DAY = 86_400_000;
const MONDAY = Date.UTC(2026, 0, 5);

function object(id: string, modified: number): StoredObject {
  const described = { headers: {}, metadata: {}, tags: {}, encryption: { algorithm: "AES256" } } as const;
  return { kind: "object", id, modified, etag: "", size: 0, blobs: [], ...described };
}

/** @param versions of the key `x`, oldest first */
function due(rule: Partial<LifecycleRule>, versions: readonly Version[], now: number): string[] {
  const index = new BucketIndex();
  for (const version of versions) index.apply({ kind: "put", key: "x", version });
  const complete = { id: "r", enabled: true, prefix: "", cleansMarkers: false, ...rule };
  return [...dueActions([complete], index, now)].map(named);
}

function named(action: LifecycleAction): string {
  return action.kind === "abort" ? action.kind : `${action.kind} ${action.version.id}`;
}

describe("A lifecycle", () => {
  it("ends a current version at the midnight after its days", () => {
    const made = object("v", MONDAY + DAY / 2);
    assert.deepEqual(due({ expiresAfter: 1 }, [made], MONDAY + 2 * DAY - 1), []);
    assert.deepEqual(due({ expiresAfter: 1 }, [made], MONDAY + 2 * DAY), ["expire v"]);
    assert.deepEqual(
      due({ expiresAfter: 1 }, [object("v", MONDAY)], MONDAY + DAY),
      ["expire v"],
      "midnight is its own",
    );
    assert.deepEqual(due({ expiresAfter: 1, prefix: "other/" }, [made], MONDAY + 9 * DAY), []);
    assert.deepEqual(due({ expiresAfter: 1, enabled: false }, [made], MONDAY + 9 * DAY), []);
  });

  it("ends a version that is not current by the age of its successor, but keeps as many as it is told", () => {
    const versions = [object("a", MONDAY), object("b", MONDAY + DAY), object("c", MONDAY + 2 * DAY)];
    const noncurrent = { days: 1, keeps: 0 };
    assert.deepEqual(due({ noncurrent }, versions, MONDAY + 2 * DAY), ["remove a"]);
    assert.deepEqual(due({ noncurrent }, versions, MONDAY + 3 * DAY), ["remove b", "remove a"]);
    assert.deepEqual(due({ noncurrent: { days: 1, keeps: 1 } }, versions, MONDAY + 9 * DAY), ["remove a"]);
  });

  it("ends a marker that hides nothing any more, where it expires objects or is told to", () => {
    const marker: Version = { kind: "marker", id: "m", modified: MONDAY };
    assert.deepEqual(due({ cleansMarkers: true }, [marker], MONDAY + DAY), ["remove m"]);
    assert.deepEqual(due({ cleansMarkers: true, expiresAfter: 5 }, [marker], MONDAY + DAY), []);
    assert.deepEqual(due({ cleansMarkers: true }, [object("v", MONDAY), marker], MONDAY + DAY), []);
    assert.deepEqual(due({}, [marker], MONDAY + DAY), []);
  });

  it("is read from its declaration, which is refused where it says more than is followed", () => {
    const rule = { id: "r", status: "Enabled" };
    assert.deepEqual(readRules([{ ...rule, filter: { prefix: "a/" }, expiration: { days: 7 } }]), [
      { id: "r", enabled: true, prefix: "a/", cleansMarkers: true, expiresAfter: 7 },
    ]);
    assert.throws(
      () => readRules([{ ...rule, filter: { tag: { key: "a", value: "b" } } }]),
      /filter has tag; the local stage/,
    );
    assert.throws(() => readRules([{ ...rule, expiration: { date: "2026-01-01" } }]), /expiration has date/);
    assert.throws(() => readRules("all"), /rules must be a list/);
  });
});
