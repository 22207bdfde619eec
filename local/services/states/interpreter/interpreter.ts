/** Runs a machine: from state to state, each entered and left in the history before anything follows from it. */
import type { Catcher, Choice, MapState, Parallel, State, StateGraph, Task } from "../language/definition";
import { isNamed, RUNTIME, StateFailure } from "../language/failure";
import type { Json, JsonObject } from "../language/json";
import { runBranches, runIterations } from "./branches";
import type { Flow } from "./flow";
import type { Branch, Happening, Host, Position } from "./host";
import { planRetry } from "./retry";
import { runTask } from "./task";
import { Visit } from "./visit";

/** What a branch begins with. */
export interface Start {
  readonly input: Json;
  readonly variables: JsonObject;
  /** Members of the context object that this branch alone has. */
  readonly context: JsonObject;
}

/** What a state hands on, and to which; to none at the end. */
interface Step {
  readonly output: Json;
  readonly assigned: JsonObject;
  readonly next: string | undefined;
}

export class Interpreter {
  constructor(private readonly host: Host) {}

  /**
   * Runs the states of a branch, from where it stands to its end.
   * @returns the output of its last state
   * @throws StateFailure when a state fails and nothing catches it; the flow's reason when it is interrupted
   */
  async run(graph: StateGraph, branch: Branch, start: Start, flow: Flow): Promise<Json> {
    const reached = this.host.reached(branch);
    if (reached !== undefined && "ended" in reached) return reached.ended;
    let position = reached ?? (await this.#enter(graph, branch, graph.startAt, start, flow, []));
    for (;;) {
      const state = stateOf(graph, position.state);
      const visit = new Visit(this.host, flow, branch, state, position, start.context);
      const { output, assigned, next } = await this.#step(visit);
      visit.checkSize(output, "a result");
      flow.check();
      const exited = exitOf(state, output, assigned);
      if (next === undefined) {
        await this.host.record(branch, [exited], { ended: output });
        return output;
      }
      const variables = { ...position.variables, ...assigned };
      position = await this.#enter(graph, branch, next, { input: output, variables }, flow, [exited]);
    }
  }

  async #enter(
    graph: StateGraph,
    branch: Branch,
    name: string,
    { input, variables }: Pick<Start, "input" | "variables">,
    flow: Flow,
    before: readonly Happening[],
  ): Promise<Position> {
    flow.check();
    const { type } = stateOf(graph, name);
    const position: Position = { state: name, input, variables, entered: flow.now, retries: [] };
    const entered: Happening = { type: `${type}StateEntered`, details: { name, input: JSON.stringify(input) } };
    await this.host.record(branch, [...before, entered], position);
    flow.check();
    return position;
  }

  async #step(visit: Visit): Promise<Step> {
    const { state } = visit;
    switch (state.type) {
      case "Pass":
        return { ...(await visit.evaluate(state.conclude)), next: state.next };
      case "Succeed":
        return { ...(await visit.evaluate(state.conclude)), next: undefined };
      case "Fail":
        throw new StateFailure(
          state.error && (await visit.evaluate(state.error)),
          state.cause && (await visit.evaluate(state.cause)),
        );
      case "Choice":
        return choose(state, visit);
      case "Wait": {
        const until = visit.position.until ?? (await visit.evaluate(state.until, { now: visit.position.entered }));
        if (visit.position.until === undefined) await visit.record([], { ...visit.position, until });
        await visit.flow.sleepUntil(until);
        return { ...(await visit.evaluate(state.conclude)), next: state.next };
      }
      case "Task":
      case "Parallel":
      case "Map":
        return this.#workOn(state, visit);
    }
  }

  /** Work that may fail: tried again as its retriers say, then caught as its catchers say. */
  async #workOn(state: Task | Parallel | MapState, visit: Visit): Promise<Step> {
    for (;;) {
      const { until } = visit.position;
      if (until !== undefined) await visit.flow.sleepUntil(until);
      try {
        const result = await this.#attempt(state, visit);
        const conclusion = await visit.evaluate(state.conclude, { result });
        visit.checkSize(conclusion.output, "a result");
        return { ...conclusion, next: state.next };
      } catch (error) {
        visit.flow.check();
        if (!(error instanceof StateFailure)) throw error;
        const retry = planRetry(state.retriers, error, visit.position.retries, this.host.random);
        if (retry === undefined) return this.#catch(state.catchers, error, visit);
        const { input, variables, entered } = visit.position;
        const pause = { until: visit.flow.now + retry.delayMs, retries: retry.retries };
        await visit.record([], { state: state.name, input, variables, entered, ...pause });
      }
    }
  }

  #attempt(state: Task | Parallel | MapState, visit: Visit): Promise<Json> {
    const run = this.run.bind(this);
    switch (state.type) {
      case "Task":
        return runTask(state, visit, this.host);
      case "Parallel":
        return runBranches(state, visit, run);
      case "Map":
        return runIterations(state, visit, this.host, run);
    }
  }

  async #catch(catchers: readonly Catcher[], failure: StateFailure, visit: Visit): Promise<Step> {
    const catcher = catchers.find(({ errors }) => isNamed(errors, failure));
    if (catcher === undefined) throw failure;
    const { error = "", cause } = failure;
    const errorOutput = { Error: error, ...(cause === undefined ? {} : { Cause: cause }) };
    return { ...(await visit.evaluate(catcher.conclude, { errorOutput })), next: catcher.next };
  }
}

async function choose({ rules, otherwise }: Choice, visit: Visit): Promise<Step> {
  for (const { test, conclude, next } of rules) {
    if (await visit.evaluate(test)) return { ...(await visit.evaluate(conclude)), next };
  }
  if (otherwise !== undefined) return { ...(await visit.evaluate(otherwise.conclude)), next: otherwise.next };
  throw new StateFailure("States.NoChoiceMatched", `No choice of the state '${visit.state.name}' matched its input.`);
}

function stateOf(graph: StateGraph, name: string): State {
  const state = graph.states.get(name);
  if (state === undefined)
    throw new StateFailure(RUNTIME, `There is no state '${name}' in the execution's definition.`);
  return state;
}

function exitOf({ type, name }: State, output: Json, assigned: JsonObject): Happening {
  const names = Object.entries(assigned).map(([variable, value]) => [variable, JSON.stringify(value)] as const);
  const variables = names.length === 0 ? {} : { assignedVariables: Object.fromEntries(names) };
  return { type: `${type}StateExited`, details: { name, output: JSON.stringify(output), ...variables } };
}
