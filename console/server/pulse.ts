/** The pulse of the live feed: counts and alarms, once in a while, for as long as somebody looks. Counting never stops. */
import type { Graph } from "../../local/graph/graph";
import type { Journey } from "../model/journey";
import type { Alarm } from "../model/wire";
import { readAlarms } from "./alarms";
import { ArrowCounter } from "./arrow-counter";
import type { Feed } from "./feed";
import { onMail } from "./mail";
import { operatorOf, type ConsoleStage } from "./operator";

const BEAT_MS = 1_000;
/** Alarms change by the minute. */
const ALARM_MS = 5_000;

export class Pulse {
  #since: number;
  readonly #stops: readonly (() => void)[];
  #counter: { readonly graph: Graph; readonly counter: ArrowCounter } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #alarms: readonly Alarm[] = [];
  #alarmsAt = -Infinity;

  constructor(
    private readonly stage: ConsoleStage,
    private readonly feed: Feed,
    private readonly journey: () => Journey,
    private readonly say: (line: string) => void,
  ) {
    this.#since = stage.clock.now();
    this.#stops = [
      stage.onCall((call) => this.#counting.countCall(call)),
      stage.onMeasure((metric) => this.#counting.countMeasurement(metric)),
      onMail(stage, ({ topic }) => this.#counting.countLetter(topic)),
    ];
  }

  /** Beats at once, and on while anybody listens. */
  quicken(): void {
    void this.#beat();
    this.#timer ??= setInterval(() => void this.#beat(), BEAT_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stops.forEach((stop) => stop());
  }

  /** A program that has changed is counted anew. */
  get #counting(): ArrowCounter {
    const { graph } = this.stage;
    if (this.#counter?.graph !== graph) {
      this.#since = this.stage.clock.now();
      this.#counter = { graph, counter: new ArrowCounter(graph, this.journey()) };
    }
    return this.#counter.counter;
  }

  async #beat(): Promise<void> {
    if (this.feed.readers === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const { clock, graph } = this.stage;
    if (performance.now() - this.#alarmsAt >= ALARM_MS) {
      this.#alarmsAt = performance.now();
      this.#alarms = await readAlarms(graph, operatorOf(this.stage)).catch((error: unknown) => {
        this.say(`the console cannot read the alarms, and shows them as they were: ${String(error)}`);
        return this.#alarms;
      });
    }
    this.feed.show({ at: clock.now(), since: this.#since, counts: this.#counting.counts, alarms: this.#alarms });
  }
}
