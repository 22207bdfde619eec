/**
 * Runs the commands of one phase in a shell: a process group of its own that ends when its time is over. Working folder
 * and variables go from phase to phase, as they do in one shell.
 */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface PhasePlan {
  readonly name: string;
  readonly commands: readonly string[];
  readonly shell: "sh" | "bash";
  /** Folder for what the shell carries on. */
  readonly state: string;
  /** Where the first phase begins. */
  readonly begin: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that take the place of what an earlier phase carried on. */
  readonly anew: Readonly<Record<string, string>>;
  /** Names of variables that are exported, and the folder for their values. */
  readonly exported: readonly string[];
  readonly exportedTo: string;
  readonly onOutput: (text: string) => void;
  readonly abort: AbortSignal;
}

export type PhaseEnd =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly command: string; readonly status: number }
  | { readonly kind: "aborted" };

export async function runPhase(plan: PhasePlan): Promise<PhaseEnd> {
  const { name, commands, shell, state, abort } = plan;
  if (abort.aborted) return { kind: "aborted" };
  const files = await Promise.all(
    commands.map(async (command, index) => {
      const file = join(state, `${name}-${index}`);
      await writeFile(file, `${command}\n`);
      return file;
    }),
  );
  const script = join(state, `${name}.sh`);
  await writeFile(script, scriptOf(plan, files));
  const status = await run(shell, script, plan);
  if (status === "aborted") return { kind: "aborted" };
  if (status === 0) return { kind: "done" };
  const failed = Math.floor(status / 1000);
  return { kind: "failed", command: commands[failed] ?? name, status: status % 1000 };
}

/** Each command is read into the shell, so that it may change folder and variables; the first that fails ends the phase. */
function scriptOf({ commands, state, begin, anew, exported, exportedTo }: PhasePlan, files: readonly string[]): string {
  const carried = quote(join(state, "environment"));
  const folder = quote(join(state, "folder"));
  const failedAt = quote(join(state, "failed"));
  const keep = exported.map((variable) => `printf '%s' "\${${variable}-}" > ${quote(join(exportedTo, variable))}`);
  return [
    `cd ${quote(begin)}`,
    `[ -f ${carried} ] && . ${carried}`,
    `[ -f ${folder} ] && cd "$(cat ${folder})"`,
    ...Object.entries(anew).map(([variable, value]) => `export ${variable}=${quote(value)}`),
    `trap 'export -p > ${carried.replaceAll("'", `'\\''`)}; pwd > ${folder.replaceAll("'", `'\\''`)}' EXIT`,
    ...files.flatMap((file, index) => [
      `printf '%s\\n' ${quote(`[Container] Running command ${commands[index] ?? ""}`)}`,
      `printf ${index} > ${failedAt}`,
      `. ${quote(file)}`,
      `status=$?; [ "$status" -eq 0 ] || exit "$status"`,
    ]),
    ...keep,
    "exit 0",
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The index of the command that failed times a thousand, and its status; 0 when none did. */
async function run(shell: string, script: string, plan: PhasePlan): Promise<number | "aborted"> {
  // A build that was stopped between two phases begins no other.
  if (plan.abort.aborted) return "aborted";
  const child = spawn(shell, [script], {
    cwd: plan.begin,
    env: { ...plan.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself meanwhile.
    }
  };
  plan.abort.addEventListener("abort", end, { once: true });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => plan.onOutput(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      plan.abort.removeEventListener("abort", end);
      // What a command left running in the background ends with its phase.
      end();
      if (plan.abort.aborted) resolve("aborted");
      else if (code === 0) resolve(0);
      else void readFailed(plan.state).then((index) => resolve(index * 1000 + (code ?? 137)), reject);
    });
  });
}

async function readFailed(state: string): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  return Number(await readFile(join(state, "failed"), "utf8")) || 0;
}
