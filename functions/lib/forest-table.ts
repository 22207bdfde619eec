/**
 * How the forest table is laid out. Key: `site` and `entry`.
 *
 * | entry | holds |
 * | --- | --- |
 * | `forest` | the site's history: forest, last window, outbox; `watch` and `lastWindow` put it into the silence index |
 * | `seen#<window>#<part>#<n>` | digests of beacons that a part of a window counted, until `expires` |
 */
import { createHash } from "node:crypto";

export const HISTORY_ENTRY = "forest";

/** The silence index is spread over as many partitions, so that no single one takes every site's writes. */
export const WATCH_PARTITIONS = [
  "watch#0",
  "watch#1",
  "watch#2",
  "watch#3",
  "watch#4",
  "watch#5",
  "watch#6",
  "watch#7",
] as const;

/** The partition of the silence index that a site is in. */
export function watchPartition(site: string): string {
  const spread = createHash("sha256").update(site).digest().readUInt8(0) % WATCH_PARTITIONS.length;
  return WATCH_PARTITIONS[spread] ?? WATCH_PARTITIONS[0];
}
