/** Runs the local stage, with its console, until it is told to stop. */
import { join } from "node:path";
import { SystemClock } from "../../local/clock";
import { textOf } from "../../local/graph/graph";
import { STATE_FOLDER } from "../folders";
import { loadStage, localUrl } from "../project";
import { readFunctionLine, type FunctionLine } from "../../functions/lib/function-lines";
import { SampleTraffic } from "../traffic/sample-traffic";

export interface StartOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly data: string;
  readonly traffic: boolean;
  readonly json?: boolean;
}

/** Seconds that a graceful stop may take before the process ends regardless. */
const LONGEST_STOP = 5;

export async function start({ port, data, traffic, json = false }: StartOptions): Promise<void> {
  const say = (line: string): void => console.error(line);
  // The program is evaluated in a process of its own: meanwhile the stage is loaded here.
  const loading = loadStage("local");
  const [{ LocalStage }, { Console }, { graph, facts }] = await Promise.all([
    import("../../local/stage"),
    import("../../console/server/console"),
    loading,
  ]);
  const stage = await LocalStage.open(graph, {
    facts,
    clock: new SystemClock((error) => say(`the local stage lost an error: ${String(error)}`)),
    folder: data,
    port,
    say,
    onLog: (_, line) => {
      const read = readFunctionLine(line);
      if (read !== undefined && !json) showLine(read);
    },
  });
  const shown = Console.mount(stage, { cache: join(STATE_FOLDER, "console"), say });
  const beacon = localUrl(stage.url, textOf(graph.stackOutputs, "beaconUrl"));
  const { accessKeyId, secretAccessKey } = stage.operator;
  const where = {
    console: shown.url,
    beacon: beacon.href,
    endpoint: stage.url,
    region: facts.region,
    accessKeyId,
    secretAccessKey,
  };
  console.log(json ? JSON.stringify(where) : renderWhere(where, data));
  void shown.warm();
  const sample = traffic ? new SampleTraffic(beacon, say) : undefined;
  sample?.start();
  await untilTold();
  sample?.stop();
  setTimeout(() => process.exit(1), LONGEST_STOP * 1000).unref();
  shown.close();
  await stage.close();
  if (!json) console.log("stopped; everything acknowledged is kept");
}

function renderWhere(
  {
    console: page,
    beacon,
    endpoint,
    region,
    accessKeyId,
    secretAccessKey,
  }: Record<"console" | "beacon" | "endpoint" | "region" | "accessKeyId" | "secretAccessKey", string>,
  data: string,
): string {
  return [
    "The clickstream platform runs on this machine.",
    "",
    `  console   ${page}`,
    `  beacons   curl '${beacon}?browseraction=Click'`,
    `  AWS       export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
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
