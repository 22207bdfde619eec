/** What can be asked of state machines, and of a definition that is none yet. */
import { z } from "zod";
import { operation, type Operation } from "../service";
import { onAny, onMachine } from "./arn";
import { describeMachine, includedData } from "./describe";
import { judgeDefinition } from "./judgement";
import type { Machines } from "./machines";
import { page, pageShape } from "./page";

/** @param machines what the program declares */
export function machineOperations(machines: Machines): Record<string, Operation> {
  const machineShape = z.object({ stateMachineArn: z.string(), includedData });
  return {
    DescribeStateMachine: operation({
      shape: machineShape,
      checks: ({ stateMachineArn }) => onMachine("DescribeStateMachine", stateMachineArn),
      run: ({ stateMachineArn, includedData: wanted }) =>
        describeMachine(machines.get(stateMachineArn), wanted === "ALL_DATA"),
    }),
    ValidateStateMachineDefinition: operation({
      shape: z.object({ definition: z.string(), type: z.literal("STANDARD").default("STANDARD") }),
      checks: () => onAny("ValidateStateMachineDefinition"),
      run: ({ definition }) => judgeDefinition(definition),
    }),
    ListStateMachines: operation({
      shape: z.object(pageShape),
      checks: () => onAny("ListStateMachines"),
      run: (request) => {
        const { items, nextToken } = page(machines.all, request);
        const stateMachines = items.map(({ arn, name }) => ({
          stateMachineArn: arn,
          name,
          type: "STANDARD",
          creationDate: 0,
        }));
        return { stateMachines, nextToken };
      },
    }),
  };
}
