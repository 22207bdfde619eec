/** When is a site silent, and what is raised then. Pure. */
import { anomalyId, type NoDataAnomaly } from "../lib/anomaly";

/** A site and the end of the last window in which it was heard of, in milliseconds since the epoch. */
export interface WatchedSite {
  readonly site: string;
  readonly lastWindow: number;
}

/** Latest end of a last window that counts as silence. */
export function silentSince(now: number, silenceSeconds: number): number {
  return now - silenceSeconds * 1000;
}

/** The same silence always gives the same anomaly: it is named by when the site was last heard of. */
export function raiseSilence({ site, lastWindow }: WatchedSite, silenceSeconds: number): NoDataAnomaly {
  const windowEnd = lastWindow + silenceSeconds * 1000;
  return {
    kind: "no-data",
    id: anomalyId("no-data", site, lastWindow),
    site,
    windowStart: lastWindow,
    windowEnd,
    clicks: 0,
  };
}
