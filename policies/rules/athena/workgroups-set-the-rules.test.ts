/** Does not prove what a query costs. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { workgroupsSetTheRules } from "./workgroups-set-the-rules";

const ENCRYPTION = "configuration.resultConfiguration.encryptionConfiguration";

proveRule(workgroupsSetTheRules, {
  right: [
    key,
    {
      type: "aws:athena/workgroup:Workgroup",
      properties: {
        configuration: {
          bytesScannedCutoffPerQuery: 10_000_000_000,
          resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: KEY_ARN } },
        },
      },
    },
  ],
  cases: [
    {
      when: "clients set the rules",
      set: { "configuration.enforceWorkgroupConfiguration": false },
      says: ["configuration.enforceWorkgroupConfiguration must be true, or left out, got false"],
    },
    {
      when: "its key is none of ours",
      set: { [`${ENCRYPTION}.kmsKeyArn`]: FOREIGN_KEY },
      says: [notOurKey(`${ENCRYPTION}.kmsKeyArn`)],
    },
    {
      when: "a query may read everything",
      set: { "configuration.bytesScannedCutoffPerQuery": undefined },
      says: ["configuration.bytesScannedCutoffPerQuery must be a bound of what one query reads, got nothing"],
    },
    {
      when: "how results are encrypted is not known",
      set: { [`${ENCRYPTION}.encryptionOption`]: UNKNOWN },
      says: [notKnown(`${ENCRYPTION}.encryptionOption`, '"SSE_KMS" or "CSE_KMS"')],
    },
  ],
});
