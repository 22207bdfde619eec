/**
 * What a condition really holds a statement to. A condition counts only when its operator needs the key to be there,
 * its key says something about resource, caller or source, and none of its values lets everything through.
 *
 * Facts: IAM User Guide, "Condition operators" and "Global condition keys"; S3 User Guide, "The meaning of public".
 */
import type { Condition, Statement } from "../document";
import { textOf } from "../leaf";
import { hasWildcard } from "../pattern/glob";
import { partsOf } from "../pattern/arn";
import { readOperator } from "./operator";

/** Keys of a statement that every request it allows must have, in lower case. */
export function heldKeys({ conditions }: Pick<Statement, "conditions">): ReadonlySet<string> {
  return new Set(conditions.filter((one) => holds(one, conditions)).map(({ key }) => key.toLowerCase()));
}

/** Whether a condition keeps requests out of an Allow. */
export function holds(condition: Condition, among: readonly Condition[] = []): boolean {
  const operator = readOperator(condition.operator);
  const key = condition.key.toLowerCase();
  if (operator === undefined || operator.name === "Null" || operator.negated) return false;
  if (operator.ifExists && !ALWAYS_PRESENT.has(key)) return false;
  if (operator.set === "ForAllValues" && !isPresent(key, among)) return false;
  return condition.values.length > 0 && !condition.values.some((value) => isVoid(key, textOf(value.leaf)));
}

/** Keys that every request of a signed-in caller carries. */
const ALWAYS_PRESENT = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principaltype",
  "aws:securetransport",
]);

/** Keys that the actions which read them always carry. */
const WITH_ITS_ACTION = new Set(["dynamodb:leadingkeys", "dynamodb:attributes"]);

function isPresent(key: string, among: readonly Condition[]): boolean {
  if (WITH_ITS_ACTION.has(key)) return true;
  return among.some((other) => {
    if (other.key.toLowerCase() !== key) return false;
    const operator = readOperator(other.operator);
    if (operator?.name === "Null") return other.values.every(({ leaf }) => textOf(leaf)?.toLowerCase() === "false");
    return operator !== undefined && operator.set !== "ForAllValues" && !operator.ifExists && !operator.negated;
  });
}

/** Whether a value lets everything, or everybody, through. */
export function isVoid(key: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  if (/^\*+$/.test(value)) return true;
  if (key.endsWith("sourceip")) return isWide(value);
  if (key === "aws:sourcearn" || key === "aws:principalarn" || key === "aws:sourcevpcarn") {
    return isAnybodys(key, value);
  }
  if (key === "aws:principalorgid" || key === "aws:sourceorgid") return /^o-\*+$/.test(value);
  if (key === "aws:principalisawsservice") return value.toLowerCase() !== "true";
  return false;
}

/** S3 calls a range public that is wider than /8, or /32 in IPv6. */
function isWide(range: string): boolean {
  const length = range.split("/")[1];
  return length !== undefined && Number(length) < (range.includes(":") ? 32 : 8);
}

/** An ARN that names neither an account nor, for what is named world-wide, the thing itself. */
function isAnybodys(key: string, arn: string): boolean {
  const [, , , , account, rest] = partsOf(arn);
  if (account !== "" && !/^\*+$/.test(account)) return false;
  if (key === "aws:principalarn") return true;
  return /^[*/]*$/.test(rest) || /^[a-z-]+[:/]\*$/.test(rest) || (hasWildcard(rest) && /^\*/.test(rest));
}

/** Keys by which a policy that names everybody still names somebody. */
const CALLER =
  /^(aws:(source(arn|account|owner|orgid|orgpaths|ip|vpc|vpce|vpcarn)|vpce(account|orgid|orgpaths)|principal(arn|account|orgid|orgpaths)|userid)|kms:calleraccount|s3:dataaccesspoint(arn|account)|lambda:eventsourcetoken|cognito-identity\.amazonaws\.com:aud|sts:externalid|saml:aud)$/;

/** Whether a key tells callers of one account, organisation or network from all others. */
export function namesCaller(key: string): boolean {
  return CALLER.test(key);
}

const SOURCE = /^aws:source(arn|account|owner|orgid|orgpaths)$/;

/** Whether a key tells for whom a service calls. */
export function namesSource(key: string): boolean {
  return SOURCE.test(key);
}

const RESOURCE =
  /^(aws:(resource(account|orgid|orgpaths|tag\/.+)|requesttag\/.+)|[a-z0-9-]+:(resourcetag\/.+|resourceaccount))$/;
/** How a request travels, or what it looks like, says nothing about what it reaches. */
const HOW = /^(aws:|ec2:region$|s3:(tlsversion|authtype|signature|x-amz-)|[a-z0-9-]+:authtype)/;

/** Whether a key narrows what an action of its own service can reach. */
export function namesResource(key: string, service: string): boolean {
  return RESOURCE.test(key) || (key.startsWith(`${service}:`) && !HOW.test(key));
}
