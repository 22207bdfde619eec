/**
 * Runs a program that prints numbers until it is killed, at a random moment after its first line.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Every number that the program had printed as a whole line when it died. */
export async function numbersUntilKilled(program: string, ...args: string[]): Promise<number[]> {
  const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", join(__dirname, program), ...args]);
  let printed = "";
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  child.stdout.once("data", () => setTimeout(() => child.kill("SIGKILL"), Math.random() * 300));
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await once(child, "close");
  if (child.signalCode !== "SIGKILL") throw new Error(`${program} ended by itself: ${complaints}`);
  return printed.slice(0, printed.lastIndexOf("\n")).split("\n").map(Number);
}
