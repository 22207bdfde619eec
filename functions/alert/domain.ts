/** What people are told of an anomaly, and what is recorded of it. Pure. */
import type { Anomaly } from "../lib/anomaly";

export interface Message {
  /** Subject of the e-mail: at most 100 characters of ASCII without line breaks. Source: the SNS API reference, Publish. */
  readonly subject: string;
  readonly text: string;
}

const LONGEST_SUBJECT = 100;

export function renderMessage(anomaly: Anomaly): Message {
  const { site, windowStart, windowEnd } = anomaly;
  const when = `${utc(windowStart)} to ${utc(windowEnd)} UTC`;
  switch (anomaly.kind) {
    case "click-through-rate": {
      const { rate, score, rules, direction, clicks, impressions, usualRate } = anomaly;
      const unusual = direction === "neither" ? "unusual" : `unusually ${direction}`;
      const usual = usualRate === null ? "" : `, usually ${percent(usualRate)}`;
      return {
        subject: subjectOf(`Anomaly: click-through rate of ${site}`),
        text:
          `Click-through rate of ${site} is ${unusual}: ${percent(rate)}${usual}. ` +
          `Anomaly score ${score.toFixed(2)} (${rules.map(({ limit }) => limit).join(", ")}).\n` +
          `${clicks} clicks of ${impressions} impressions, ${when}.`,
      };
    }
    case "no-data":
      return {
        subject: subjectOf(`No data from ${site}`),
        text:
          anomaly.clicks > 0
            ? `${site} reports ${anomaly.clicks} clicks and no impressions, ${when}: no click-through rate can be told.`
            : `${site} has sent nothing since ${utc(windowStart)} UTC.`,
      };
  }
}

export interface CsvRecord {
  /** Key of the object, under the folder of anomalies: the same anomaly always has the same. */
  readonly key: string;
  readonly content: string;
}

const COLUMNS = [
  "date",
  "site",
  "kind",
  "window_start",
  "window_end",
  "impressions",
  "clicks",
  "ctr",
  "anomaly_score",
  "usual_ctr",
  "rules",
] as const;

/** One anomaly as CSV with a header line (RFC 4180). */
export function renderCsv(anomaly: Anomaly): CsvRecord {
  const { site, kind, windowStart, windowEnd, clicks } = anomaly;
  const [start, end] = [new Date(windowStart).toISOString(), new Date(windowEnd).toISOString()];
  const rated = anomaly.kind === "click-through-rate" ? anomaly : undefined;
  const values = {
    date: end,
    site,
    kind,
    window_start: start,
    window_end: end,
    impressions: rated?.impressions ?? 0,
    clicks,
    ctr: rated?.rate ?? "",
    anomaly_score: rated?.score ?? "",
    usual_ctr: rated?.usualRate ?? "",
    rules: rated?.rules.map(({ rule }) => rule).join(" ") ?? "",
  } satisfies Record<(typeof COLUMNS)[number], string | number>;
  const [year, month, day] = start.slice(0, 10).split("-");
  return {
    key: `year=${year}/month=${month}/day=${day}/${encodeURIComponent(site)}-${windowStart}-${kind}.csv`,
    content: `${COLUMNS.join(",")}\n${COLUMNS.map((column) => csvField(values[column])).join(",")}\n`,
  };
}

/** Quoted where it must be; a field that a spreadsheet would take for a formula is kept from being one. */
function csvField(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function subjectOf(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, "?");
  return plain.length > LONGEST_SUBJECT ? `${plain.slice(0, LONGEST_SUBJECT - 3)}...` : plain;
}

function percent(rate: number): string {
  return `${rate.toFixed(1)} %`;
}

/** `2026-11-20 10:00:10`. */
function utc(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}
