/** The deploy machine, through the SDK of Step Functions. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { ExecutionView } from "./domain";
import type { Machine } from "./handler";

export class DeployMachine implements Machine {
  constructor(
    private readonly sfn: SFNClient,
    private readonly machine: string,
  ) {}

  async start(name: string, input: string): Promise<string> {
    try {
      const { executionArn } = await this.sfn.send(
        new StartExecutionCommand({ stateMachineArn: this.machine, name, input }),
      );
      return executionArn ?? this.#executionOf(name);
    } catch (error) {
      // The same start, and it has ended already.
      if (error instanceof ExecutionAlreadyExists) return this.#executionOf(name);
      throw error;
    }
  }

  async describe(execution: string): Promise<ExecutionView> {
    const { status, output, error, cause } = await this.sfn.send(
      new DescribeExecutionCommand({ executionArn: execution }),
    );
    return { status: status ?? "nothing", output, error, cause };
  }

  async currentState(execution: string): Promise<string | undefined> {
    const { events = [] } = await this.sfn.send(
      new GetExecutionHistoryCommand({ executionArn: execution, reverseOrder: true, maxResults: 25 }),
    );
    return events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.stateEnteredEventDetails?.name;
  }

  async stop(execution: string, cause: string): Promise<void> {
    // Executions of other machines are none of ours.
    if (!execution.startsWith(`${this.#executionOf("")}`)) return;
    try {
      await this.sfn.send(new StopExecutionCommand({ executionArn: execution, error: "ActionEnded", cause }));
    } catch (error) {
      if (!(error instanceof ExecutionDoesNotExist)) throw error;
    }
  }

  /** `arn:aws:states:eu-west-1:000000000000:execution:deploy:name`. */
  #executionOf(name: string): string {
    return `${this.machine.replace(":stateMachine:", ":execution:")}:${name}`;
  }
}
