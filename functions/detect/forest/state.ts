/**
 * Everything that decides a forest's next scores, and so everything that a snapshot carries.
 */
import { Arena } from "./arena";
import { History } from "./history";
import type { ForestParameters } from "./parameters";
import { Reservoir } from "./reservoir";

export class ForestState {
  readonly arena: Arena;
  readonly reservoir: Reservoir;
  readonly history: History;
  /** Points offered to the trees so far; numbers the next one. */
  learned = 0;

  constructor(readonly parameters: ForestParameters) {
    const { trees, samples, dimensions, shingle } = parameters;
    this.arena = new Arena(trees, samples, dimensions * shingle);
    this.reservoir = new Reservoir(parameters);
    this.history = new History(dimensions, shingle);
  }
}
