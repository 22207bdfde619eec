/**
 * Lambda's side of the watch: counts each batch into the window's state, keeps what is rejected, and at the end of a
 * window closes it for every site, raises what was decided, and says what it saw.
 */
import type { KinesisStreamRecord } from "aws-lambda";
import type { Anomaly } from "../lib/anomaly";
import { renderMetrics, type PrintLine } from "../lib/metrics";
import type { RejectedRecords } from "../lib/rejected-records";
import {
  closePart,
  newHistory,
  type ClosedWindow,
  type Closing,
  type SiteHistory,
  type WatchPolicy,
  type WindowSpan,
} from "./domain";
import { unpackDigests } from "./digests";
import { countBatch, readState, type Rejection, type SiteCount, type WindowState } from "./window-state";

/** Remembers sites. */
export interface SiteStore {
  load(site: string): Promise<SiteHistory | undefined>;
  /** Saves over the version before; `conflict` when another writer was faster. */
  save(history: SiteHistory): Promise<"saved" | "conflict">;
  /** Notes that an anomaly was raised. */
  settle(site: string, anomaly: string): Promise<void>;
}

/** Remembers which beacons with an identity were counted. */
export interface SeenBeacons {
  /** Which of the digests earlier windows within the horizon have counted, or earlier parts of this one. */
  before(site: string, span: WindowSpan, part: string, digests: readonly string[]): Promise<ReadonlySet<string>>;
  remember(site: string, span: WindowSpan, part: string, digests: readonly string[]): Promise<void>;
}

/** Raises an anomaly; raising it again is told apart by its id. */
export type RaiseAnomaly = (anomaly: Anomaly) => Promise<void>;

export interface DetectDeps {
  readonly policy: WatchPolicy;
  readonly sites: SiteStore;
  readonly seen: SeenBeacons;
  readonly rejected: RejectedRecords;
  readonly raise: RaiseAnomaly;
  readonly print: PrintLine;
  readonly metricNamespace: string;
}

export interface DetectResponse {
  readonly state: WindowState;
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** A batch of a window, as Lambda hands it over. Source: Lambda developer guide, stateful Kinesis processing. */
export interface WindowEvent {
  readonly Records: readonly KinesisStreamRecord[];
  readonly window: { readonly start: string; readonly end: string };
  /** What the batch before answered; `{}` at the beginning of a window. */
  readonly state: unknown;
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** Sites whose windows are closed at the same time. */
const SITES_AT_ONCE = 16;

/** Writers of one site that may be faster before it counts as a failure. */
const MOST_CONFLICTS = 8;

/** Version of the function's judgement, kept with what it rejects. */
const COMPONENT = { component: "detect", version: 1 } as const;

export function createDetectHandler(deps: DetectDeps): (event: WindowEvent) => Promise<DetectResponse> {
  return async function detect(event) {
    const state = readState(event.state);
    const rejections = countBatch(
      state,
      event.Records.map((record) => ({
        sequence: record.kinesis.sequenceNumber,
        data: Buffer.from(record.kinesis.data, "base64").toString("utf8"),
      })),
    );
    await deps.rejected.keep(describeRejections(event, rejections));
    if (event.isFinalInvokeForWindow || event.isWindowTerminatedEarly) {
      await closeWindows(deps, event, state);
      // The window is over; what Lambda carries on is carried on empty.
      return { state: readState(undefined), batchItemFailures: [] };
    }
    return { state, batchItemFailures: [] };
  };
}

async function closeWindows(deps: DetectDeps, event: WindowEvent, state: WindowState): Promise<void> {
  const span = { start: Date.parse(event.window.start), end: Date.parse(event.window.end) };
  const queue = Object.entries(state.sites);
  let duplicates = state.duplicates;
  const worker = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      duplicates += await closeSite(deps, next[0], next[1], span, !event.isWindowTerminatedEarly);
    }
  };
  await Promise.all(Array.from({ length: SITES_AT_ONCE }, worker));
  deps.print(
    renderMetrics({
      namespace: deps.metricNamespace,
      time: span.end,
      metrics: { Duplicates: duplicates, Ignored: state.ignored, Rejected: state.rejected },
      facts: { event: "shard-window", shard: event.shardId, windowStart: event.window.start },
    }),
  );
}

/** @returns beacons that had been counted in an earlier window */
async function closeSite(
  deps: DetectDeps,
  site: string,
  count: SiteCount,
  span: WindowSpan,
  complete: boolean,
): Promise<number> {
  const { impressions, clicks, duplicates } = await countOnce(deps.seen, site, count, span);
  const part = { name: count.first, impressions, clicks };
  const { history, closed } = await saveClosing(deps, site, (known) =>
    closePart(known, span, part, complete, deps.policy),
  );
  // Anomalies leave the outbox only once they are raised: whoever fails in between, the next attempt raises them.
  for (const anomaly of history.outbox) {
    await deps.raise(anomaly);
    await deps.sites.settle(site, anomaly.id);
  }
  const raised = new Set(history.outbox.map((anomaly) => anomaly.windowStart));
  for (const window of closed) deps.print(describeWindow(deps.metricNamespace, site, window, raised.has(window.start)));
  return duplicates;
}

/** Takes out the beacons that an earlier window has counted. */
async function countOnce(
  seen: SeenBeacons,
  site: string,
  count: SiteCount,
  span: WindowSpan,
): Promise<{ impressions: number; clicks: number; duplicates: number }> {
  const [impressionIds, clickIds] = [unpackDigests(count.impressionIds), unpackDigests(count.clickIds)];
  const digests = [...impressionIds, ...clickIds];
  if (digests.length === 0) return { impressions: count.impressions, clicks: count.clicks, duplicates: 0 };
  const before = await seen.before(site, span, count.first, digests);
  const again = (ids: readonly string[]): number => ids.filter((id) => before.has(id)).length;
  await seen.remember(site, span, count.first, digests);
  const [impressions, clicks] = [again(impressionIds), again(clickIds)];
  return {
    impressions: count.impressions - impressions,
    clicks: count.clicks - clicks,
    duplicates: impressions + clicks,
  };
}

async function saveClosing(deps: DetectDeps, site: string, close: (known: SiteHistory) => Closing): Promise<Closing> {
  for (let attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
    const known = (await deps.sites.load(site)) ?? newHistory(site);
    const closing = close(known);
    if (closing.history === known) return closing;
    if ((await deps.sites.save(closing.history)) === "saved") return closing;
  }
  throw new Error(`${MOST_CONFLICTS} writers in a row were faster for site ${site}: the window is tried again`);
}

function describeWindow(namespace: string, site: string, window: ClosedWindow, anomalous: boolean): string {
  const { start, end, impressions, clicks, rate, score } = window;
  return renderMetrics({
    namespace,
    time: end,
    dimensions: { Site: site },
    metrics: {
      ...(rate === undefined ? {} : { ClickThroughRate: rate }),
      ...(score === undefined ? {} : { AnomalyScore: score }),
    },
    facts: {
      event: "site-window",
      windowStart: new Date(start).toISOString(),
      windowEnd: new Date(end).toISOString(),
      impressions,
      clicks,
      anomalous,
    },
  });
}

function describeRejections(
  event: WindowEvent,
  rejections: readonly Rejection[],
): Parameters<RejectedRecords["keep"]>[0] {
  const bySequence = new Map(
    event.Records.map((record): [string, KinesisStreamRecord] => [record.kinesis.sequenceNumber, record]),
  );
  return rejections.map(({ record, code, detail }) => {
    const arrived = bySequence.get(record.sequence);
    return {
      code,
      detail,
      ...COMPONENT,
      stream: event.eventSourceARN,
      shard: event.shardId,
      sequence: record.sequence,
      arrived: new Date((arrived?.kinesis.approximateArrivalTimestamp ?? 0) * 1000).toISOString(),
      data: arrived?.kinesis.data ?? "",
    };
  });
}
