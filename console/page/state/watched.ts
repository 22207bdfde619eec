/** Windows, alerts and mails: asked for once, kept up to date by the feed. */
import type { Alert, FeedEvent, Letter, RealTime, Window } from "../../model/wire";
import { ask } from "./api";
import { Cell } from "./cell";
import type { Live } from "./live";

export type Watched =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "ready"; readonly data: RealTime };

const MOST_WINDOWS = 6_000;
const MOST = 200;
const PAUSE_MS = 3_000;

export class WatchedSites {
  readonly cell = new Cell<Watched>({ state: "loading" });
  /** What has just been raised, for whoever is on another page. */
  readonly latestAlert = new Cell<Alert | undefined>(undefined);
  #early: FeedEvent[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(live: Live) {
    live.onEvent((event) => this.#take(event));
    live.onReset(() => void this.load());
  }

  async load(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const data = await ask<RealTime>("real-time");
      const early = this.#early.splice(0);
      this.cell.value = { state: "ready", data: early.reduce(withEvent, data) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.cell.value.state !== "ready") this.cell.value = { state: "failed", reason };
      this.#retry = setTimeout(() => void this.load(), PAUSE_MS);
    }
  }

  #take(event: FeedEvent): void {
    if (event.type === "alert") this.latestAlert.value = event.data;
    const { value } = this.cell;
    if (value.state === "ready") this.cell.value = { state: "ready", data: withEvent(value.data, event) };
    else this.#early.push(event);
  }
}

function withEvent(data: RealTime, event: FeedEvent): RealTime {
  switch (event.type) {
    case "window":
      return { ...data, windows: withWindow(data.windows, event.data) };
    case "alert":
      return { ...data, alerts: withFirst(data.alerts, event.data, ({ anomaly }: Alert) => anomaly.id) };
    case "letter":
      return { ...data, letters: withFirst(data.letters, event.data, ({ id }: Letter) => id) };
    case "graph":
      return data;
  }
}

/** A window that comes again takes the place of itself. */
function withWindow(windows: readonly Window[], window: Window): readonly Window[] {
  const others = windows.filter(({ site, start }) => site !== window.site || start !== window.start);
  return [...others, window].slice(-MOST_WINDOWS);
}

function withFirst<T>(list: readonly T[], item: T, idOf: (item: T) => string): readonly T[] {
  return [item, ...list.filter((each) => idOf(each) !== idOf(item))].slice(0, MOST);
}
