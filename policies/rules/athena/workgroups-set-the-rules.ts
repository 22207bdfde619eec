import { is, ourKey, present, satisfying } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const workgroupsSetTheRules: StackRule = {
  name: "athena-workgroups-set-the-rules",
  description:
    "A workgroup decides where results go, how they are encrypted and what a query may cost, whatever its client says.",
  severity: "medium",
  fix: "set configuration: enforceWorkgroupConfiguration, resultConfiguration with the stage's key, bytesScannedCutoffPerQuery",
  url: "https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html",
  types: ["aws:athena/workgroup:Workgroup"],
  checkWithin(stack, _, examination) {
    examination.expect(
      "configuration.enforceWorkgroupConfiguration",
      satisfying("true, or left out", (value) => value !== false),
    );
    examination.expect(
      "configuration.resultConfiguration.encryptionConfiguration.encryptionOption",
      is("SSE_KMS", "CSE_KMS"),
    );
    examination.expect("configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn", ourKey(stack));
    examination.expect("configuration.bytesScannedCutoffPerQuery", present("a bound of what one query reads"));
  },
};
