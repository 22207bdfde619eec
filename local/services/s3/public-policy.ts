/** Whether a bucket policy lets strangers in, as S3's public access block judges it (S3 User Guide, "The meaning of public"). */
import { parseDocument, type Statement } from "../../iam/document";

/** Keys by which a statement for everyone is still for somebody, when a condition gives them a fixed value. */
const NARROWING = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "aws:sourceip",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
]);

/** Operators that hold only for values a policy lists. */
const LISTING = new Set(["StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike", "IpAddress"]);

/** Values that list nobody in particular. */
const ANYBODY = /[*?]|\$\{|\/0$/;

/** @throws PolicyError when the document cannot be read */
export function isPublicPolicy(document: unknown, source: string): boolean {
  return parseDocument(document, "resource", source).statements.some(isPublic);
}

function isPublic({ effect, principals, conditions }: Statement): boolean {
  if (effect === "Deny" || principals === undefined) return false;
  const everybody = principals.values.some(({ type }) => type === "everyone" || type === "every-aws");
  if (!everybody && !principals.not) return false;
  return !conditions.some(
    ({ operator, key, values }) =>
      LISTING.has(operator) && NARROWING.has(key.toLowerCase()) && !values.some((value) => ANYBODY.test(value)),
  );
}
