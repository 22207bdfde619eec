/** Does not prove that the source that is named exists. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { invokersNameTheirSource } from "./invokers-name-their-source";

proveRule(invokersNameTheirSource, {
  right: [
    {
      type: "aws:lambda/permission:Permission",
      properties: { principal: "events.amazonaws.com", sourceArn: "arn:aws:events:eu-west-1:000000000000:rule/it-1" },
    },
  ],
  cases: [
    {
      when: "any rule of anybody may invoke it",
      set: { sourceArn: undefined },
      says: ["sourceArn must be the ARN of what invokes it, got nothing"],
    },
    { when: "it names the account", set: { sourceArn: undefined, sourceAccount: "000000000000" }, says: [] },
    {
      when: "anybody may invoke it",
      set: { principal: "*" },
      says: ['principal must be one service or account, got "*"'],
    },
    {
      when: "its URL asks nobody who they are",
      set: { functionUrlAuthType: "NONE" },
      says: ['functionUrlAuthType must be AWS_IAM, or left out, got "NONE"'],
    },
    { when: "the rule has no ARN yet", set: { sourceArn: UNKNOWN }, says: [] },
    {
      when: "how its URL asks is not known",
      set: { functionUrlAuthType: UNKNOWN },
      says: [notKnown("functionUrlAuthType", "AWS_IAM, or left out")],
    },
  ],
});
