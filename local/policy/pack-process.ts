/** The process of a policy pack: started as the pack's package names it, ready when it has said its port. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StageError } from "../diagnostics";

/** Seconds a pack may take to start. */
const LONGEST_START = 60;

export interface PackProcess {
  readonly port: number;
  end(): void;
}

/** @throws StageError when the pack does not start, with what it said */
export async function startPack(folder: string): Promise<PackProcess> {
  const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { main: string };
  const child = spawn(process.execPath, [main], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  // Whoever forgets to end the pack takes it along.
  const end = (): void => void child.kill();
  process.once("exit", end);
  child.once("close", () => process.removeListener("exit", end));
  return { port: await readPort(child, folder), end };
}

/** The first line on stdout is the port. */
function readPort(child: ChildProcess, folder: string): Promise<number> {
  let [stdout, stderr] = ["", ""];
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      child.kill("SIGKILL");
      reject(new StageError(`the policy pack in ${folder} ${reason}${stderr === "" ? "" : `: ${stderr.trim()}`}`));
    };
    const deadline = setTimeout(() => fail(`did not start within ${LONGEST_START} seconds`), LONGEST_START * 1000);
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const [, port] = /^(\d+)\n/.exec(stdout) ?? [];
      if (port === undefined) return;
      clearTimeout(deadline);
      resolve(Number(port));
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(deadline);
      fail(`ended with ${signal ?? `status ${code}`}`);
    });
  });
}
