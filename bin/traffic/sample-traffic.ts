/** Traffic for a stage that is only looked at: a few sites with a usual rate of clicks, and now and then a burst. */
import { BeaconClient } from "./beacon-client";
import { BURST, USUAL_RATE } from "./click-generator";

const SITES = ["shop.example", "news.example", "play.example"] as const;

/** Impressions per second and site: fifty in a window of ten seconds. */
const PACE = 5;

/** Seconds between two bursts, and how long one lasts: the sites take turns. */
const BURST_EVERY = 150;
const BURST_LASTS = 10;

const CONNECTIONS = 4;

export class SampleTraffic {
  readonly #client: BeaconClient;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #failed = false;

  constructor(
    endpoint: URL,
    private readonly say: (line: string) => void,
  ) {
    this.#client = new BeaconClient(endpoint, CONNECTIONS);
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), 1000 / PACE);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#client.close();
  }

  #tick(): void {
    const second = this.#ticks++ / PACE;
    const burst =
      second % BURST_EVERY > BURST_EVERY - BURST_LASTS
        ? SITES[Math.floor(second / BURST_EVERY) % SITES.length]
        : undefined;
    for (const site of SITES) {
      this.#send(site, "Impression");
      if (Math.random() < (site === burst ? BURST.rate : USUAL_RATE)) this.#send(site, "Click");
    }
  }

  #send(site: string, action: string): void {
    this.#client.send({ site, action }).catch((error: unknown) => {
      // A stage that is stopping refuses its own traffic: one line is enough.
      if (!this.#failed)
        this.say(`sample traffic was not taken: ${error instanceof Error ? error.message : String(error)}`);
      this.#failed = true;
    });
  }
}
