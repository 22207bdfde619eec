/**
 * Step Functions: the graph's state machines, their executions on disk event by event. A task that was under way when the
 * stage went down is performed again when it opens: tasks are performed at least once.
 */
import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import { executionOperations } from "./execution-operations";
import { ExecutionRunner } from "./execution-runner";
import { machineOperations } from "./machine-operations";
import { Machines } from "./machines";
import { readStateMachines } from "./state-machine";
import { taskOperations } from "./task-operations";

export class StatesService implements Service {
  readonly signingName = "states";
  readonly binding = jsonBinding("AWSStepFunctions", "1.0");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;

  /** @throws StageError naming the machine, state and field that the stage does not run */
  static async open(context: ServiceContext): Promise<StatesService> {
    const machines = new Machines(readStateMachines(context.graph));
    return new StatesService(machines, await ExecutionRunner.open(machines, context));
  }

  private constructor(
    machines: Machines,
    private readonly runner: ExecutionRunner,
  ) {
    this.operations = {
      ...machineOperations(machines),
      ...executionOperations(machines, runner),
      ...taskOperations(runner),
    };
  }

  /** Goes on with every execution that has not ended. */
  start(): void {
    this.runner.resume();
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}
