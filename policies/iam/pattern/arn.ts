/**
 * ARN patterns: compared part by part, and measured against the ARN templates of an action's resource types.
 *
 * Facts: IAM User Guide, "IAM JSON policy elements: Resource"; a `*` that ends a pattern early stands for all parts
 * that follow.
 */
import type { Action } from "../catalogue/catalogue";
import { globHolds, globsMeet, hasWildcard, matchesGlob } from "./glob";

/** `arn`, partition, service, region, account, resource. */
export type ArnParts = readonly [string, string, string, string, string, string];

/** How much of what an action can reach a resource pattern takes in. */
export type Breadth =
  /** All of it, or all of one type, whoever owns it. */
  | "everything"
  /** All of one type in one account or region. */
  | "account"
  /** What a name or a part of a name singles out. */
  | "named"
  /** Nothing: the action works on resources of another form. */
  | "nothing";

/** Stands for the value of a policy variable: one value, but nobody knows which. */
const SOMETHING = "\u0001";

/** The parts of a pattern; the missing ones are `*`. */
export function partsOf(pattern: string): ArnParts {
  const [arn = "*", partition = "*", service = "*", region = "*", account = "*", ...rest] = pattern.split(":");
  return [arn, partition, service, region, account, rest.length === 0 ? "*" : rest.join(":")];
}

/** The breadth of a resource pattern as the document writes it, for one action. */
export function breadthOf(resource: string, action: Action): Breadth {
  if (/^\*+$/.test(resource)) return "everything";
  // A variable is one value when breadth is measured, and any when forms are compared.
  const measured = partsOf(resource.replaceAll(/\$\{[^}]*\}/g, SOMETHING));
  const compared = partsOf(resource.replaceAll(/\$\{[^}]*\}/g, "*"));
  const breadths = action.types.flatMap(({ type }) =>
    type.templates.map((template) => breadthUnder(measured, compared, templateParts(template))),
  );
  return ORDER.find((breadth) => breadths.includes(breadth)) ?? "nothing";
}

const ORDER: readonly Breadth[] = ["everything", "account", "named"];

function breadthUnder(measured: ArnParts, compared: ArnParts, template: ArnParts): Breadth {
  const meets = template.every(
    (part, at) => globsMeet(part, compared[at] ?? "") && mayName(at, part, compared[at] ?? ""),
  );
  if (!meets) return "nothing";
  const [, , , region, account, rest] = measured;
  if (!template[5].includes("*") || !globHolds(rest, template[5])) return "named";
  const fixed = (part: string): boolean => part !== "" && !hasWildcard(part);
  return fixed(account) || fixed(region) ? "account" : "everything";
}

/** `sqs:@:{QueueName}` as a pattern of six parts. */
function templateParts(template: string): ArnParts {
  const known = templates.get(template);
  if (known !== undefined) return known;
  const parts = partsOf(`arn:*:${template.replace("@", "*:*").replaceAll(/\{[^}]*\}/g, "*")}`);
  // Names of buckets and tables hold no slash: `bucket/*` is no bucket.
  const flat = /^(?:s3:::\{BucketName\}|dynamodb:@:table\/\{TableName\})$/.test(template);
  if (flat) flatNames.add(parts[5]);
  templates.set(template, parts);
  return parts;
}

const templates = new Map<string, ArnParts>();
const flatNames = new Set<string>();

/** Whether the last part can name a resource of a template whose names hold no slash. */
function mayName(at: number, template: string, resource: string): boolean {
  if (at !== 5 || !flatNames.has(template)) return true;
  const stem = template.replace("*", "");
  return !resource.slice(stem.length).includes("/");
}

/** Whether every resource of `inner` is one of `outer`; both as documents write them. */
export function resourceHolds(outer: string, inner: string): boolean {
  if (/^\*+$/.test(outer)) return true;
  // A variable in `outer` may have any value, so it holds only its like.
  return globHolds(outer.replaceAll(/\$\{[^}]*\}/g, SOMETHING), inner.replaceAll(/\$\{[^}]*\}/g, SOMETHING));
}

/** Whether two patterns may stand for one resource. */
export function resourcesMeet(left: string, right: string): boolean {
  return globsMeet(opened(left), opened(right));
}

/** The same for ARNs of Allow statements, whose wildcards stay within their parts. */
export function arnsMeet(left: string, right: string): boolean {
  const [one, other] = [cut(opened(left), 6), cut(opened(right), 6)];
  if (one.length !== other.length) return resourcesMeet(left, right);
  return one.every((part, at) => globsMeet(part, other[at] ?? ""));
}

/** A variable may have any value. */
function opened(pattern: string): string {
  return pattern.replaceAll(/\$\{[^}]*\}/g, "*");
}

/**
 * Whether a pattern matches an ARN: a wildcard of an Allow stays within its part, one of a Deny may cross colons, for
 * AWS leaves open how far it reaches and nobody should win by that.
 */
export function matchesArn(pattern: string, arn: string, across: boolean): boolean {
  if (across) return matchesGlob(pattern, arn);
  const patterns = cut(pattern, 6);
  const parts = cut(arn, patterns.length);
  return patterns.length === parts.length && patterns.every((part, at) => matchesGlob(part, parts[at] ?? ""));
}

/** At most so many parts; the last one keeps its colons. */
function cut(text: string, most: number): readonly string[] {
  const parts = text.split(":");
  return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(":")];
}
