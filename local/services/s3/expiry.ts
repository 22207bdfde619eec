/** Carries out the lifecycles of buckets: at the start, for what fell due meanwhile, and at every midnight UTC. */
import type { Clock } from "../../clock";
import type { OpenBucket } from "./buckets";
import { dueActions, nextMidnight, type LifecycleAction } from "./lifecycle";
import type { Bucket } from "./store/bucket";

export class Expiry {
  #stop = (): void => undefined;
  #running: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(
    private readonly buckets: readonly OpenBucket[],
    private readonly clock: Clock,
  ) {}

  begin(): Promise<void> {
    const { clock } = this;
    const timer = clock.after(nextMidnight(clock.now() + 1) - clock.now(), () => this.begin());
    this.#stop = () => timer.cancel();
    this.#running = this.#expire(clock.now());
    return this.#running;
  }

  /** Resolves when nothing is under way any more. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#stop();
    // Who began it has heard of its failure.
    await this.#running.catch(() => undefined);
  }

  async #expire(now: number): Promise<void> {
    for (const { settings, store } of this.buckets) {
      for (const action of [...dueActions(settings.lifecycle, store.index, now)]) {
        if (this.#ended) return;
        await carryOut(action, store, now);
      }
    }
  }
}

/** Does what is due, unless the version has been replaced or removed since that was found. */
async function carryOut(action: LifecycleAction, store: Bucket, now: number): Promise<void> {
  if (action.kind === "abort") {
    if (store.index.upload(action.upload) !== undefined) await store.change(action);
    return;
  }
  const { kind, key, version } = action;
  const versions = store.index.versionsOf(key);
  if (kind === "expire" && versions[0] === version) await store.hide(key, Math.floor(now / 1000) * 1000);
  if (kind === "remove" && versions.includes(version)) await store.change({ kind, key, id: version.id });
}
