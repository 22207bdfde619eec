/** What the stage says to the person in front of it: the same line is not said again before an hour has passed. */
import type { Clock } from "./clock";

const AGAIN_AFTER_MS = 3_600_000;

/** Lines remembered: what hostile traffic may cost. */
const MOST_LINES = 1_000;

export class Announcer {
  readonly #saidAt = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, "now">,
    private readonly say: (line: string) => void,
  ) {}

  readonly announce = (line: string): void => {
    const now = this.clock.now();
    const before = this.#saidAt.get(line);
    if (before !== undefined && now - before < AGAIN_AFTER_MS) return;
    if (this.#saidAt.size >= MOST_LINES) this.#saidAt.clear();
    this.#saidAt.set(line, now);
    this.say(line);
  };
}
