/** `clickstream demo`: one run of the main job, counted from end to end. */
import { Command } from "commander";
import type { DemoOptions } from "../demo/demo";

export function demoCommand(): Command {
  return new Command("demo")
    .description("Runs the main job once in virtual time, reconciles every count, and stops")
    .option("--data <folder>", "folder to keep the run's data in (default: none is kept)")
    .option("--json", "one JSON document for machines")
    .action(async (options: DemoOptions) => (await import("../demo/demo")).demo(options));
}
