/** The state machines of a program, by their ARNs. */
import { AwsError } from "../service";
import type { StateMachine } from "./state-machine";

export class Machines {
  constructor(readonly all: readonly StateMachine[]) {}

  find(arn: string): StateMachine | undefined {
    return this.all.find((each) => each.arn === arn);
  }

  /** @throws AwsError `StateMachineDoesNotExist` */
  get(arn: string): StateMachine {
    const machine = this.find(arn);
    if (machine !== undefined) return machine;
    throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }
}
