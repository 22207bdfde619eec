/** Lambda takes a line that is JSON as it is; `console` would wrap it into another. */
import type { PrintLine } from "./metrics";

export const printLine: PrintLine = (line) => void process.stdout.write(`${line}\n`);
