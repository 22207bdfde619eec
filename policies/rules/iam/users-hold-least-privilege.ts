import { examineDocument } from "../../iam";
import { shownDocument, toEngine } from "../../core/engine-document";
import type { StackRule } from "../../core/rule";
import { UNKNOWN } from "../../core/value";
import { tellEngineFindings } from "./tell-engine-findings";

export const usersHoldLeastPrivilege: StackRule = {
  name: "iam-users-hold-least-privilege",
  description: "A user, whose keys live for long, may do what it must and no more.",
  severity: "high",
  fix: "narrow the capability that grants it: the list `access` where the user's policy is made",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  types: ["aws:iam/userPolicy:UserPolicy"],
  checkWithin(stack, policy, examination) {
    const component = stack.get(policy.parent);
    const document = policy.properties["policy"];
    const shown = document === UNKNOWN ? component?.properties["statements"] : undefined;
    const judged = shown === undefined ? toEngine(document) : shownDocument(shown);
    tellEngineFindings(
      examination.of(component ?? policy),
      examineDocument(judged, { kind: "identity", attachment: "user-inline" }),
    );
  },
};
