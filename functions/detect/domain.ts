/**
 * The watch over one site: closes its windows in order, scores each click-through rate against those before, and decides
 * what is an anomaly. Pure: a window closed again changes nothing, and the same windows always give the same scores.
 */
import { anomalyId, type Anomaly, type AnomalyRule } from "../lib/anomaly";
import { decide, FRESH_RULE_STATE, type Decision, type Rules, type RuleState } from "./forest";
import type { RateForest, ScoredRate } from "./rate-forest";

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
  /** What the rules remember of the latest scores. */
  readonly rules: RuleState;
  readonly last: ClosedWindow | undefined;
  /** A window of which parts have come, and more may. */
  readonly open: { readonly span: WindowSpan; readonly parts: readonly WindowPart[] } | undefined;
  /** Whether clicks without impressions have been raised since the last impression. */
  readonly raisedNoImpressions: boolean;
  /** Anomalies that are decided and not yet raised. */
  readonly outbox: readonly Anomaly[];
}

export interface WatchPolicy {
  readonly rules: Rules;
  /** Which of the rules raise anomalies. */
  readonly raisedBy: readonly AnomalyRule[];
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
    rules: FRESH_RULE_STATE,
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

function closeOpenWindow(history: SiteHistory, policy: WatchPolicy): { history: SiteHistory; closed: ClosedWindow[] } {
  if (history.open === undefined) return { history, closed: [] };
  const { span, parts } = history.open;
  const impressions = sum(parts, "impressions");
  const clicks = sum(parts, "clicks");
  const rate = impressions === 0 ? undefined : (100 * clicks) / impressions;
  const { site, forest, recent } = history;
  const scored = rate === undefined ? undefined : policy.forest.score(site, forest, recent, rate);
  const closed: ClosedWindow = {
    ...span,
    impressions,
    clicks,
    rate,
    score: scored?.score,
    parts: parts.map((part) => part.name),
    late: { impressions: 0, clicks: 0 },
  };
  const after: SiteHistory = { ...history, last: closed, open: undefined };
  if (rate === undefined || scored === undefined) return { history: judgeWithoutRate(after, closed), closed: [closed] };
  const learnt = { ...after, forest: scored.snapshot, recent: [...recent, rate].slice(-RECENT_WINDOWS) };
  return { history: judgeRate(learnt, { ...closed, rate }, scored, policy), closed: [closed] };
}

/** Clicks without impressions are raised once, until an impression comes. */
function judgeWithoutRate(history: SiteHistory, { start, end, clicks }: ClosedWindow): SiteHistory {
  if (history.raisedNoImpressions || clicks === 0) return history;
  const { site } = history;
  const id = anomalyId("no-data", site, start);
  const anomaly: Anomaly = { kind: "no-data", id, site, windowStart: start, windowEnd: end, clicks };
  return { ...history, raisedNoImpressions: true, outbox: [...history.outbox, anomaly] };
}

function judgeRate(
  history: SiteHistory,
  { start, end, impressions, clicks, rate }: ClosedWindow & { readonly rate: number },
  { score, settled, direction, usualRate }: ScoredRate,
  { rules, raisedBy }: WatchPolicy,
): SiteHistory {
  const { decisions, state } = decide(rules, history.rules, score);
  const known: SiteHistory = { ...history, rules: state, raisedNoImpressions: false };
  const fired = decisions.filter((decision) => raisedBy.includes(decision.rule) && isRaising(decision));
  if (!settled || fired.length === 0) return known;
  const { site } = history;
  const anomaly: Anomaly = {
    kind: "click-through-rate",
    id: anomalyId("click-through-rate", site, start),
    site,
    windowStart: start,
    windowEnd: end,
    impressions,
    clicks,
    rate,
    score,
    rules: fired.map((decision) => ({ rule: decision.rule, limit: limitOf(decision) })),
    direction,
    usualRate,
  };
  return { ...known, outbox: [...history.outbox, anomaly] };
}

/** A run of unusual windows is raised when it begins, the other rules each time. */
function isRaising(decision: Decision): boolean {
  return decision.rule === "repeated" ? decision.began : decision.fired;
}

/** What a rule held the score against, in words. */
function limitOf(decision: Decision): string {
  switch (decision.rule) {
    case "cutoff":
      return `cutoff ${decision.cutoff}`;
    case "repeated":
      return `${decision.above} of ${decision.of} windows above ${decision.cutoff}`;
    case "adaptive":
      return `threshold ${decision.threshold.toFixed(2)}`;
  }
}

function sum(parts: readonly WindowPart[], what: keyof Counts): number {
  return parts.reduce((total, part) => total + part[what], 0);
}
