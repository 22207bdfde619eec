import type { ResourceRule } from "../../core/rule";
import { isRecord, UNKNOWN, valueAt, type Value } from "../../core/value";
import { knownText } from "../../core/resource";
import { looksSecret } from "../../core/secret";

/** Where each type keeps plain environment variables: a map, or a list of name and value. */
const ENVIRONMENTS: Readonly<Record<string, readonly string[]>> = {
  "aws:lambda/function:Function": ["environment.variables"],
  "aws:codebuild/project:Project": ["environment.environmentVariables"],
  "aws:amplify/app:App": ["environmentVariables"],
};

export const environmentsHoldNoSecrets: ResourceRule = {
  name: "lambda-environments-hold-no-secrets",
  description:
    "A password or key stands in Secrets Manager or Parameter Store, not in an environment that many may read.",
  severity: "high",
  fix: "pass the secret's ARN, let the code read it, and grant secretsmanager:GetSecretValue on it",
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
  types: Object.keys(ENVIRONMENTS),
  check({ type, properties }, examination) {
    for (const path of ENVIRONMENTS[type] ?? []) {
      for (const [name, value, isReference] of variablesAt(valueAt(properties, path))) {
        if (isReference || !looksSecret(name, value)) continue;
        // The value stays out of the message.
        examination.violate({
          subject: `${path}.${name}`,
          message: `the variable ${name} holds what looks like a secret`,
        });
      }
    }
  },
};

function variablesAt(value: Value | undefined): [name: string, value: Value | undefined, isReference: boolean][] {
  if (Array.isArray(value)) {
    return (value as readonly Value[])
      .filter(isRecord)
      .map((each) => [
        knownText(each["name"]) ?? "",
        each["value"],
        each["type"] === "SECRETS_MANAGER" || each["type"] === "PARAMETER_STORE",
      ]);
  }
  if (value === UNKNOWN || !isRecord(value)) return [];
  return Object.entries(value).map(([name, each]) => [name, each, false]);
}
