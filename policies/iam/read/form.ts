/** The form of leaves: actions, resources, principals, and policy variables inside them. */
import { catalogue } from "../catalogue/catalogue";
import type { Placed } from "../document";
import { textOf } from "../leaf";
import type { PrincipalType } from "../document";
import { VARIABLE } from "../rules/grammar";
import type { Problems } from "./problems";

export function isAction(text: string): boolean {
  return /^(\*|\*:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+)$/.test(text);
}

/** `*`, or an ARN whose last parts a `*` may stand for; wildcards and variables may stand in most of its parts. */
export function isResource(text: string): boolean {
  if (/^\*+$/.test(text)) return true;
  const parts = withoutVariables(text).split(":");
  const complete = parts.length >= 6 || text.endsWith("*");
  return complete && parts.length > 1 && ARN_PARTS.every((form, at) => parts[at] === undefined || form.test(parts[at]));
}

/** Partition, service, region and account as AWS has them, or a wildcard in their place. */
const ARN_PARTS: readonly RegExp[] = [
  /^(arn|\*)$/,
  /^(aws(-[a-z]+)*|.*[*?].*)$/,
  /^[A-Za-z0-9*?-]*$/,
  /^([a-z]{2,3}(-[a-z]+)+-\d|.*[*?].*|x|)$/,
  /^(\d{12}|aws|cloudfront|.*[*?].*|x|)$/,
];

const IDENTITY =
  /^arn:[a-z*-]+:(iam::\d{12}:(root|(role|user)\/[\x21-\x29\x2b-\x3e\x40-\x7e]+)|iam::cloudfront:user\/.+|sts::\d{12}:(assumed-role|federated-user)\/[\w+=,.@/-]+)$/;

export function isPrincipal(type: Exclude<PrincipalType, "everyone">, text: string): boolean {
  switch (type) {
    case "AWS":
      return /^(\*|\d{12}|A(ROA|IDA)[A-Z0-9]{12,})$/.test(text) || IDENTITY.test(text);
    case "Service":
      return (
        /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(text) ||
        /^[a-z-]+(\.aws\.internal|\.aws\.com)$/.test(text)
      );
    case "Federated":
      return /^(\*|[\w.:/-]+)$/.test(text);
    case "CanonicalUser":
      return /^[0-9a-f]{64}$/.test(text);
  }
}

/** `${*}`, `${?}`, `${$}`, or a key that may have a default in quotes. */
const WELL_FORMED = /^\$\{(?:[*?$]|([A-Za-z0-9_.-]+:[^{}$*?,']+?)(?:\s*,\s*'[^'{}]*')?)\}/;

/** Keys that differ from request to request and never stand for the very thing they should narrow. */
export function reviewVariables(placed: Placed, variables: boolean, problems: Problems): void {
  const text = textOf(placed.leaf) ?? "";
  for (let at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
    const report = (what: string, fix: string): void => problems.report(VARIABLE, placed.place, what, fix);
    if (!variables) {
      report(
        `${text} holds a policy variable, which this version compares as plain text`,
        'write "Version": "2012-10-17"',
      );
      return;
    }
    const [whole, key] = WELL_FORMED.exec(text.slice(at)) ?? [];
    if (whole === undefined)
      report(`${text} opens a policy variable that is malformed`, "write it like ${aws:username}");
    else if (key !== undefined && !isKnownKey(key)) {
      report(`${whole} in ${text} is no key of a request`, "use a global condition key like ${aws:username}");
    }
  }
}

/** Keys of identity providers (`www.amazon.com:user_id`, `saml:sub`) are their own; services' and AWS's are listed. */
export function isKnownKey(key: string): boolean {
  const prefix = key.slice(0, key.indexOf(":")).toLowerCase();
  if (isProviderKey(key)) return true;
  // Variables of a device's connection stand in policies of IoT, but are keys of no condition.
  if (prefix === "iot" && /^iot:(ClientId$|Connection\.|Certificate\.)/i.test(key)) return true;
  if (prefix === "aws" && /^aws:(FederatedProvider|PrincipalTag\/.+|MultiFactorAuthAge)$/i.test(key)) return true;
  return catalogue().conditionKey(key) !== undefined;
}

/** Whether a key comes from an identity provider's token. */
export function isProviderKey(key: string): boolean {
  return key.slice(0, key.lastIndexOf(":")).includes(".") || /^(saml|identitystore|sts):/i.test(key);
}

/** An ARN in which each variable is one letter, so that its colons can be counted. */
export function withoutVariables(text: string): string {
  return text.replaceAll(/\$\{[^}]*\}/g, "x");
}
