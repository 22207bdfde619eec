/** Answers to the tokens of tasks that wait for one. */
import { z } from "zod";
import { AwsError, operation, type Operation } from "../service";
import { onAny } from "./arn";
import type { ExecutionRunner } from "./execution-runner";
import type { Json } from "./language/json";
import { readToken } from "./token";

export function taskOperations(runner: ExecutionRunner): Record<string, Operation> {
  const token = { taskToken: z.string().min(1).max(2048) };
  return {
    SendTaskSuccess: operation({
      shape: z.object({ ...token, output: z.string() }),
      checks: () => onAny("SendTaskSuccess"),
      run: async ({ taskToken, output }) => {
        await runner.answer(readToken(taskToken), taskToken, { output: parseOutput(output) });
        return {};
      },
    }),
    SendTaskFailure: operation({
      shape: z.object({ ...token, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
      checks: () => onAny("SendTaskFailure"),
      run: async ({ taskToken, error, cause }) => {
        await runner.answer(readToken(taskToken), taskToken, { error, cause });
        return {};
      },
    }),
    SendTaskHeartbeat: operation({
      shape: z.object(token),
      checks: () => onAny("SendTaskHeartbeat"),
      run: ({ taskToken }) => {
        runner.beat(readToken(taskToken), taskToken);
        return {};
      },
    }),
  };
}

function parseOutput(output: string): Json {
  try {
    return JSON.parse(output) as Json;
  } catch {
    throw new AwsError("InvalidOutput", "Invalid Output: 'the output is not JSON'");
  }
}
