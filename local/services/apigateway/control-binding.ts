/** API Gateway's control API (REST-JSON): no client of the local stage needs an operation of it, and it says so. */
import { jsonErrorCode } from "../../endpoint/json-binding";
import { AwsError, type Binding } from "../service";

export const controlBinding: Binding = {
  read({ method, path }) {
    throw new AwsError(
      "UnknownOperationException",
      `the local stage does not model ${method} ${path} of API Gateway: APIs come from the program`,
      404,
    );
  },
  reply: (_operation, output, requestId) => ({
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
    body: JSON.stringify(output),
  }),
  fail: ({ code, message, status, members }, requestId) => ({
    status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": jsonErrorCode(code),
      "x-amzn-requestid": requestId,
    },
    body: JSON.stringify({ message, ...members }),
  }),
};
