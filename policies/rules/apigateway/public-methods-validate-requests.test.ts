/** Does not prove that the declared parameters are the right ones. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { publicMethodsValidateRequests } from "./public-methods-validate-requests";

const METHOD = "aws:apigateway/method:Method";

proveRule(publicMethodsValidateRequests, {
  right: [
    { type: METHOD, properties: { httpMethod: "GET", authorization: "NONE", requestValidatorId: "v1" } },
    { type: METHOD, name: "preflight", properties: { httpMethod: "OPTIONS", authorization: "NONE" } },
    { type: METHOD, name: "signed", properties: { httpMethod: "GET", authorization: "AWS_IAM" } },
    {
      type: "aws:apigateway/requestValidator:RequestValidator",
      name: "validator",
      properties: { id: "v1", validateRequestParameters: true },
    },
  ],
  cases: [
    {
      when: "nothing checks what anybody sends",
      set: { requestValidatorId: undefined },
      says: ["requestValidatorId must be a request validator, got nothing"],
    },
    {
      when: "the validator lets parameters pass",
      of: "validator",
      set: { validateRequestParameters: false },
      says: ["validateRequestParameters must be true, got false"],
    },
    { when: "the validator has no id yet", set: { requestValidatorId: UNKNOWN }, says: [] },
    {
      when: "who may call is not known",
      set: { authorization: UNKNOWN },
      says: [notKnown("authorization", '"NONE" or "AWS_IAM" or "CUSTOM" or "COGNITO_USER_POOLS"')],
    },
  ],
});
