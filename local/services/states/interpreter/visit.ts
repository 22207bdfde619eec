/** One stay in a state: where it is, and what its expressions see. */
import type { State } from "../language/definition";
import { DATA_LIMIT_EXCEEDED, EvaluationFailure, StateFailure } from "../language/failure";
import { sizeOf, type Json, type JsonObject } from "../language/json";
import type { Expression, Scope } from "../language/scope";
import type { Flow } from "./flow";
import type { Branch, Happening, Host, Position } from "./host";

/** Largest input, output or result of a state, in bytes. Source: Step Functions quotas. */
const LARGEST_PAYLOAD = 262_144;

export class Visit {
  constructor(
    private readonly host: Host,
    readonly flow: Flow,
    readonly branch: Branch,
    readonly state: State,
    public position: Position,
    /** Members of the context object that this branch alone has: `Map` inside of an iteration. */
    readonly inherited: JsonObject,
  ) {}

  scope(more: Partial<Scope> = {}): Scope {
    const { input, variables, entered, retries, task, state } = this.position;
    const retryCount = retries.reduce((total, each) => total + each, 0);
    const State = { Name: state, EnteredTime: new Date(entered).toISOString(), RetryCount: retryCount };
    const Task = task?.token === undefined ? {} : { Task: { Token: task.token } };
    return {
      input,
      variables,
      now: this.flow.now,
      random: this.host.random,
      ...more,
      context: { ...this.host.facts, ...this.inherited, State, ...Task, ...more.context },
    };
  }

  /** Evaluates an expression; a failure goes into the history. */
  async evaluate<Value>(expression: Expression<Value>, more?: Partial<Scope>): Promise<Value> {
    try {
      return await expression(this.scope(more));
    } catch (error) {
      if (error instanceof EvaluationFailure) {
        const { error: name = "", cause = "", location } = error;
        const details = { error: name, cause, location, state: this.state.name };
        await this.record([{ type: "EvaluationFailed", details }]);
      }
      throw error;
    }
  }

  /** Adds to the history; with a new position, moves there. */
  async record(events: readonly Happening[], moved?: Position): Promise<void> {
    this.flow.check();
    if (moved !== undefined) this.position = moved;
    await this.host.record(this.branch, events, moved);
    this.flow.check();
  }

  checkSize(value: Json, what: string): Json {
    if (sizeOf(value) <= LARGEST_PAYLOAD) return value;
    throw new StateFailure(
      DATA_LIMIT_EXCEEDED,
      `The state/task '${this.state.name}' returned ${what} with a size exceeding the maximum number of bytes service limit.`,
    );
  }
}
