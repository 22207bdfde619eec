/**
 * Who holds a lock: a process, told apart from every other that had or will have its number.
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "./durable-error";

export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /**
   * When the process started: clock ticks since boot, and which boot that was. Empty where the system does not tell
   * (it has no /proc): then a process with the same number counts as the same process.
   */
  readonly started: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? "" };
}

/** Whether a process still runs, `"unknown"` when it belongs to another machine. */
export function isRunning({ pid, host, started }: ProcessIdentity): boolean | "unknown" {
  if (host !== hostname()) return "unknown";
  if (started === "" || startOf(process.pid) === undefined) return answersSignals(pid);
  return startOf(pid) === started;
}

/** The holder that a lock file names, `undefined` when it names none. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, host, started] = /^pid (\d+) on (\S*) started (.*)\n$/.exec(text) ?? [];
  if (pid === undefined || host === undefined || started === undefined) return undefined;
  return { pid: Number(pid), host, started };
}

export function printIdentity({ pid, host, started }: ProcessIdentity): string {
  return `pid ${pid} on ${host} started ${started}\n`;
}

/**
 * Boot and start time of a running process, `undefined` for one that is gone: /proc/PID/stat, field 22 (proc(5)). A
 * zombie (state Z, X) holds no files any more, whatever its parent does about it.
 */
function startOf(pid: number): string | undefined {
  const stat = readSystemFile(`/proc/${pid}/stat`);
  const boot = readSystemFile("/proc/sys/kernel/random/boot_id");
  if (stat === undefined || boot === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name in parentheses may hold anything
  const [state = "Z"] = fields;
  return state === "Z" || state === "X" ? undefined : `${fields[19]} in boot ${boot.trim()}`;
}

function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH", "ENOTDIR", "EACCES"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH"; // EPERM: it runs, as somebody else
  }
}
