import { examinePermissions } from "../../iam";
import type { StackRule } from "../../core/rule";
import { componentOf, joinRole, ROLE } from "./joined-role";
import { tellEngineFindings } from "./tell-engine-findings";

export const rolesHoldLeastPrivilege: StackRule = {
  name: "iam-roles-hold-least-privilege",
  description: "A role may do what it must and no more, and is taken on by nobody but who works under it.",
  severity: "high",
  fix: "narrow the capability that grants it: the list `access` where the role is made",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  types: [ROLE],
  checkWithin(stack, role, examination) {
    const at = examination.of(componentOf(stack, role) ?? role);
    tellEngineFindings(at, examinePermissions(joinRole(stack, role)));
  },
};
