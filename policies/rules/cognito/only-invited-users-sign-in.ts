import { atLeast, NOT_TRUE, TRUE } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

export const onlyInvitedUsersSignIn: ResourceRule = {
  name: "cognito-only-invited-users-sign-in",
  description: "Nobody makes an account for themselves, passwords are long, and guests get no AWS credentials.",
  severity: "high",
  fix: "set allowAdminCreateUserOnly: true, minimumLength: 12, allowUnauthenticatedIdentities: false",
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/security-best-practices.html",
  types: ["aws:cognito/userPool:UserPool", "aws:cognito/identityPool:IdentityPool"],
  check({ type }, examination) {
    if (type === "aws:cognito/identityPool:IdentityPool") {
      examination.expect("allowUnauthenticatedIdentities", NOT_TRUE);
      examination.expect("allowClassicFlow", NOT_TRUE);
      return;
    }
    examination.expect("adminCreateUserConfig.allowAdminCreateUserOnly", TRUE);
    examination.expect("passwordPolicy.minimumLength", atLeast(12, "characters"));
  },
};
