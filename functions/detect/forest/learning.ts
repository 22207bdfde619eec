/**
 * What one point does to the trees: each decides by its own lot whether to keep it, a full one giving up another first.
 */
import type { Arena } from "./arena";
import { CutDraws, sequenceKey } from "./draws";
import { Insertion } from "./insertion";
import { Removal } from "./removal";
import type { Reservoir } from "./reservoir";
import type { ForestState } from "./state";

export class Learning {
  readonly #arena: Arena;
  readonly #reservoir: Reservoir;
  readonly #draws = new CutDraws();
  readonly #insertion: Insertion;
  readonly #removal: Removal;

  constructor(readonly state: ForestState) {
    this.#arena = state.arena;
    this.#reservoir = state.reservoir;
    this.#insertion = new Insertion(state.arena, this.#draws);
    this.#removal = new Removal(state.arena);
  }

  learn(point: Float64Array): void {
    const reservoir = this.#reservoir;
    const sequence = this.state.learned++;
    const key = sequenceKey(sequence);
    reservoir.advanceTo(sequence);
    for (let tree = 0; tree < this.#arena.trees; tree++) {
      if (!reservoir.admits(tree, sequence, key)) continue;
      if (reservoir.isFull(tree)) this.#removal.remove(tree, reservoir.nextOut(tree));
      this.#draws.start(reservoir.keys[tree]!, key);
      reservoir.keep(tree, sequence, key, this.#insertion.insert(tree, point));
    }
  }

  /** Takes the latest copy of a point out of each tree that holds it; returns how many did. */
  unlearn(point: Float64Array): number {
    let holders = 0;
    for (let tree = 0; tree < this.#arena.trees; tree++) {
      const leaf = this.#arena.find(tree, point);
      if (leaf === null) continue;
      this.#reservoir.drop(tree, this.#reservoir.latestAt(tree, leaf));
      this.#removal.remove(tree, leaf);
      holders++;
    }
    return holders;
  }
}
