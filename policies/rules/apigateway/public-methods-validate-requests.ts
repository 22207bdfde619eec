import { is, present, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";
import { valueAt } from "../../core/value";

const VALIDATOR = "aws:apigateway/requestValidator:RequestValidator";

export const publicMethodsValidateRequests: StackRule = {
  name: "apigateway-public-methods-validate-requests",
  description: "A method that anybody may call has its parameters checked before anything of ours sees them.",
  severity: "medium",
  fix: "set requestValidatorId to a validator with validateRequestParameters: true, and declare requestParameters",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
  types: ["aws:apigateway/method:Method"],
  checkWithin(stack, method, examination) {
    const { properties } = method;
    // A preflight carries nothing that anything of ours would read.
    if (valueAt(properties, "httpMethod") === "OPTIONS") return;
    examination.expect("authorization", is("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"));
    if (valueAt(properties, "authorization") !== "NONE") return;
    examination.expect("requestValidatorId", present("a request validator"));
    const validator = stack.target(method, "requestValidatorId", VALIDATOR);
    if (validator !== undefined) examination.of(validator).expect("validateRequestParameters", TRUE);
  },
};
