/**
 * The traffic of the original pipeline's script: impressions, each followed by a click with a probability of 10 %, and of
 * 50 % in one burst. Source: AWS Big Data Blog, "Real-time Clickstream Anomaly Detection with Amazon Kinesis Analytics".
 */
import type { Beacon } from "./beacon-client";

export const PASSES = 2500;
export const USUAL_RATE = 0.1;
export const BURST = { from: 1950, to: 2000, rate: 0.5 } as const;

/** The beacons of one pass over one site. */
export function passOf(pass: number, site: string, random: () => number): Beacon[] {
  const rate = pass >= BURST.from && pass < BURST.to ? BURST.rate : USUAL_RATE;
  const clicked = random() <= rate;
  return [{ action: "Impression", site }, ...(clicked ? [{ action: "Click", site }] : [])];
}
