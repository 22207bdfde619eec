/** Does not prove who may ask a warehouse: grants inside it are not looked at. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { warehousesStayInside } from "./warehouses-stay-inside";

proveRule(warehousesStayInside, {
  right: [
    key,
    {
      type: "aws:redshiftserverless/workgroup:Workgroup",
      properties: { publiclyAccessible: false, enhancedVpcRouting: true },
    },
    {
      type: "aws:redshiftserverless/namespace:Namespace",
      name: "namespace",
      properties: { kmsKeyId: KEY_ARN, manageAdminPassword: true, logExports: ["connectionlog", "userlog"] },
    },
  ],
  cases: [
    {
      when: "it has an address on the internet",
      set: { publiclyAccessible: true },
      says: ["publiclyAccessible must be false, got true"],
    },
    {
      when: "we hold its password",
      of: "namespace",
      set: { manageAdminPassword: undefined, adminUserPassword: "hunter2" },
      says: [
        "manageAdminPassword must be true, got nothing",
        "adminUserPassword must be left out: AWS makes and keeps it, got something else",
      ],
    },
    {
      when: "its key is none of ours",
      of: "namespace",
      set: { kmsKeyId: FOREIGN_KEY },
      says: [notOurKey("kmsKeyId")],
    },
    {
      when: "nobody logs who asked",
      of: "namespace",
      set: { logExports: undefined },
      says: ["logExports must be connectionlog, userlog, got nothing"],
    },
    {
      when: "whether it has an address is not known",
      set: { publiclyAccessible: UNKNOWN },
      says: [notKnown("publiclyAccessible", "false")],
    },
  ],
});
