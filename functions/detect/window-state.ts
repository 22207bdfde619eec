/**
 * What a window has seen so far: the state that Lambda carries from one batch of a window to the next. Counting is pure:
 * the same records always give the same state, whatever batches they came in.
 */
import { readBeacon, type Beacon, type BeaconRejection } from "../lib/beacon";
import { digestOf, findDigests } from "./digests";

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
  /** Digests of the identities that senders gave, end to end, so that a beacon sent again counts once. */
  impressionIds: string;
  clickIds: string;
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
  const arrived: ArrivedBeacon[] = [];
  for (const record of records) {
    if (!isLater(record.sequence, state.last)) continue;
    state.last = record.sequence;
    const outcome = readBeacon(record.data);
    switch (outcome.kind) {
      case "accepted":
        arrived.push(identify(outcome.value, record.sequence));
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
  const counted = countedBefore(state, arrived);
  for (const beacon of arrived) countBeacon(state, beacon, counted);
  return rejections;
}

interface ArrivedBeacon extends Beacon {
  readonly sequence: string;
  /** Of its identity, where it has one. */
  readonly digest: string | undefined;
}

function identify(beacon: Beacon, sequence: string): ArrivedBeacon {
  return { ...beacon, sequence, digest: beacon.id === undefined ? undefined : digestOf(beacon.action, beacon.id) };
}

/** By site, which identities of the batch the window has counted: its few are looked for among the window's many. */
function countedBefore(state: WindowState, arrived: readonly ArrivedBeacon[]): Map<string, Set<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { site, digest } of arrived) {
    if (digest === undefined) continue;
    const digests = asked.get(site);
    if (digests === undefined) asked.set(site, new Set([digest]));
    else digests.add(digest);
  }
  const counted = new Map<string, Set<string>>();
  for (const [site, digests] of asked) {
    const found = new Set<string>();
    const { impressionIds = "", clickIds = "" } = state.sites[site] ?? {};
    findDigests(digests, impressionIds, found);
    findDigests(digests, clickIds, found);
    counted.set(site, found);
  }
  return counted;
}

function countBeacon(
  state: WindowState,
  { site, action, sequence, digest }: ArrivedBeacon,
  counted: ReadonlyMap<string, Set<string>>,
): void {
  const count = (state.sites[site] ??= { first: sequence, impressions: 0, clicks: 0, impressionIds: "", clickIds: "" });
  if (digest !== undefined) {
    if (counted.get(site)?.has(digest) === true) {
      state.duplicates++;
      return;
    }
    counted.get(site)?.add(digest);
    if (action === "Click") count.clickIds += digest;
    else count.impressionIds += digest;
  }
  if (action === "Click") count.clicks++;
  else count.impressions++;
}

/** Sequence numbers are too long for numbers: the longer one is later, of two as long the greater. */
export function isLater(sequence: string, than: string): boolean {
  return sequence.length === than.length ? sequence > than : sequence.length > than.length;
}
