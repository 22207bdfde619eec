/** `clickstream start`: the local stage, until it is told to stop. */
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { STATE_FOLDER } from "../folders";
import type { StartOptions } from "../start/start";

const PORT = 4566;

export function startCommand(): Command {
  return new Command("start")
    .description("Runs the platform on this machine, with sample traffic, until Ctrl-C")
    .option("--port <number>", "port on 127.0.0.1; 0 for any free one", portNumber, PORT)
    .option("--data <folder>", "folder that keeps everything between two starts", join(STATE_FOLDER, "local"))
    .option("--no-traffic", "send no sample traffic")
    .option("--watch", "take changes of the program over while it runs, and keep the data")
    .option("--faults <file>", "what is to go wrong, as docs/local-stage.md describes it")
    .option("--json", "one JSON line when ready, for machines")
    .action(async (options: StartOptions) => (await import("../start/start")).start(options));
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("must be 0..65535");
  return Number(text);
}
