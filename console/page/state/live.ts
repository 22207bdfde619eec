/** The live feed, as the browser keeps it open: what arrived last, what happens once, and whether the line stands. */
import type { Alert, FeedEvent, Letter, Snapshot, Window } from "../../model/wire";
import { apiUrl } from "./api";
import { Cell } from "./cell";

export type Line = "connecting" | "open" | "reconnecting";

/** The server lets hear of itself every ten seconds at least. */
const LONGEST_SILENCE_MS = 25_000;
const PAUSE_MS = 2_000;

/** Counts the graphs that have taken over while the page was open. */
export const graphs = new Cell(0);

export class Live {
  readonly line = new Cell<Line>("connecting");
  readonly snapshot = new Cell<Snapshot | undefined>(undefined);
  readonly #events = new Set<(event: FeedEvent) => void>();
  readonly #resets = new Set<() => void>();
  #source: EventSource | undefined;
  #lastId = "";
  #heard = 0;

  open(): void {
    this.#connect();
    setInterval(() => {
      if (Date.now() - this.#heard > LONGEST_SILENCE_MS) this.#reconnect();
    }, 5_000);
  }

  onEvent(listener: (event: FeedEvent) => void): void {
    this.#events.add(listener);
  }

  /** What was missed cannot be made up for: everything is to be asked for anew. */
  onReset(listener: () => void): void {
    this.#resets.add(listener);
  }

  #connect(): void {
    this.#heard = Date.now();
    const source = new EventSource(apiUrl("live", this.#lastId === "" ? {} : { after: this.#lastId }));
    this.#source = source;
    const on = <T>(type: string, take: (data: T) => void): void =>
      source.addEventListener(type, (event: MessageEvent<string>) => {
        this.#heard = Date.now();
        if (event.lastEventId !== "") this.#lastId = event.lastEventId;
        take(JSON.parse(event.data) as T);
      });
    on<Snapshot>("snapshot", (data) => (this.snapshot.value = data));
    on<Window>("window", (data) => this.#tell({ type: "window", data }));
    on<Alert>("alert", (data) => this.#tell({ type: "alert", data }));
    on<Letter>("letter", (data) => this.#tell({ type: "letter", data }));
    on("graph", () => graphs.value++);
    on("reset", () => this.#resets.forEach((listener) => listener()));
    on("beat", () => undefined);
    source.addEventListener("open", () => {
      this.#heard = Date.now();
      this.line.value = "open";
    });
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      this.line.value = "reconnecting";
      // The browser tries again by itself unless the server refused it.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#reconnect(), PAUSE_MS);
    });
  }

  #reconnect(): void {
    this.#source?.close();
    this.line.value = "reconnecting";
    this.#connect();
  }

  #tell(event: FeedEvent): void {
    this.#events.forEach((listener) => listener(event));
  }
}
