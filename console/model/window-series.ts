/** Windows as columns of a chart: one time axis, one row of values per site. Pure. */
import type { Window } from "./wire";

export interface Series {
  /** Seconds since the epoch, ascending: the end of each window. */
  readonly times: readonly number[];
  readonly sites: readonly {
    readonly site: string;
    readonly values: readonly (number | null)[];
    readonly anomalous: readonly boolean[];
  }[];
}

/** Colours that can be told apart. */
const COLOURS = 8;

/** By name, so that a site keeps its colour. */
export function sitesOf(windows: readonly Window[]): string[] {
  return [...new Set(windows.map(({ site }) => site))].sort();
}

export function colourOf(known: readonly string[], site: string): number {
  return Math.max(0, known.indexOf(site)) % COLOURS;
}

export function latestOf(windows: readonly Window[], site: string): Window | undefined {
  return windows.findLast((window) => window.site === site);
}

export function seriesOf(
  windows: readonly Window[],
  sites: readonly string[],
  minutes: number,
  what: "rate" | "score",
): Series {
  const newest = windows.at(-1)?.end ?? 0;
  const within = windows.filter(({ end }) => end > newest - minutes * 60_000);
  const times = [...new Set(within.map(({ end }) => end))].sort((a, b) => a - b);
  const column = new Map(times.map((time, index) => [time, index]));
  return {
    times: times.map((time) => time / 1000),
    sites: sites.map((site) => {
      const values: (number | null)[] = times.map(() => null);
      const anomalous = times.map(() => false);
      for (const window of within) {
        const index = column.get(window.end);
        if (window.site !== site || index === undefined) continue;
        values[index] = window[what];
        anomalous[index] = window.anomalous;
      }
      return { site, values, anomalous };
    }),
  };
}
