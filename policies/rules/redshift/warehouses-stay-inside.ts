import { NOT_TRUE, ourKey, present, TRUE } from "../../core/expectation";
import type { StackRule } from "../../core/rule";
import { valueAt } from "../../core/value";

export const warehousesStayInside: StackRule = {
  name: "redshift-warehouses-stay-inside",
  description:
    "A warehouse has no address on the internet, is encrypted with a key of ours, keeps no password with us, and logs who asked.",
  severity: "critical",
  fix: "set publiclyAccessible: false and enhancedVpcRouting: true; kmsKeyId, manageAdminPassword: true and logExports on the namespace",
  url: "https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-security.html",
  types: ["aws:redshiftserverless/workgroup:Workgroup", "aws:redshiftserverless/namespace:Namespace"],
  checkWithin(stack, { type, properties }, examination) {
    if (type === "aws:redshiftserverless/workgroup:Workgroup") {
      examination.expect("publiclyAccessible", NOT_TRUE);
      examination.expect("enhancedVpcRouting", TRUE);
      return;
    }
    examination.expect("kmsKeyId", ourKey(stack));
    examination.expect("manageAdminPassword", TRUE);
    // The value stays out of the message.
    if (valueAt(properties, "adminUserPassword") !== undefined) {
      const message = "adminUserPassword must be left out: AWS makes and keeps it, got something else";
      examination.violate({ subject: "adminUserPassword", message });
    }
    examination.expect("logExports", present("connectionlog, userlog"));
  },
};
