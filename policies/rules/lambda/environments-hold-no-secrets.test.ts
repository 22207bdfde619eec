/** Does not prove that there are no secrets of a form nobody thought of. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { environmentsHoldNoSecrets } from "./environments-hold-no-secrets";

const ARN = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:it";

proveRule(environmentsHoldNoSecrets, {
  right: [
    {
      type: "aws:lambda/function:Function",
      properties: { environment: { variables: { TABLE: "it-1", SECRET_ARN: ARN, DB_PASSWORD: ARN } } },
    },
    {
      type: "aws:codebuild/project:Project",
      name: "build",
      properties: {
        environment: {
          environmentVariables: [{ name: "NPM_AUTH_TOKEN", value: "npm/token", type: "PARAMETER_STORE" }],
        },
      },
    },
  ],
  cases: [
    {
      when: "a variable is named like a password",
      set: { "environment.variables.DB_PASSWORD": "hunter2" },
      says: ["the variable DB_PASSWORD holds what looks like a secret"],
    },
    {
      when: "a value looks like an access key",
      set: { "environment.variables.TABLE": "AKIAIOSFODNN7EXAMPLE" },
      says: ["the variable TABLE holds what looks like a secret"],
    },
    {
      when: "a value carries a password inside an address",
      set: { "environment.variables.TABLE": "postgres://app:hunter2@db/app" },
      says: ["the variable TABLE holds what looks like a secret"],
    },
    {
      when: "a build takes a token in the clear",
      of: "build",
      set: { "environment.environmentVariables[0].type": "PLAINTEXT" },
      says: ["the variable NPM_AUTH_TOKEN holds what looks like a secret"],
    },
    {
      when: "a password is not known yet",
      set: { "environment.variables.DB_PASSWORD": UNKNOWN },
      says: ["the variable DB_PASSWORD holds what looks like a secret"],
    },
    { when: "a table has no name yet", set: { "environment.variables.TABLE": UNKNOWN }, says: [] },
  ],
});
