/** A server under load, in a process of its own: started, asked what it has used, ended. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

/** What a process has used since it began. */
export interface Usage {
  readonly cpuSeconds: number;
}

/** `PROFILE=FOLDER npm run bench -- stage` leaves a CPU profile of each server there. */
const { PROFILE } = process.env;
const PROFILING = PROFILE === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${PROFILE}`];

/** As `npm start` does: as many threads for collecting garbage as there are processors to spare, where Node takes four. */
const THREADS = ["--v8-pool-size=0"];

export class Server<Ready> {
  /** Starts a program of this folder that calls {@link serve}. */
  static async start<Ready>(program: string, ...args: string[]): Promise<Server<Ready>> {
    const child = fork(resolve(__dirname, program), args, {
      execArgv: [...THREADS, ...PROFILING, "-r", "ts-node/register/transpile-only"],
    });
    const [ready] = (await Promise.race([once(child, "message"), endOf(child, program)])) as [Ready];
    return new Server(child, ready);
  }

  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  async usage(): Promise<Usage> {
    this.child.send("usage");
    const [usage] = (await once(this.child, "message")) as [Usage];
    return usage;
  }

  async end(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.send("end");
    await ended;
  }
}

async function endOf(child: ChildProcess, program: string): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  throw new Error(`${program} ended with ${code} before it was ready`);
}

/** The other side: says that it is ready, and answers until it is told to end. */
export function serve(ready: object, end: () => Promise<void>): void {
  process.on("message", (ask) => {
    if (ask === "usage") {
      const { user, system } = process.cpuUsage();
      process.send?.({ cpuSeconds: (user + system) / 1e6 } satisfies Usage);
    } else void end().then(() => process.exit(0));
  });
  process.send?.(ready);
}
