/**
 * The demo a hundred times: one click-through rate per window of 50 or of 100 views; a forest of 100 x 12, trusted as the
 * detect function trusts it; cutoff 2, and two of three windows above it.
 */
import { decide, FRESH_RULE_STATE, RandomCutForest, type Rules } from "../../functions/detect/forest";
import { SETTLED } from "../../functions/detect/rate-forest";
import { BURST, demoRates, VIEWS } from "./demo-series";

export interface DemoFigures {
  readonly viewsPerWindow: number;
  readonly demos: number;
  /** Demos in which the window that holds the burst was above the cutoff. */
  readonly found: number;
  /** Quiet windows of a settled forest, how many were above the cutoff, and how many met two of three. */
  readonly quietWindows: number;
  readonly falseCutoff: number;
  readonly falseRepeated: number;
}

const DEMOS = 100;
const RULES: Rules = { cutoff: 2, repeated: { needed: 2, of: 3 } };
const SAMPLES = 12;

/** The demo as it is. */
export const runDemos = (viewsPerWindow: number): DemoFigures => run(viewsPerWindow, VIEWS, DEMOS);

/** Long streams without a burst: the false rates to two digits. */
export const runQuiet = (viewsPerWindow: number): DemoFigures => run(viewsPerWindow, 1000 * viewsPerWindow, 100, false);

function run(viewsPerWindow: number, views: number, demos: number, bursts = true): DemoFigures {
  let [found, quietWindows, falseCutoff, falseRepeated] = [0, 0, 0, 0];
  for (let seed = 1; seed <= demos; seed++) {
    const forest = new RandomCutForest({ samples: SAMPLES, seed });
    let state = FRESH_RULE_STATE;
    const burst = bursts ? Math.floor(BURST[0] / viewsPerWindow) : -1;
    for (const [window, rate] of demoRates({ seed, views, viewsPerWindow, bursts }).entries()) {
      const score = forest.scoreAndUpdate(rate);
      const step = decide(RULES, state, score);
      state = step.state;
      const [cutoff, repeated] = step.decisions.map(({ fired }) => fired) as [boolean, boolean];
      if (window === burst) found += +cutoff;
      else if (window >= SETTLED * SAMPLES) {
        quietWindows++;
        falseCutoff += +cutoff;
        // The burst itself counts towards the two windows after it: their alert would not be false.
        falseRepeated += +(repeated && (window < burst || window > burst + 2));
      }
    }
  }
  return { viewsPerWindow, demos, found, quietWindows, falseCutoff, falseRepeated };
}
