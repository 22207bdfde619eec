/** The platform's local stage with its console, in virtual time, and ways to ask it as a browser would. */
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BeaconClient, type Beacon } from "../../bin/traffic/beacon-client";
import { textOf, type Graph } from "../../local/graph/graph";
import { platform } from "../../stacks/platform";
import { readStage } from "../../stacks/stage";
import { readStageFiles } from "../../stacks/stage-files";
import { render, withStage, type TestStage } from "../../test/stage";
import { Console } from "../server/console";

/** The graph of the local stage, as `start` runs it. */
export function renderLocal(changes: Readonly<Record<string, string>> = {}): Promise<Graph> {
  const { values, secretKeys } = readStageFiles(join(__dirname, "../.."), "local");
  const config = { ...values, ...changes };
  return render(() => ({ ...platform(readStage("local", { values: config, secretKeys })) }), {
    stack: "local",
    config,
    secretKeys: [...secretKeys],
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WatchedStage extends TestStage {
  readonly console: Console;
  readonly token: string;
  readonly ask: (path: string, asking?: Asking) => Promise<Answer>;
  readonly read: <T>(name: string) => Promise<T>;
  readonly send: (...beacons: readonly Beacon[]) => Promise<void>;
}

/** Runs a graph with a console for the length of a test. */
export async function withConsole(
  graph: Graph,
  run: (watched: WatchedStage) => Promise<void>,
  options: { readonly start?: number } = {},
): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), "console-"));
  try {
    await withStage(
      graph,
      async (test) => {
        const shown = Console.mount(test.stage, { cache, say: (line) => test.said.push(line) });
        const ask = (path: string, asking?: Asking): Promise<Answer> => askOver(new URL(path, test.stage.url), asking);
        const door = new URL(new URL(textOf(graph.stackOutputs, "beaconUrl")).pathname, test.stage.url);
        try {
          await run({
            ...test,
            console: shown,
            token: shown.url.split("#token=")[1] ?? "",
            ask,
            read: async <T>(name: string) => JSON.parse((await ask(`/console/api/${name}`)).body) as T,
            send: (...beacons) => sendAll(door, beacons),
          });
        } finally {
          shown.close();
        }
      },
      options,
    );
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

async function sendAll(door: URL, beacons: readonly Beacon[]): Promise<void> {
  const client = new BeaconClient(door, 4);
  try {
    await Promise.all(beacons.map((beacon) => client.send(beacon)));
  } finally {
    client.close();
  }
}

/** With headers that `fetch` would not let through. */
function askOver(url: URL, { method = "GET", headers = {}, body }: Asking = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
