/** The local stage as one endpoint among others: the world, declared, running in real time. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "../../local/clock";
import { LocalStage } from "../../local/stage";
import { FACTS, render } from "../../test/stage";
import { declareWorld, type Endpoint } from "./world";

export interface LocalEndpoint extends Endpoint {
  readonly close: () => Promise<void>;
}

export async function openLocalWorld(): Promise<LocalEndpoint> {
  const graph = await render(declareWorld);
  const folder = await mkdtemp(join(tmpdir(), "endpoint-"));
  const stage = await LocalStage.open(graph, {
    ...{ facts: FACTS, folder, port: 0, sync: false, say: () => undefined },
    clock: new SystemClock((error) => {
      throw error;
    }),
  });
  const { accessKeyId, secretAccessKey } = stage.operator;
  return {
    url: stage.url,
    account: FACTS.account,
    credentials: { accessKeyId, secretAccessKey },
    close: async () => {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
