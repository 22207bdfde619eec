/** Lambda's REST API: the operations in paths, the payload as the body. Source: Lambda API reference. */
import { decodePercent, type Reply, type Request } from "../../endpoint/http";
import { jsonErrorCode } from "../../endpoint/json-binding";
import { AwsError, type Binding } from "../service";

const FUNCTIONS = "/2015-03-31/functions";

export const lambdaBinding: Binding = {
  read({ method, path, headers, body }: Request) {
    const [name, action] = path.startsWith(FUNCTIONS)
      ? path.slice(FUNCTIONS.length).split("/").filter(Boolean).map(decodePercent)
      : [];
    if (method === "POST" && name !== undefined && action === "invocations") {
      return {
        operation: "Invoke",
        input: { FunctionName: name, InvocationType: headers["x-amz-invocation-type"], Payload: body.toString("utf8") },
      };
    }
    if (method === "GET" && name !== undefined && action === undefined)
      return { operation: "GetFunction", input: { FunctionName: name } };
    if (method === "GET" && path.replace(/\/$/, "") === FUNCTIONS) return { operation: "ListFunctions", input: {} };
    throw new AwsError("UnknownOperationException", `the local stage does not model ${method} ${path} of Lambda`, 404);
  },
  reply(operation, output, requestId): Reply {
    const headers = { "content-type": "application/json", "x-amzn-requestid": requestId };
    if (operation !== "Invoke") return { status: 200, headers, body: JSON.stringify(output) };
    const {
      StatusCode,
      FunctionError,
      Payload = "",
    } = output as { StatusCode: number; FunctionError?: string; Payload?: string };
    return {
      status: StatusCode,
      headers: {
        ...headers,
        "x-amz-executed-version": "$LATEST",
        ...(FunctionError === undefined ? {} : { "x-amz-function-error": FunctionError }),
      },
      body: Payload,
    };
  },
  fail: ({ code, message, status, members }, requestId) => ({
    status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": jsonErrorCode(code),
      "x-amzn-requestid": requestId,
    },
    body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message, message, ...members }),
  }),
};
