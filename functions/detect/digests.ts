/**
 * Digests of the identities that senders give their beacons, and many of them in one text, end to end: a window carries
 * tens of thousands from batch to batch, and as many short texts would take longer to read than the beacons do.
 */
import { createHash } from "node:crypto";
import type { BeaconAction } from "../lib/beacon";

/** Characters of a digest: 64 bits, so that of a million identities no two meet by chance (1 in 36 million). */
export const DIGEST_LENGTH = 11;

export function digestOf(action: BeaconAction, id: string): string {
  return createHash("sha256").update(action).update("/").update(id).digest("base64url").slice(0, DIGEST_LENGTH);
}

export function unpackDigests(packed: string): string[] {
  return Array.from({ length: packed.length / DIGEST_LENGTH }, (_, place) =>
    packed.slice(place * DIGEST_LENGTH, (place + 1) * DIGEST_LENGTH),
  );
}

/** Adds to `found` which of a few digests are among the many that are packed. */
export function findDigests(digests: ReadonlySet<string>, packed: string, found: Set<string>): void {
  for (let at = 0; at < packed.length; at += DIGEST_LENGTH) {
    const digest = packed.slice(at, at + DIGEST_LENGTH);
    if (digests.has(digest)) found.add(digest);
  }
}
