/** Sends beacons to a front door and counts what it accepted. */
import { InputError } from "../exit";
import { BeaconClient } from "./beacon-client";
import { randomFrom } from "./random";

export interface SendOptions {
  readonly endpoint: string;
  readonly events: number;
  /** @default - the front door's own name */
  readonly site?: string;
  readonly connections: number;
  /** Events of one request: a beacon carries one. @default 1 */
  readonly perRequest?: number;
}

export interface SendResult {
  readonly sent: number;
  readonly accepted: number;
  readonly seconds: number;
  /** The first few reasons for which beacons were refused. */
  readonly refusals: readonly string[];
}

export async function send({ endpoint, events, site, connections, perRequest = 1 }: SendOptions): Promise<SendResult> {
  if (perRequest !== 1)
    throw new InputError(`--per-request must be 1 for beacons, which carry one event each, got ${perRequest}`);
  const client = new BeaconClient(readUrl(endpoint), connections);
  const random = randomFrom(1);
  const refusals = new Set<string>();
  let [sent, accepted] = [0, 0];
  const begun = performance.now();
  const sender = async (): Promise<void> => {
    while (sent < events) {
      sent++;
      const reply = await client.send({ action: random() < 1 / 11 ? "Click" : "Impression", site });
      if (reply.status === 200) accepted++;
      else refusals.add(`${reply.status} ${reply.body.slice(0, 200)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(connections, events) }, sender));
  } catch (error) {
    throw new InputError(
      `--endpoint ${endpoint} cannot be reached: ${error instanceof Error ? error.message : String(error)}; is the stage running?`,
    );
  } finally {
    client.close();
  }
  return { sent, accepted, seconds: (performance.now() - begun) / 1000, refusals: [...refusals].slice(0, 3) };
}

function readUrl(text: string): URL {
  if (!URL.canParse(text) || !text.startsWith("http://")) {
    throw new InputError(`--endpoint must be an http:// URL such as the beacon URL that start prints, got ${text}`);
  }
  return new URL(text);
}
