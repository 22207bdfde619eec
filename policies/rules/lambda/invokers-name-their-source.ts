import { present, type Expectation } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";
import { valueAt } from "../../core/value";

export const invokersNameTheirSource: ResourceRule = {
  name: "lambda-invokers-name-their-source",
  description: "An AWS service may invoke a function only on behalf of a resource or account that is named.",
  severity: "high",
  fix: "set sourceArn to the rule, topic, bucket or API that invokes; never a principal *",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
  types: ["aws:lambda/permission:Permission"],
  check({ properties }, examination) {
    const account = valueAt(properties, "sourceAccount") !== undefined;
    if (!account) examination.expect("sourceArn", present("the ARN of what invokes it"));
    if (valueAt(properties, "principal") === "*" && valueAt(properties, "principalOrgId") === undefined) {
      examination.violate({ subject: "principal", message: 'principal must be one service or account, got "*"' });
    }
    examination.expect("functionUrlAuthType", notNone());
  },
};

function notNone(): Expectation {
  return {
    allowed: "AWS_IAM, or left out",
    judge: (value) =>
      value === undefined || value === "AWS_IAM" ? "holds" : typeof value === "symbol" ? "unproven" : "violated",
  };
}
