/** Runs the local stage, with its console, until it is told to stop. */
import { join } from "node:path";
import { Announcer } from "../../local/announcer";
import { SystemClock } from "../../local/clock";
import { DataFolder } from "../../local/durable/data-folder";
import { explainFailure } from "../../local/durable/durable-error";
import { tryPort } from "../../local/endpoint/server";
import { readFaultsFile } from "../../local/faults/settings";
import { textOf } from "../../local/graph/graph";
import { STATE_FOLDER } from "../folders";
import type { LocalStage } from "../../local/stage";
import { ROOT } from "../folders";
import { loadStage, localUrl } from "../project";
import { readFunctionLine, type FunctionLine } from "../../functions/lib/function-lines";
import { SampleTraffic } from "../traffic/sample-traffic";
import type { LocalRelease } from "../release/local/local-release";
import { ProgramWatch } from "./watch";

export interface StartOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly data: string;
  readonly traffic: boolean;
  readonly json?: boolean;
  /** Takes changes of the program over while it runs. */
  readonly watch?: boolean;
  /** File that says what is to go wrong: local/faults/settings.ts. */
  readonly faults?: string;
}

/** Seconds that a graceful stop may take before the process ends regardless. */
const LONGEST_STOP = 5;

export async function start({ port, data, traffic, json = false, ...options }: StartOptions): Promise<void> {
  const say = new Announcer({ now: Date.now }, (line) => console.error(line)).announce;
  const faults = options.faults === undefined ? undefined : readFaultsFile(options.faults);
  await tryPlace(data, port, say);
  // The program is evaluated in a process of its own: meanwhile the stage is loaded here.
  const loading = loadStage("local");
  const [{ LocalStage }, { Console }, { graph, facts }] = await Promise.all([
    import("../../local/stage"),
    import("../../console/server/console"),
    loading,
  ]);
  const stage = await LocalStage.open(graph, {
    facts,
    clock: new SystemClock((error) => say(explainFailure(error))),
    folder: data,
    port,
    say,
    onLog: (_, line) => {
      const read = readFunctionLine(line);
      if (read !== undefined && !json) showLine(read);
    },
    ...(faults === undefined ? {} : { faults }),
  });
  const shown = Console.mount(stage, { cache: join(STATE_FOLDER, "console"), say });
  const release = await openRelease(stage, join(data, "release"), facts.region, say);
  if (release !== undefined) shown.showReleases(() => release.stage);
  const beacon = localUrl(stage.url, textOf(graph.stackOutputs, "beaconUrl"));
  const { accessKeyId, secretAccessKey } = stage.operator;
  const where = {
    console: shown.url,
    beacon: beacon.href,
    endpoint: stage.url,
    region: facts.region,
    accessKeyId,
    secretAccessKey,
    ...(release === undefined ? {} : { git: release.repository }),
  };
  console.log(json ? JSON.stringify(where) : renderWhere(where, data));
  void shown.warm();
  const sample = traffic ? new SampleTraffic(beacon, say) : undefined;
  sample?.start();
  const watching = options.watch === true ? watchProgram(stage) : undefined;
  await untilTold();
  sample?.stop();
  setTimeout(() => process.exit(1), LONGEST_STOP * 1000).unref();
  await watching?.close();
  shown.close();
  await release?.close();
  await stage.close();
  if (!json) console.log("stopped; everything acknowledged is kept");
}

/** What no program could run on is said before one is evaluated. */
async function tryPlace(data: string, port: number, say: (line: string) => void): Promise<void> {
  const folder = await DataFolder.open(data, { onNotice: say });
  try {
    await tryPort(port);
  } finally {
    await folder.close();
  }
}

/** Nothing on a machine without git: everything else runs there. */
async function openRelease(
  platform: LocalStage,
  folder: string,
  region: string,
  say: (line: string) => void,
): Promise<LocalRelease | undefined> {
  try {
    const { LocalRelease: Release } = await import("../release/local/local-release");
    return await Release.open({ platform, folder, region, say });
  } catch (error) {
    say(`no releases by git push: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function watchProgram(stage: LocalStage): ProgramWatch {
  return new ProgramWatch({
    root: ROOT,
    evaluate: async () => (await loadStage("local")).graph,
    apply: (graph) => stage.apply(graph),
    say: (line) => console.error(line),
  });
}

function renderWhere(
  {
    console: page,
    beacon,
    endpoint,
    region,
    accessKeyId,
    secretAccessKey,
    git,
  }: Record<"console" | "beacon" | "endpoint" | "region" | "accessKeyId" | "secretAccessKey", string> & {
    git?: string;
  },
  data: string,
): string {
  return [
    "The clickstream platform runs on this machine.",
    "",
    `  console   ${page}`,
    `  beacons   curl '${beacon}?browseraction=Click'`,
    `  AWS       export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    ...(git === undefined ? [] : [`  release   git push ${git} main`]),
    `  data      ${data}`,
    "",
    "One line per site and window follows; Ctrl-C stops.",
    "",
    `${"window".padEnd(10)}${"site".padEnd(24)}${"impressions".padStart(12)}${"clicks".padStart(8)}${"CTR".padStart(9)}${"score".padStart(8)}`,
  ].join("\n");
}

function showLine(line: FunctionLine): void {
  if (line.event !== "site-window") return;
  const { Site, windowStart, impressions, clicks, ClickThroughRate: rate, AnomalyScore: score, anomalous } = line;
  const columns = [
    windowStart.slice(11, 19).padEnd(10),
    Site.slice(0, 23).padEnd(24),
    String(impressions).padStart(12),
    String(clicks).padStart(8),
    (rate === undefined ? "-" : `${rate.toFixed(1)} %`).padStart(9),
    (score === undefined ? "-" : score.toFixed(2)).padStart(8),
  ];
  console.log(`${columns.join("")}${anomalous ? "  ALERT" : ""}`);
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
