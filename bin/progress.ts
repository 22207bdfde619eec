/** Progress of a long command, on stderr: a line that moves on a terminal, nothing in a log. */

export interface Progress {
  readonly at: (done: number) => void;
  /** Says something without tearing the line. */
  readonly say: (line: string) => void;
  readonly end: () => void;
}

const STEPS = 50;

export function showProgress(what: string, total: number): Progress {
  const { stderr } = process;
  let shown = -1;
  const clear = (): void => void (stderr.isTTY && shown >= 0 && stderr.write("\r\x1b[K"));
  return {
    at(done) {
      const step = Math.floor((done * STEPS) / total);
      if (!stderr.isTTY || step === shown) return;
      shown = step;
      stderr.write(`\r${"#".repeat(step).padEnd(STEPS, ".")} ${done}/${total} ${what}`);
    },
    say(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    end() {
      clear();
      shown = -1;
    },
  };
}
