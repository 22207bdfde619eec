/**
 * The `clickstream` command: what it can do, and how it ends. A command's file only declares it; what it runs is loaded
 * when it is called.
 */
import { Command, CommanderError } from "commander";
import { StageError } from "../local/diagnostics";
import { DurableError } from "../local/durable/durable-error";
import { StageConfigurationError } from "../stacks/configuration-error";
import { demoCommand } from "./commands/demo";
import { graphCommand } from "./commands/graph";
import { guardCommand } from "./commands/guard";
import { permissionsCommand } from "./commands/permissions";
import { policyCommand } from "./commands/policy";
import { scoreCommand } from "./commands/score";
import { sendCommand } from "./commands/send";
import { startCommand } from "./commands/start";
import { EXIT, InputError, RefusedError } from "./exit";

const HELP = `
Exit status: 0 done, 1 our fault, 2 something given is wrong, 3 refused or something found.`;

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("clickstream")
    .description("A team's own clickstream platform: the same Pulumi program on AWS and on this machine")
    .addHelpText("after", HELP)
    .showHelpAfterError("(see --help)")
    .exitOverride();
  for (const command of [
    startCommand,
    demoCommand,
    graphCommand,
    guardCommand,
    permissionsCommand,
    policyCommand,
    sendCommand,
    scoreCommand,
  ]) {
    program.addCommand(command().exitOverride().showHelpAfterError("(see --help)"));
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Says what went wrong on stderr; only a fault of ours shows its stack. */
function report(error: unknown): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.input;
  if (error instanceof RefusedError) {
    console.error(error.message);
    return EXIT.refused;
  }
  const fromUser = [InputError, StageConfigurationError, StageError, DurableError].some(
    (kind) => error instanceof kind,
  );
  if (fromUser) {
    console.error((error as Error).message);
    return EXIT.input;
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.fault;
}
