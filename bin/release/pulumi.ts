/** The Pulumi CLI, whichever is on the path. */
import { spawn } from "node:child_process";

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Pulumi = (args: readonly string[]) => Promise<Ended>;

/** Runs the CLI to its end; what it says on stderr is passed on as it comes. */
export const pulumi: Pulumi = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args], { stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      stderr.push(chunk);
      process.stderr.write(chunk);
    });
    child.on("error", reject);
    child.on("close", (status) =>
      resolve({
        status: status ?? 1,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
