/**
 * The forest's figures, each beside its goal: `node -r ts-node/register/transpile-only bench/forest/main.ts [--json]
 * [--rounds 5]`. Rates are compared with the Java library in the same run where Java and Maven are there.
 */
import { resolve } from "node:path";
import { bundle, runProgram } from "../bundle";
import { runDemos, runQuiet, type DemoFigures } from "./demos";
import { buildPeer } from "./peer";
import { measureRates, type Rate } from "./rates";
import type { SiteFigures } from "./sites";
import { measureSnapshots, type SnapshotFigures } from "./snapshots";

interface Figures {
  readonly node: string;
  /** The peer's runtime; null where it was not measured. */
  readonly peer: string | null;
  readonly rates: readonly Rate[];
  readonly snapshots: readonly SnapshotFigures[];
  readonly sites: SiteFigures;
  readonly demos: readonly DemoFigures[];
  readonly quiet: readonly DemoFigures[];
}

function measure(rounds: number, tell: (line: string) => void): Figures {
  tell("building the peer");
  const peer = buildPeer();
  const rates = measureRates(peer, rounds, tell);
  tell("snapshots, sites, demos");
  return {
    node: process.version,
    peer: peer?.version ?? null,
    rates,
    snapshots: measureSnapshots(),
    sites: JSON.parse(runProgram(process.execPath, [bundle(resolve(__dirname, "sites.ts"))])) as SiteFigures,
    demos: [50, 100].map(runDemos),
    quiet: [50, 100].map(runQuiet),
  };
}

function render({ node, peer, rates, snapshots, sites, demos, quiet }: Figures): string {
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
  return [
    `Rows scored and learned per second, one thread, processor time; node ${node}, ${peer ?? "Java not measured here"}`,
    ...rates.map((rate) => `  ${rate.workload.padEnd(14)} ${renderRate(rate)}`),
    "Snapshot and restore, milliseconds of processor time",
    ...snapshots.map(({ forest, bytes, snapshot, restore }) => {
      const sum = (snapshot + restore).toFixed(2);
      return `  ${forest.padEnd(14)} ${bytes} bytes, ${snapshot.toFixed(2)} + ${restore.toFixed(2)} = ${sum}  (goal for 256: < 5)`;
    }),
    `${sites.sites} sites as snapshots, ${sites.live} of them live`,
    `  ${sites.snapshotMegabytes.toFixed(0)} MB of snapshots, ${sites.peakMegabytes.toFixed(0)} MB at the peak  (goal: < 512), ` +
      `${Math.round(sites.windowsPerSecond)} windows per second of random sites`,
    "The demo: bursts found (goal: >= 99 %), false windows at cutoff 2 (<= 1.5 %) and with 2 of 3 (<= 0.1 %)",
    ...[...demos.map((each) => ["demos", each] as const), ...quiet.map((each) => ["quiet", each] as const)].map(
      ([kind, { viewsPerWindow, demos: runs, found, quietWindows, falseCutoff, falseRepeated }]) =>
        `  ${kind}, ${viewsPerWindow} views a window: ` +
        (kind === "demos" ? `found ${percent(found, runs)}, ` : "") +
        `false ${percent(falseCutoff, quietWindows)} and ${percent(falseRepeated, quietWindows)} of ${quietWindows}`,
    ),
  ].join("\n");
}

function renderRate({ ours, peer, peerElsewhere, ratio, goal }: Rate): string {
  if (peer === null || ratio === null)
    return `ours ${Math.round(ours)}, Java not measured here (${peerElsewhere} on another machine)`;
  return `ours ${Math.round(ours)}, Java ${Math.round(peer)}, ratio ${ratio.toFixed(2)}  (goal: >= ${goal})`;
}

const given = process.argv.slice(2);
const rounds = given.includes("--rounds") ? Number(given[given.indexOf("--rounds") + 1]) : 5;
const figures = measure(rounds, (line) => void process.stderr.write(`${line}\n`));
process.stdout.write(`${given.includes("--json") ? JSON.stringify(figures) : render(figures)}\n`);
