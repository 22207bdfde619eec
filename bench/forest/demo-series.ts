/** The demo's traffic: 2,500 page views, each clicked with chance 0.1, but 0.5 for views 1950..1999. */
import { uniformStream } from "./workload";

export const VIEWS = 2500;
/** First and last view of the burst. */
export const BURST = [1950, 1999] as const;

export interface DemoSeries {
  readonly seed: number;
  readonly views: number;
  readonly viewsPerWindow: number;
  /** False for the same traffic without its burst. */
  readonly bursts: boolean;
}

/** Click-through rates in percent, one per full window. */
export function demoRates({ seed, views, viewsPerWindow, bursts }: DemoSeries): number[] {
  const uniform = uniformStream(seed);
  const isInBurst = (view: number): boolean => bursts && BURST[0] <= view && view <= BURST[1];
  return Array.from({ length: Math.floor(views / viewsPerWindow) }, (_, window) => {
    let clicks = 0;
    for (let view = window * viewsPerWindow; view < (window + 1) * viewsPerWindow; view++)
      if (uniform() < (isInBurst(view) ? 0.5 : 0.1)) clicks++;
    return (100 * clicks) / viewsPerWindow;
  });
}
