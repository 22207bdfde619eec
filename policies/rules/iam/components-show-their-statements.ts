import { matchesPattern } from "../../core/glob";
import { listOf } from "../../core/document";
import type { Examination } from "../../core/examination";
import { matching, present } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";
import { isRecord, UNKNOWN, valueAt, type Value } from "../../core/value";
import { ROLE_COMPONENT } from "./joined-role";

export const componentsShowTheirStatements: ResourceRule = {
  name: "iam-components-show-their-statements",
  description:
    "Each statement shows its reason, its exact actions and a pattern for each ARN, while the ARNs are not known yet.",
  severity: "critical",
  fix: "unset PULUMI_NODEJS_SKIP_COMPONENT_INPUTS, and pass the statements to super() and registerOutputs()",
  url: "https://www.pulumi.com/docs/iac/concepts/components/",
  types: [ROLE_COMPONENT, "clickstream:iam:UserPolicy"],
  check({ type, properties }, examination) {
    const { statements } = properties;
    if (!Array.isArray(statements) || statements.length === 0) {
      const message = "the component shows no statements: what it grants cannot be judged before it is granted";
      return examination.violate({ subject: "statements", message });
    }
    if (type === ROLE_COMPONENT) examination.expect("trust.kind", present("who may take the role on"));
    for (const statement of examination.each("statements")) {
      examination.expect(`${statement}.sid`, matching("letters and digits", /^[A-Za-z0-9]+$/));
      examination.expect(`${statement}.reason`, matching("a reason", /\S/));
      for (const action of examination.each(`${statement}.actions`))
        examination.expect(action, matching("one exact action", /^[a-z0-9-]+:[A-Za-z0-9]+$/));
      for (const target of examination.each(`${statement}.targets`)) checkTarget(examination, target);
    }
  },
};

/** An ARN that is known must be what its pattern promised. */
function checkTarget(examination: Examination, target: string): void {
  const { properties } = examination.resource;
  const pattern = valueAt(properties, `${target}.pattern`);
  examination.expect(`${target}.pattern`, matching("the pattern that the ARN will match", /^(\*|arn:.+)$/));
  const arn: Value | undefined = valueAt(properties, `${target}.arn`);
  examination.expect(`${target}.arn`, present("an ARN"));
  if (typeof arn !== "string" || typeof pattern !== "string" || matchesPattern(arn, pattern)) return;
  examination.violate({
    subject: `${target}.arn`,
    message: `${target}.arn is ${arn}, which its pattern ${pattern} did not promise`,
  });
}

export function statementsOfComponent(value: Value | undefined) {
  return value === UNKNOWN ? [] : listOf(value).filter(isRecord);
}
