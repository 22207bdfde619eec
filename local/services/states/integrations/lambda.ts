/** Functions as tasks: by the function's ARN, which gives the payload alone, or by `lambda:invoke`. */
import { isObject, type Json } from "../language/json";
import { StateFailure } from "../language/failure";
import type { Integration, IntegrationCall } from "./integration";
import { failureOf } from "./errors";

interface Invocation {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly Payload?: string;
}

const nameOf: Integration["nameOf"] = (error) => failureOf("Lambda", "AWSLambdaException", error);

/** A function by its ARN: in goes the input, out comes the payload. */
export function functionIntegration(arn: string): Integration {
  return {
    async request(call) {
      const { Payload } = await invoke(call, { FunctionName: arn, Payload: JSON.stringify(call.work) });
      return JSON.parse(Payload ?? "null") as Json;
    },
    nameOf,
  };
}

export const lambdaInvoke: Integration = {
  async request(call) {
    const { Payload, FunctionName, InvocationType, Qualifier } = isObject(call.work) ? call.work : {};
    if (typeof FunctionName !== "string") {
      throw new StateFailure("States.Runtime", "The field 'FunctionName' is required but was missing");
    }
    const answer = await invoke(call, {
      FunctionName: typeof Qualifier === "string" ? `${FunctionName}:${Qualifier}` : FunctionName,
      Payload: JSON.stringify(Payload ?? {}),
      ...(InvocationType === undefined ? {} : { InvocationType }),
    });
    const payload = answer.Payload ?? "";
    return {
      ExecutedVersion: "$LATEST",
      ...(payload === "" ? {} : { Payload: JSON.parse(payload) as Json }),
      StatusCode: answer.StatusCode,
    };
  },
  nameOf,
};

/** @throws StateFailure named as the function's own error */
async function invoke({ stage, session }: IntegrationCall, input: object): Promise<Invocation> {
  const answer = (await stage.dispatch(session, "lambda", "Invoke", input)) as Invocation;
  if (answer.FunctionError === undefined) return answer;
  const payload = answer.Payload ?? "{}";
  const error = JSON.parse(payload) as Json;
  const type = isObject(error) ? error["errorType"] : undefined;
  throw new StateFailure(typeof type === "string" ? type : "Lambda.Unknown", payload);
}
