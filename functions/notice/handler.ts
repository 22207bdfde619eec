/** Runs every minute: finds sites that went silent, raises each silence, and stops watching the site until it speaks. */
import type { Anomaly } from "../lib/anomaly";
import { renderMetrics, type PrintLine } from "../lib/metrics";
import { raiseSilence, silentSince, type WatchedSite } from "./domain";

export interface WatchedSites {
  /** Sites last heard of at that time or before, as pages. */
  lastHeardUntil(time: number): AsyncIterable<readonly WatchedSite[]>;
  /** Stops watching a site, unless it was heard of since. */
  disarm(site: WatchedSite): Promise<void>;
}

export interface NoticeDeps {
  readonly sites: WatchedSites;
  readonly raise: (anomaly: Anomaly) => Promise<void>;
  readonly silenceSeconds: number;
  readonly print: PrintLine;
  readonly metricNamespace: string;
}

/** What a schedule sends: the time it stands for, ISO 8601. */
export interface ScheduleEvent {
  readonly time: string;
}

export function createNoticeHandler(deps: NoticeDeps): (event: ScheduleEvent) => Promise<{ silent: number }> {
  return async function notice(event) {
    const now = Date.parse(event.time);
    if (Number.isNaN(now)) throw new Error(`a schedule's event has a time, got ${JSON.stringify(event)}`);
    let silent = 0;
    for await (const sites of deps.sites.lastHeardUntil(silentSince(now, deps.silenceSeconds))) {
      for (const site of sites) {
        // Raised first: if this fails in between, the next run raises it again under the same id.
        await deps.raise(raiseSilence(site, deps.silenceSeconds));
        await deps.sites.disarm(site);
        silent++;
      }
    }
    deps.print(
      renderMetrics({
        namespace: deps.metricNamespace,
        time: now,
        metrics: { SilentSites: silent },
        facts: { event: "silence" },
      }),
    );
    return { silent };
  };
}
