import { is, NOT_TRUE, present } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const stateMachinesLogNoData: ResourceRule = {
  name: "sfn-state-machines-log-no-data",
  description: "A state machine writes down which states it took, never what they were given.",
  severity: "medium",
  fix: "set loggingConfiguration: level ALL, ERROR or FATAL, includeExecutionData false, logDestination of ours",
  url: "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
  types: ["aws:sfn/stateMachine:StateMachine"],
  check(_, examination) {
    examination.expect("loggingConfiguration.level", is("ALL", "ERROR", "FATAL"));
    examination.expect("loggingConfiguration.includeExecutionData", NOT_TRUE);
    examination.expect("loggingConfiguration.logDestination", present("the ARN of a log group, ending in :*"));
  },
};
