/** Whether a run of the demonstration comes out even: what was acknowledged against what is there. */
import { PASSES } from "../traffic/click-generator";
import type { SiteWindow } from "../../functions/lib/function-lines";
import { totalOf, type ArchiveCounts } from "./archive";
import type { DemoRun } from "./run";
import { SITES } from "./traffic";

/** One line of the table: a site in an hour. */
export interface ReconciledPlace extends ArchiveCounts {
  readonly place: string;
  readonly accepted: number;
  readonly isEven: boolean;
}

export interface DemoResult {
  readonly sent: number;
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly corrupt: number;
  readonly filtered: number;
  readonly windows: number;
  readonly anomalies: number;
  readonly notifications: number;
  readonly reconciled: boolean;
}

export interface Reconciliation {
  readonly result: DemoResult;
  readonly places: readonly ReconciledPlace[];
  /** What did not come out as it must; empty when all is well. */
  readonly faults: readonly string[];
}

export function reconcile(run: DemoRun): Reconciliation {
  const windows = run.lines.filter((line) => line.event === "site-window");
  const places = placesOf(run);
  const total = totalOf(run.archive);
  const faults = [
    ...places.filter(({ isEven }) => !isEven).map(describeUneven),
    ...run.tally.misjudged.map((each) => `the front door misjudged ${each}`),
    ...checkCounts(run, windows, total),
    ...checkBursts(windows),
    ...checkAlerts(run, windows),
  ];
  return {
    result: {
      sent: run.tally.sent,
      accepted: run.tally.acceptedInAll,
      ...total,
      windows: windows.length,
      anomalies: windows.filter(({ anomalous }) => anomalous).length,
      notifications: run.emails.length,
      reconciled: faults.length === 0,
    },
    places,
    faults,
  };
}

function describeUneven({ place, accepted, stored, duplicates, corrupt, filtered }: ReconciledPlace): string {
  return `${place}: ${accepted} accepted, but ${stored} stored, ${duplicates} duplicates, ${corrupt} corrupt, ${filtered} filtered`;
}

function placesOf({ tally, archive }: DemoRun): ReconciledPlace[] {
  const names = [...new Set([...tally.accepted.keys(), ...archive.keys()])].sort();
  return names.map((place) => {
    const accepted = tally.accepted.get(place) ?? 0;
    const found = archive.get(place) ?? { stored: 0, duplicates: 0, corrupt: 0, filtered: 0 };
    const { stored, duplicates, corrupt, filtered } = found;
    return { place, accepted, ...found, isEven: accepted === stored + duplicates + corrupt + filtered };
  });
}

/** The detector saw what the archive holds: two readers of one stream that know nothing of each other. */
function checkCounts({ lines }: DemoRun, windows: readonly SiteWindow[], total: ArchiveCounts): string[] {
  const shards = lines.filter((line) => line.event === "shard-window");
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const counted = sum(windows.map(({ impressions, clicks }) => impressions + clicks));
  const pairs = [
    ["beacons", counted, total.stored],
    ["duplicates", sum(shards.map(({ Duplicates }) => Duplicates)), total.duplicates],
    ["rejected records", sum(shards.map(({ Rejected }) => Rejected)), total.corrupt],
    ["ignored records", sum(shards.map(({ Ignored }) => Ignored)), total.filtered],
  ] as const;
  return pairs
    .filter(([, detected, archived]) => detected !== archived)
    .map(([what, detected, archived]) => `the detector counted ${detected} ${what}, the archive holds ${archived}`);
}

/** The burst of every site that lived to see it was found. */
function checkBursts(windows: readonly SiteWindow[]): string[] {
  const isBurst = ({ ClickThroughRate = 0 }: SiteWindow): boolean => ClickThroughRate > 30;
  return SITES.filter(({ until }) => until === PASSES)
    .filter(({ name }) => !windows.some((window) => window.Site === name && window.anomalous && isBurst(window)))
    .map(({ name }) => `the burst of ${name} went unseen`);
}

/** People are told of every anomaly once, by e-mail and by text, and of the silent site. */
function checkAlerts({ emails, texts }: DemoRun, windows: readonly SiteWindow[]): string[] {
  const silent = SITES.filter(({ until }) => until < PASSES);
  const expected = windows.filter(({ anomalous }) => anomalous).length + silent.length;
  const twice = emails.map(({ text }) => text).filter((text, index, all) => all.indexOf(text) !== index);
  return [
    ...twice.map((text) => `alerted more than once: ${text}`),
    ...(emails.length === expected ? [] : [`${expected} alerts were due, ${emails.length} e-mails arrived`]),
    ...(texts.length === expected ? [] : [`${expected} alerts were due, ${texts.length} text messages arrived`]),
    ...silent
      .filter(({ name }) => !emails.some(({ subject }) => subject.includes(name)))
      .map(({ name }) => `nobody was told that ${name} went silent`),
  ];
}
