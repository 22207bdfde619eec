/** `clickstream send`: beacons to a front door, as browsers send them. */
import { Command } from "commander";
import { RefusedError } from "../exit";
import type { SendOptions } from "../traffic/send";
import { wholeNumber } from "./arguments";

export function sendCommand(): Command {
  return new Command("send")
    .description("Sends beacons, one in eleven of them a click, and counts what was accepted")
    .requiredOption("--endpoint <url>", "where beacons go: the beacon URL that start prints")
    .requiredOption("--events <count>", "how many", wholeNumber)
    .option("--per-request <count>", "events of one request: a beacon carries one", wholeNumber, 1)
    .option("--site <name>", "site they come from (the Host header)")
    .option("--connections <count>", "connections at the same time", wholeNumber, 32)
    .option("--json", "one JSON document for machines")
    .action(async ({ json, ...options }: SendOptions & { json?: boolean }) => {
      const { send } = await import("../traffic/send");
      const { sent, accepted, seconds, refusals } = await send(options);
      console.log(
        json === true
          ? JSON.stringify({ sent, accepted, seconds })
          : `${sent} sent, ${accepted} accepted in ${seconds.toFixed(2)} s`,
      );
      if (accepted < sent)
        throw new RefusedError(`${sent - accepted} beacons were not accepted: ${refusals.join("; ")}`);
    });
}
