/** `clickstream send`: beacons to a front door, as browsers send them. */
import { Command, InvalidArgumentError } from "commander";
import { InputError } from "../exit";
import { BeaconClient } from "../traffic/beacon-client";
import { randomFrom } from "../traffic/random";

interface SendOptions {
  readonly endpoint: string;
  readonly events: number;
  readonly site?: string;
  readonly connections: number;
  readonly json?: boolean;
}

export function sendCommand(): Command {
  return new Command("send")
    .description("Sends beacons, one in eleven of them a click, and counts what was accepted")
    .requiredOption("--endpoint <url>", "where beacons go: the beacon URL that start prints")
    .requiredOption("--events <count>", "how many", wholeNumber)
    .option("--site <name>", "site they come from (the Host header)")
    .option("--connections <count>", "connections at the same time", wholeNumber, 32)
    .option("--json", "one JSON document for machines")
    .action(async (options: SendOptions) => {
      const result = await send(options);
      console.log(
        options.json === true
          ? JSON.stringify(result)
          : `${result.sent} sent, ${result.accepted} accepted in ${result.seconds.toFixed(2)} s`,
      );
      if (result.accepted < result.sent)
        throw new InputError(
          `${result.sent - result.accepted} beacons were not accepted: ${result.refusals.join("; ")}`,
        );
    });
}

async function send({
  endpoint,
  events,
  site,
  connections,
}: SendOptions): Promise<{ sent: number; accepted: number; seconds: number; refusals: string[] }> {
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

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError("must be a whole number from 1 up");
  return Number(text);
}
