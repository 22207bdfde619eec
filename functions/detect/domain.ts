/**
 * The watch over one site: closes its windows in order, scores each click-through rate against those before, and decides
 * what is an anomaly. Pure: a window closed again changes nothing, and the same windows always give the same scores.
 */
import { anomalyId, type Anomaly, type RateAnomaly } from "../lib/anomaly";
import type { RateForest } from "./rate-forest";

/** When a window was, in milliseconds since the epoch. */
export interface WindowSpan {
  readonly start: number;
  readonly end: number;
}

export interface Counts {
  readonly impressions: number;
  readonly clicks: number;
}

/** What one shard counted of a site in a window: all of it, or a part when the window ended early or the shard was split. */
export interface WindowPart extends Counts {
  /** Names the part for ever; the same part closed again replaces itself. */
  readonly name: string;
}

export interface ClosedWindow extends WindowSpan, Counts {
  readonly parts: readonly string[];
  /** Clicks per hundred impressions; nothing to rate without impressions. */
  readonly rate: number | undefined;
  readonly score: number | undefined;
  /** Counted after the window was closed: in the totals, not in the score. */
  readonly late: Counts;
}

/** Everything remembered of a site, in one item of the forest store. */
export interface SiteHistory {
  readonly site: string;
  /** Counts the changes: a writer that saw an older version must look again. */
  readonly version: number;
  /** Snapshot of the forest. */
  readonly forest: Uint8Array | undefined;
  /** Rates of the latest windows, oldest first. */
  readonly recent: readonly number[];
  readonly last: ClosedWindow | undefined;
  /** A window of which parts have come, and more may. */
  readonly open: { readonly span: WindowSpan; readonly parts: readonly WindowPart[] } | undefined;
  /** Whether clicks without impressions have been raised since the last impression. */
  readonly raisedNoImpressions: boolean;
  /** Anomalies that are decided and not yet raised. */
  readonly outbox: readonly Anomaly[];
}

export interface WatchPolicy {
  readonly cutoff: number;
  readonly forest: RateForest;
}

/** What closing a part did. */
export interface Closing {
  readonly history: SiteHistory;
  /** Windows that were closed by it, oldest first: usually one. */
  readonly closed: readonly ClosedWindow[];
  readonly effect: "closed" | "kept-open" | "replayed" | "late";
}

/** Rates kept for telling what is usual. */
const RECENT_WINDOWS = 30;

export function newHistory(site: string): SiteHistory {
  return {
    site,
    version: 0,
    forest: undefined,
    recent: [],
    last: undefined,
    open: undefined,
    raisedNoImpressions: false,
    outbox: [],
  };
}

/**
 * Takes a part of a window into the history.
 * @param complete false when the window ended early and more of it will come
 */
export function closePart(
  history: SiteHistory,
  span: WindowSpan,
  part: WindowPart,
  complete: boolean,
  policy: WatchPolicy,
): Closing {
  const { last } = history;
  if (last !== undefined && span.start <= last.start) return takeLatePart(history, last, span, part);

  // A window that ended early and never saw its end is over when a later one begins.
  const overdue = history.open !== undefined && history.open.span.start < span.start;
  const before = overdue ? closeOpenWindow(history, policy) : { history, closed: [] };
  const parts = [...(before.history.open?.parts ?? []).filter((each) => each.name !== part.name), part];
  const open: SiteHistory = { ...before.history, open: { span, parts } };
  if (!complete) return { history: changed(history, open), closed: before.closed, effect: "kept-open" };
  const now = closeOpenWindow(open, policy);
  return { history: changed(history, now.history), closed: [...before.closed, ...now.closed], effect: "closed" };
}

function changed(before: SiteHistory, after: SiteHistory): SiteHistory {
  return { ...after, version: before.version + 1 };
}

/** A part of a window that is closed already: itself again, or a latecomer, which counts but is not scored. */
function takeLatePart(history: SiteHistory, last: ClosedWindow, span: WindowSpan, part: WindowPart): Closing {
  // Of windows before the last one the parts are not remembered: shards deliver in order, so this is a replay.
  if (span.start < last.start || last.parts.includes(part.name)) return { history, closed: [], effect: "replayed" };
  const late: ClosedWindow = {
    ...last,
    parts: [...last.parts, part.name],
    impressions: last.impressions + part.impressions,
    clicks: last.clicks + part.clicks,
    late: { impressions: last.late.impressions + part.impressions, clicks: last.late.clicks + part.clicks },
  };
  return { history: changed(history, { ...history, last: late }), closed: [], effect: "late" };
}

function closeOpenWindow(
  history: SiteHistory,
  { cutoff, forest }: WatchPolicy,
): { history: SiteHistory; closed: ClosedWindow[] } {
  if (history.open === undefined) return { history, closed: [] };
  const { span, parts } = history.open;
  const impressions = sum(parts, "impressions");
  const clicks = sum(parts, "clicks");
  const rate = impressions === 0 ? undefined : (100 * clicks) / impressions;
  const scored = rate === undefined ? undefined : forest.score(history.site, history.forest, history.recent, rate);
  const closed: ClosedWindow = {
    ...span,
    impressions,
    clicks,
    rate,
    score: scored?.score,
    parts: parts.map((part) => part.name),
    late: { impressions: 0, clicks: 0 },
  };
  const anomaly = judge(history, closed, cutoff);
  return {
    history: {
      ...history,
      forest: scored?.snapshot ?? history.forest,
      recent: rate === undefined ? history.recent : [...history.recent, rate].slice(-RECENT_WINDOWS),
      last: closed,
      open: undefined,
      raisedNoImpressions: rate === undefined && (history.raisedNoImpressions || anomaly !== undefined),
      outbox: anomaly === undefined ? history.outbox : [...history.outbox, anomaly],
    },
    closed: [closed],
  };
}

function judge(
  { site, recent, raisedNoImpressions }: SiteHistory,
  closed: ClosedWindow,
  cutoff: number,
): Anomaly | undefined {
  const { start, end, impressions, clicks, rate, score } = closed;
  if (rate === undefined || score === undefined) {
    if (raisedNoImpressions || clicks === 0) return undefined;
    return { kind: "no-data", id: anomalyId("no-data", site, start), site, windowStart: start, windowEnd: end, clicks };
  }
  if (score <= cutoff) return undefined;
  const anomaly: RateAnomaly = {
    kind: "click-through-rate",
    id: anomalyId("click-through-rate", site, start),
    site,
    windowStart: start,
    windowEnd: end,
    impressions,
    clicks,
    rate,
    score,
    cutoff,
    usualRate: medianOf(recent),
  };
  return anomaly;
}

function sum(parts: readonly WindowPart[], what: keyof Counts): number {
  return parts.reduce((total, part) => total + part[what], 0);
}

function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
