/**
 * A Random Cut Forest: how surprising is a row, given the rows before it? Takes the place of the SQL function
 * RANDOM_CUT_FOREST of Kinesis Data Analytics, and agrees with its recorded answers. Pure and deterministic: the same
 * seed and rows give the same scores on any machine. Memory is allocated once; a stream of any length adds nothing.
 */
import { attribute, compareParts, type Attribution, type ColumnAttribution } from "./attribution";
import { warmUp } from "./formula";
import { Intake, type Row } from "./intake";
import { Learning } from "./learning";
import { planParameters, type ForestParameters } from "./parameters";
import { Scoring } from "./score";
import { readSnapshot, requireParameters, writeSnapshot } from "./snapshot";
import { ForestState } from "./state";

export class RandomCutForest {
  readonly #state: ForestState;
  readonly #intake: Intake;
  readonly #scoring: Scoring;
  readonly #learning: Learning;

  /**
   * An empty forest.
   * @param from its parameters (a ForestState when restored)
   * @throws ForestError naming every parameter refused
   */
  constructor(from: Partial<ForestParameters> | ForestState = {}) {
    this.#state = from instanceof ForestState ? from : new ForestState(planParameters(from));
    this.#intake = new Intake(this.#state);
    this.#scoring = new Scoring(this.#state.arena, this.#state.parameters.mode);
    this.#learning = new Learning(this.#state);
  }

  /**
   * The forest that wrote a snapshot: its next scores are the same, bit for bit.
   * @param expected parameters that the snapshot must have
   * @throws ForestError when the bytes are damaged, of a newer format, or of other parameters
   */
  static restore(snapshot: Uint8Array, expected: Partial<ForestParameters> = {}): RandomCutForest {
    const state = readSnapshot(snapshot);
    requireParameters(state.parameters, expected);
    return new RandomCutForest(state);
  }

  get parameters(): ForestParameters {
    return this.#state.parameters;
  }

  /** Rows taken by `update`. */
  get updates(): number {
    return this.#state.history.pushed;
  }

  /** Points learned from them: fewer while the first shingle fills, and by rows of which more than half was missing. */
  get learned(): number {
    return this.#state.learned;
  }

  /** How surprising a row is; changes nothing. 0 until enough is learned (`kda`: `samples` points, `rcf`: a quarter). */
  score(row: Row): number {
    return this.#scoreIf(this.#intake.take(row));
  }

  /** Learns a row. */
  update(row: Row): void {
    this.#learnIf(this.#intake.take(row));
  }

  /** What `score` would say of the row, before it is learned. */
  scoreAndUpdate(row: Row): number {
    const joined = this.#intake.take(row);
    const score = this.#scoreIf(joined);
    this.#learnIf(joined);
    return score;
  }

  /** Why a row scores as it does, column by column; changes nothing. */
  attribute(row: Row): Attribution {
    const score = this.score(row);
    const { arena, parameters } = this.#state;
    const parts =
      score === 0 ? new Float64Array(2 * arena.size) : attribute(arena, parameters.mode, this.#intake.point);
    const columns = Array.from({ length: parameters.dimensions }, (_, column) => this.#explain(column, parts));
    return { score, columns };
  }

  /** The row as the forest completes it: each missing (NaN) value is what it expects there, given the rest. */
  complete(row: Row): Float64Array {
    this.#intake.take(row);
    return this.#intake.point.slice(this.#intake.offset);
  }

  /** Forgets the point that a row makes now, where trees hold it; returns how many did. The history keeps its rows. */
  forget(row: Row): number {
    return this.#intake.take(row) ? this.#learning.unlearn(this.#intake.point) : 0;
  }

  /** The whole forest as bytes; format and size: snapshot.ts. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.#state);
  }

  #scoreIf(joined: boolean): number {
    const { mode, samples } = this.#state.parameters;
    return joined && this.#state.learned >= warmUp(mode, samples) ? this.#scoring.score(this.#intake.point) : 0;
  }

  #learnIf(joined: boolean): void {
    const { point, guessed, offset } = this.#intake;
    this.#state.history.push(point, guessed, offset);
    if (joined && this.#intake.isObserved) this.#learning.learn(point);
  }

  #explain(column: number, parts: Float64Array): ColumnAttribution {
    const { dimensions, shingle } = this.#state.parameters;
    let [high, low] = [0, 0];
    for (let row = 0; row < shingle; row++) {
      low += parts[2 * (row * dimensions + column)]!;
      high += parts[2 * (row * dimensions + column) + 1]!;
    }
    const at = this.#intake.offset + column;
    const value = this.#intake.point[at]!;
    const guessed = this.#intake.guessed[at] === 1;
    const median = this.#state.history.median(column);
    const difference = median === null ? null : value - median;
    return { column, value, guessed, high, low, ...compareParts(high, low), median, difference };
  }
}
