/** Processor time of everything that this process has started and seen the end of. */
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second wherever Node runs. Source: proc(5), USER_HZ. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time of ended children and theirs; nothing where the system does not tell. */
export function childSeconds(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The command's name, in brackets, may hold spaces: fields are counted behind it, cutime and cstime are 16 and 17.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}
