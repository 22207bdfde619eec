/** Does not prove that the users who were invited are the right ones. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { onlyInvitedUsersSignIn } from "./only-invited-users-sign-in";

proveRule(onlyInvitedUsersSignIn, {
  right: [
    {
      type: "aws:cognito/userPool:UserPool",
      properties: {
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        passwordPolicy: { minimumLength: 12 },
      },
    },
    {
      type: "aws:cognito/identityPool:IdentityPool",
      name: "identities",
      properties: { allowUnauthenticatedIdentities: false },
    },
  ],
  cases: [
    {
      when: "anybody may sign up",
      set: { adminCreateUserConfig: undefined },
      says: ["adminCreateUserConfig.allowAdminCreateUserOnly must be true, got nothing"],
    },
    {
      when: "passwords are short",
      set: { "passwordPolicy.minimumLength": 8 },
      says: ["passwordPolicy.minimumLength must be at least 12 characters, got 8"],
    },
    {
      when: "guests get credentials",
      of: "identities",
      set: { allowUnauthenticatedIdentities: true },
      says: ["allowUnauthenticatedIdentities must be false, got true"],
    },
    {
      when: "whether guests get credentials is not known",
      of: "identities",
      set: { allowUnauthenticatedIdentities: UNKNOWN },
      says: [notKnown("allowUnauthenticatedIdentities", "false")],
    },
  ],
});
