/** A command that is run to its end, or ended together with everything it started. */
import { spawn, type ChildProcess } from "node:child_process";

export type Ended =
  | { readonly how: "done"; readonly stdout: string; readonly stderr: string }
  | { readonly how: "failed"; readonly status: string; readonly stdout: string; readonly stderr: string }
  | { readonly how: "late"; readonly stdout: string; readonly stderr: string }
  | { readonly how: "absent" };

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly milliseconds: number;
  /** Shows what the command prints as it prints it. @default false */
  readonly show?: boolean;
}

const running = new Set<ChildProcess>();

/** Runs a command in a process group of its own, so that nothing of it outlives its time. */
export function runToEnd(
  command: string,
  given: readonly string[],
  { cwd, env, milliseconds, show = false }: RunOptions,
): Promise<Ended> {
  const child = spawn(command, given, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => keep(chunk, stdout, show ? process.stdout : undefined));
  child.stderr.on("data", (chunk: Buffer) => keep(chunk, stderr, show ? process.stderr : undefined));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child);
  }, milliseconds);
  return new Promise((resolve, reject) => {
    const settle = (ended: Ended): void => {
      clearTimeout(timer);
      running.delete(child);
      resolve(ended);
    };
    child.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? settle({ how: "absent" }) : reject(error),
    );
    child.on("close", (code, signal) => {
      const output = { stdout: stdout.join(""), stderr: stderr.join("") };
      if (late) settle({ how: "late", ...output });
      else if (code === 0) settle({ how: "done", ...output });
      else settle({ how: "failed", status: signal ?? `status ${code}`, ...output });
    });
  });
}

/** Ends whatever is still running: for the moment in which this process is told to end. */
export function endAll(): void {
  running.forEach(endGroup);
}

function keep(chunk: Buffer, kept: string[], shown: NodeJS.WritableStream | undefined): void {
  kept.push(chunk.toString());
  shown?.write(chunk);
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
