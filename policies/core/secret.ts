/** What looks like a secret, by the name of its variable or by its own form. */
import { UNKNOWN, type Value } from "./value";

const NAMES = /(PASSWORD|PASSWD|SECRET|PRIVATE_?KEY|ACCESS_?KEY|API_?KEY|AUTH_?TOKEN|CREDENTIAL)S?$/i;

/** A name that says where the secret is, not what it is. */
const REFERENCES = /_?(ARN|NAME|ID|PATH|URL|TABLE|PARAMETER)$/i;

const FORMS = [
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bghp_[A-Za-z0-9]{36}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s:@]+@/i,
];

export function looksSecret(name: string, value: Value | undefined): boolean {
  if (value === undefined || value === "") return false;
  const byName = NAMES.test(name) && !REFERENCES.test(name);
  // A reference to where the secret is kept is fine, whatever the variable is called.
  const isReference = typeof value === "string" && /^arn:[a-z-]+:(secretsmanager|ssm):/.test(value);
  if (value === UNKNOWN) return byName;
  return (byName && !isReference) || (typeof value === "string" && FORMS.some((form) => form.test(value)));
}
