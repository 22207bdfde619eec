/** One pack server for all tests of a process: started when first asked, ended with the run. */
import { join } from "node:path";
import type { Graph } from "../../local/graph/graph";
import { PackServer, type Diagnostic } from "../../local/policy/pack-server";

let server: Promise<PackServer> | undefined;

after(async () => {
  // A worker of mocha's runs other files after this one; the server ends with it.
  if (process.env["MOCHA_WORKER_ID"] !== undefined) return;
  (await server)?.close();
  server = undefined;
});

export function realPack(): Promise<PackServer> {
  return (server ??= PackServer.start(join(__dirname, "../../policies")));
}

/** What the pack says about a graph, with every rule mandatory. */
export async function sayAbout(graph: Graph): Promise<readonly Diagnostic[]> {
  const pack = await realPack();
  await pack.configure({});
  return (await pack.judge(graph)).diagnostics;
}
