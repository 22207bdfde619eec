/** A server of somebody else's as a child process on a free port of this machine. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";

export interface RunningServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const LONGEST_START = 60_000;

/** @param launch how to start it on a port @throws Error with its output when it does not answer in a minute */
export async function startServer(
  launch: (port: number) => { command: string; given: readonly string[]; env?: Readonly<Record<string, string>> },
): Promise<RunningServer> {
  const port = await freePort();
  const { command, given, env } = launch(port);
  const child = spawn(command, given, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + LONGEST_START;
  while (Date.now() < deadline && child.exitCode === null) {
    if (await answers(url)) return { url, close };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await close();
  throw new Error(`${command} did not answer on ${url}:\n${output.join("").slice(-2000)}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
