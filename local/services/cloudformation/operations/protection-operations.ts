/** What shields a stack: its policy, and protection against deletion. */
import { z } from "zod";
import { operation, type Operation } from "../../service";
import type { CloudFormation } from "../cloudformation";
import { readStackPolicy } from "../stack-policy";
import { flag, stackRef } from "./shapes";

export function protectionOperations(formation: CloudFormation): Record<string, Operation> {
  const { store } = formation;
  return {
    SetStackPolicy: operation({
      shape: z.strictObject({ StackName: stackRef, StackPolicyBody: z.string().min(1).max(16_384) }),
      checks: ({ StackName }) => [formation.on("SetStackPolicy", StackName)],
      run: async ({ StackName, StackPolicyBody }) => {
        readStackPolicy(StackPolicyBody);
        await store.put({ stacks: [{ ...formation.standing(StackName), policy: StackPolicyBody }] });
        return {};
      },
    }),
    GetStackPolicy: operation({
      shape: z.strictObject({ StackName: stackRef }),
      checks: ({ StackName }) => [formation.on("GetStackPolicy", StackName)],
      run: async ({ StackName }) => {
        await store.settled();
        return { StackPolicyBody: formation.standing(StackName).policy };
      },
    }),
    UpdateTerminationProtection: operation({
      shape: z.strictObject({ StackName: stackRef, EnableTerminationProtection: flag }),
      checks: ({ StackName }) => [formation.on("UpdateTerminationProtection", StackName)],
      run: async ({ StackName, EnableTerminationProtection }) => {
        const stack = formation.standing(StackName);
        await store.put({ stacks: [{ ...stack, isProtected: EnableTerminationProtection }] });
        return { StackId: stack.id };
      },
    }),
  };
}
