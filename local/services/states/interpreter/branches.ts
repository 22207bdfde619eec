/** Work that consists of states: the branches of a Parallel, the iterations of a Map. The first that fails ends the others. */
import type { MapState, Parallel, StateGraph } from "../language/definition";
import { StateFailure } from "../language/failure";
import type { Json } from "../language/json";
import type { Flow } from "./flow";
import type { Branch, Host } from "./host";
import type { Start } from "./interpreter";
import type { Visit } from "./visit";

type Run = (graph: StateGraph, branch: Branch, start: Start, flow: Flow) => Promise<Json>;

/** Iterations at the same time of a Map that sets no number. Source: Step Functions developer guide, "Inline mode". */
const MOST_ITERATIONS = 40;

/** Why a branch was ended: another one failed. */
class BranchAborted extends Error {
  override readonly name = "BranchAborted";
}

export async function runBranches(state: Parallel, visit: Visit, run: Run): Promise<Json> {
  if (visit.position.work === undefined) {
    const input = visit.checkSize(await visit.evaluate(state.work), "a request");
    await visit.record([{ type: "ParallelStateStarted" }], { ...visit.position, work: [input] });
  }
  const [input = null] = visit.position.work ?? [];
  const start = { input, variables: visit.position.variables, context: visit.inherited };
  const outputs = await together(visit, state.branches.length, state.branches.length, "Parallel", (index, flow) =>
    run(branchAt(state.branches, index), `${visit.branch}/${index}`, start, flow),
  );
  await visit.record([{ type: "ParallelStateSucceeded" }]);
  return outputs;
}

export async function runIterations(state: MapState, visit: Visit, host: Host, run: Run): Promise<Json> {
  if (visit.position.work === undefined) {
    const items = await visit.evaluate(state.items);
    const started = { type: "MapStateStarted", details: { length: items.length } };
    await visit.record([started], { ...visit.position, work: items });
  }
  const { work: items = [] } = visit.position;
  const limit = (await visit.evaluate(state.maxConcurrency)) || MOST_ITERATIONS;
  const outputs = await together(visit, items.length, limit, "Map", async (index, flow) => {
    const branch = `${visit.branch}/${index}`;
    const reached = host.reached(branch);
    if (reached !== undefined && "ended" in reached) return reached.ended;
    const tell = (what: string): Promise<void> =>
      host.record(branch, [{ type: `MapIteration${what}`, details: { name: state.name, index } }]);
    if (reached === undefined) await tell("Started");
    try {
      const context = { ...visit.inherited, Map: { Item: { Index: index, Value: items[index] ?? null } } };
      const input = reached === undefined ? await visit.evaluate(state.itemInput, { context }) : null;
      const start = { input, variables: visit.position.variables, context };
      const output = await run(state.processor, branch, start, flow);
      await tell("Succeeded");
      return output;
    } catch (error) {
      if (error instanceof StateFailure) await tell("Failed");
      if (error instanceof BranchAborted) await tell("Aborted");
      throw error;
    }
  });
  await visit.record([{ type: "MapStateSucceeded" }]);
  return outputs;
}

/** Runs `count` works, at most `limit` at the same time. @throws the first failure, once all have ended */
async function together(
  visit: Visit,
  count: number,
  limit: number,
  type: "Parallel" | "Map",
  run: (index: number, flow: Flow) => Promise<Json>,
): Promise<Json[]> {
  const outputs: Json[] = Array.from({ length: count }, () => null);
  const others = new AbortController();
  let failure: Error | undefined;
  let next = 0;
  const workers = Array.from({ length: Math.min(count, limit) }, () =>
    visit.flow.fork(others.signal, async (flow) => {
      while (next < count && failure === undefined) {
        const index = next++;
        try {
          outputs[index] = await run(index, flow);
        } catch (error) {
          failure ??= error instanceof Error ? error : new Error(String(error));
          others.abort(new BranchAborted("another branch failed"));
        }
      }
    }),
  );
  await visit.flow.join(workers);
  visit.flow.check();
  if (failure === undefined) return outputs;
  if (failure instanceof StateFailure) await visit.record([{ type: `${type}StateFailed` }]);
  throw failure;
}

function branchAt(branches: readonly StateGraph[], index: number): StateGraph {
  const branch = branches[index];
  if (branch === undefined) throw new Error(`there is no branch ${index}`);
  return branch;
}
