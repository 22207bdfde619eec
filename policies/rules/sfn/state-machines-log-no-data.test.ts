/** Does not prove what Step Functions writes. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { stateMachinesLogNoData } from "./state-machines-log-no-data";

proveRule(stateMachinesLogNoData, {
  right: [
    {
      type: "aws:sfn/stateMachine:StateMachine",
      properties: {
        loggingConfiguration: {
          level: "ALL",
          includeExecutionData: false,
          logDestination: "arn:aws:logs:eu-west-1:000000000000:log-group:it-1:*",
        },
      },
    },
  ],
  cases: [
    {
      when: "it writes down what states were given",
      set: { "loggingConfiguration.includeExecutionData": true },
      says: ["loggingConfiguration.includeExecutionData must be false, got true"],
    },
    {
      when: "it writes nothing",
      set: { "loggingConfiguration.level": "OFF" },
      says: ['loggingConfiguration.level must be "ALL" or "ERROR" or "FATAL", got "OFF"'],
    },
    { when: "the log group has no ARN yet", set: { "loggingConfiguration.logDestination": UNKNOWN }, says: [] },
    {
      when: "whether it writes data is not known",
      set: { "loggingConfiguration.includeExecutionData": UNKNOWN },
      says: [notKnown("loggingConfiguration.includeExecutionData", "false")],
    },
  ],
});
