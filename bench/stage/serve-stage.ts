/** The local stage as `npm start` runs it, synced to disk, without the limit on beacons that the stage is declared with. */
import { altered } from "../../local/graph/altered";
import { textOf } from "../../local/graph/graph";
import { SystemClock } from "../../local/clock";
import { LocalStage } from "../../local/stage";
import { loadStage, localUrl } from "../../bin/project";
import { serve } from "./server";

export interface StageReady {
  readonly beacon: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly stream: string;
}

/** Where the limit stands that API Gateway puts on the beacons of an account. */
const METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

async function main(folder: string): Promise<void> {
  const loaded = await loadStage("local");
  const { facts } = loaded;
  const graph = altered(loaded.graph, (each) => (each.type === METHOD_SETTINGS ? undefined : each));
  const say = (line: string): void => console.error(line);
  const stage = await LocalStage.open(graph, { facts, clock: new SystemClock(console.error), folder, port: 0, say });
  const { accessKeyId, secretAccessKey } = stage.operator;
  const ready: StageReady = {
    beacon: localUrl(stage.url, textOf(graph.stackOutputs, "beaconUrl")).href,
    endpoint: stage.url,
    region: facts.region,
    accessKeyId,
    secretAccessKey,
    stream: textOf(graph.stackOutputs, "inputStreamName"),
  };
  serve(ready, () => stage.close());
}

void main(process.argv[2] ?? "");
