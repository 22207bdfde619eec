/**
 * What a window has seen so far: the state that Lambda carries from one batch of a window to the next. Counting is pure:
 * the same records always give the same state, whatever batches they came in.
 */
import { createHash } from "node:crypto";
import { readBeacon, type Beacon, type BeaconRejection } from "../lib/beacon";

/** A record of the stream as it reaches the function. */
export interface ArrivedRecord {
  /** Decimal digits; later records of a shard have greater numbers. */
  readonly sequence: string;
  readonly data: string;
}

export interface SiteCount {
  /** Sequence number of the site's first record: names this part of the window for ever. */
  readonly first: string;
  impressions: number;
  clicks: number;
  /** Digests of the identities that senders gave, so that a beacon sent again counts once. */
  readonly impressionIds: string[];
  readonly clickIds: string[];
}

export interface WindowState {
  /** Every record up to here is counted: a batch that comes again changes nothing. */
  last: string;
  readonly sites: Record<string, SiteCount>;
  /** Beacons that were in this window before. */
  duplicates: number;
  ignored: number;
  rejected: number;
}

export interface Rejection {
  readonly record: ArrivedRecord;
  readonly code: BeaconRejection;
  readonly detail: string;
}

export function emptyState(): WindowState {
  return { last: "", sites: Object.create(null) as Record<string, SiteCount>, duplicates: 0, ignored: 0, rejected: 0 };
}

/** Reads the state that Lambda gives back; `{}` at the beginning of a window. */
export function readState(given: unknown): WindowState {
  const state = given as Partial<WindowState> | undefined;
  if (state?.last === undefined || state.sites === undefined) return emptyState();
  const { last, duplicates = 0, ignored = 0, rejected = 0 } = state;
  // Sites are named by strangers: a site called __proto__ is a site like any other.
  return { last, duplicates, ignored, rejected, sites: Object.assign(emptyState().sites, state.sites) };
}

/** Counts a batch into the state and answers what was rejected. */
export function countBatch(state: WindowState, records: readonly ArrivedRecord[]): Rejection[] {
  const rejections: Rejection[] = [];
  const seen = new Map<string, Set<string>>();
  for (const record of records) {
    if (!isLater(record.sequence, state.last)) continue;
    state.last = record.sequence;
    const outcome = readBeacon(record.data);
    switch (outcome.kind) {
      case "accepted":
        countBeacon(state, outcome.value, record.sequence, seen);
        break;
      case "ignored":
        state.ignored++;
        break;
      case "rejected":
        state.rejected++;
        rejections.push({ record, code: outcome.code, detail: outcome.detail });
        break;
    }
  }
  return rejections;
}

function countBeacon(
  state: WindowState,
  { site, action, id }: Beacon,
  sequence: string,
  seen: Map<string, Set<string>>,
): void {
  const count = (state.sites[site] ??= { first: sequence, impressions: 0, clicks: 0, impressionIds: [], clickIds: [] });
  if (id !== undefined) {
    const ids = action === "Click" ? count.clickIds : count.impressionIds;
    const known = seen.get(`${action}/${site}`) ?? new Set(ids);
    seen.set(`${action}/${site}`, known);
    const digest = digestOf(action, id);
    if (known.has(digest)) {
      state.duplicates++;
      return;
    }
    known.add(digest);
    ids.push(digest);
  }
  if (action === "Click") count.clicks++;
  else count.impressions++;
}

/** Sequence numbers are too long for numbers: the longer one is later, of two as long the greater. */
export function isLater(sequence: string, than: string): boolean {
  return sequence.length === than.length ? sequence > than : sequence.length > than.length;
}

/** Characters of a digest: 64 bits, so that of a million identities no two meet by chance (1 in 36 million). */
export const DIGEST_LENGTH = 11;

function digestOf(action: string, id: string): string {
  return createHash("sha256").update(action).update("/").update(id).digest("base64url").slice(0, DIGEST_LENGTH);
}
