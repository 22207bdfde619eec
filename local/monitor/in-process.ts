/**
 * Evaluates a piece of a program inside this process, for the tests of components and whole stages. The SDK's state is
 * global: evaluations run one after the other, each awaited to its end.
 */
import type * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime";
import { ProgramError } from "../diagnostics";
import type { Graph } from "../graph/graph";
import { ResourceMonitor, type MonitorSettings } from "./monitor";

export interface InProcessSettings extends MonitorSettings {
  /** Configuration with its namespace: `{"clickstream:kept": "true"}`. */
  readonly config?: Readonly<Record<string, string>>;
  readonly secretKeys?: readonly string[];
}

/** The SDK takes a stack trace with every promise: with ten frames each, they cost more than the program. */
const STACK_FRAMES = 3;

let running: Promise<unknown> = Promise.resolve();

/**
 * Runs `program` against a monitor of its own and yields the graph with everything the program registered.
 * @throws ProgramError with every problem of the program
 */
export function renderGraph(settings: InProcessSettings, program: () => unknown): Promise<Graph> {
  const turn = running.then(() => render(settings, program));
  running = turn.catch(() => undefined);
  return turn;
}

async function render(settings: InProcessSettings, program: () => unknown): Promise<Graph> {
  const monitor = new ResourceMonitor(settings);
  runtime.setAllConfig({ ...settings.config }, [...(settings.secretKeys ?? [])]);
  runtime.setMockOptions(monitor.methods, settings.project, settings.stack, true, "organization");
  // The SDK leaves promises behind that nobody listens to when a program throws: it is not told.
  let thrown: { readonly error: unknown } | undefined;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_FRAMES;
  try {
    await runtime.runInPulumiStack(async () => {
      try {
        return (await program()) as pulumi.Inputs | undefined;
      } catch (error) {
        thrown = { error };
        return undefined;
      }
    });
    await runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (monitor.problems.length > 0) throw new ProgramError(monitor.problems);
  if (thrown !== undefined) throw thrown.error;
  return monitor.graph;
}
