/** An anomaly as it travels on the anomaly stream, from whoever raises it to whoever tells people. */
import { accepted, rejected, type Outcome } from "./outcome";

interface About {
  /** Names the anomaly for ever: the same anomaly raised again has the same id. */
  readonly id: string;
  readonly site: string;
  /** Milliseconds since the epoch. */
  readonly windowStart: number;
  readonly windowEnd: number;
}

/** Rules that may make a window an anomaly: a score above the cutoff, two such of three, above a threshold that learns. */
export const ANOMALY_RULES = ["cutoff", "repeated", "adaptive"] as const;
export type AnomalyRule = (typeof ANOMALY_RULES)[number];

/** Reads `cutoff,repeated`. @throws Error naming what is no rule */
export function readRules(text: string): AnomalyRule[] {
  return text.split(",").map((name) => {
    const rule = ANOMALY_RULES.find((each) => each === name.trim());
    if (rule === undefined)
      throw new Error(`a rule is one of ${ANOMALY_RULES.join(", ")}, got ${JSON.stringify(name)}`);
    return rule;
  });
}

/** A window whose click-through rate the forest scored unusual. */
export interface RateAnomaly extends About {
  readonly kind: "click-through-rate";
  readonly impressions: number;
  readonly clicks: number;
  /** Clicks per hundred impressions. */
  readonly rate: number;
  readonly score: number;
  /** Which rules fired, and at what: the cutoff, so many of the last windows, a threshold. */
  readonly rules: readonly { readonly rule: AnomalyRule; readonly limit: string }[];
  /** Whether the rate is unusual for being high or for being low. */
  readonly direction: "high" | "low" | "neither";
  /** Median rate of the windows before, where there were any. */
  readonly usualRate: number | null;
}

/** A site that was heard of before and says nothing, or clicks without impressions. */
export interface NoDataAnomaly extends About {
  readonly kind: "no-data";
  readonly clicks: number;
}

export type Anomaly = RateAnomaly | NoDataAnomaly;

/** The same site and window always name the same anomaly. */
export function anomalyId(kind: Anomaly["kind"], site: string, windowStart: number): string {
  return `${kind}/${site}/${windowStart}`;
}

/** Reads one record of the anomaly stream. */
export function readAnomaly(data: string): Outcome<Anomaly, "not-json" | "not-an-anomaly"> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (error) {
    return rejected("not-json", error instanceof Error ? error.message : String(error));
  }
  return isAnomaly(parsed)
    ? accepted(parsed)
    : rejected("not-an-anomaly", "kind, id, site, window and counts of an anomaly are missing or misshapen");
}

function isAnomaly(value: unknown): value is Anomaly {
  if (typeof value !== "object" || value === null) return false;
  const { kind, id, site, ...rest } = value as Record<string, unknown>;
  const numbers =
    kind === "click-through-rate"
      ? ["windowStart", "windowEnd", "impressions", "clicks", "rate", "score"]
      : ["windowStart", "windowEnd", "clicks"];
  return (
    (kind === "click-through-rate" || kind === "no-data") &&
    typeof id === "string" &&
    typeof site === "string" &&
    (kind === "no-data" || Array.isArray(rest["rules"])) &&
    numbers.every((name) => typeof rest[name] === "number" && Number.isFinite(rest[name]))
  );
}
