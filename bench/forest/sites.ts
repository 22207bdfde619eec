/**
 * Ten thousand sites in one process: every forest held as its snapshot, the last used few hundred live as well. Run as a
 * process of its own, so that its peak memory is that of the sites; prints one line of JSON.
 */
import { RandomCutForest } from "../../functions/detect/forest";
import { uniformStream } from "./workload";

export interface SiteFigures {
  readonly sites: number;
  readonly live: number;
  readonly snapshotMegabytes: number;
  /** Highest resident memory of the process, Node.js and compiler included. */
  readonly peakMegabytes: number;
  readonly windowsPerSecond: number;
}

const SITES = 10_000;
const LIVE = 250;
const WINDOWS = 20_000;
const MEGABYTE = 1024 * 1024;

/** Forests by site; those not used lately rest as bytes. */
class Shelf {
  readonly #resting = new Map<number, Uint8Array>();
  /** In the order of their last use. */
  readonly #live = new Map<number, RandomCutForest>();

  rest(site: number, snapshot: Uint8Array): void {
    this.#resting.set(site, snapshot);
  }

  take(site: number): RandomCutForest {
    const forest = this.#live.get(site) ?? RandomCutForest.restore(this.#resting.get(site)!);
    this.#live.delete(site);
    this.#live.set(site, forest);
    if (this.#live.size > LIVE) {
      const [oldest, evicted] = this.#live.entries().next().value!;
      this.#live.delete(oldest);
      this.#resting.set(oldest, evicted.snapshot());
    }
    return forest;
  }

  get restingBytes(): number {
    return [...this.#resting.values()].reduce((sum, { length }) => sum + length, 0);
  }
}

function measureSites(): SiteFigures {
  const shelf = new Shelf();
  const uniform = uniformStream(3);
  const grown = Array.from({ length: 20 }, (_, seed) => {
    const forest = new RandomCutForest({ samples: 12, seed });
    for (let row = 0; row < 5000; row++) forest.update(uniform());
    return forest.snapshot();
  });
  for (let site = 0; site < SITES; site++) shelf.rest(site, grown[site % grown.length]!.slice());
  const start = process.threadCpuUsage();
  for (let window = 0; window < WINDOWS; window++) shelf.take(Math.floor(uniform() * SITES)).scoreAndUpdate(uniform());
  const { user, system } = process.threadCpuUsage(start);
  return {
    sites: SITES,
    live: LIVE,
    snapshotMegabytes: shelf.restingBytes / MEGABYTE,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    windowsPerSecond: (WINDOWS / (user + system)) * 1e6,
  };
}

process.stdout.write(`${JSON.stringify(measureSites())}\n`);
