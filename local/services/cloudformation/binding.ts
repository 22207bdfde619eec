/** How CloudFormation speaks the query protocol: what is wrong with an input is a `ValidationError`. */
import { queryBinding } from "../../endpoint/query-binding";
import { AwsError, type Binding } from "../service";

const query = queryBinding("http://cloudformation.amazonaws.com/doc/2010-05-15/");

export const cloudformationBinding: Binding = {
  ...query,
  fail: (error, requestId) =>
    query.fail(
      error.code === "ValidationException" ? new AwsError("ValidationError", error.message, error.status) : error,
      requestId,
    ),
};
