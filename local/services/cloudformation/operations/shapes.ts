/** Inputs that several operations share. Everything arrives as text; a list without items arrives as an empty one. */
import { z } from "zod";

export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export function listOf<Item extends z.ZodType>(item: Item) {
  return z
    .union([z.literal(""), z.array(item)])
    .default("")
    .transform((items): z.output<Item>[] => (items === "" ? [] : items));
}

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

export const newStackName = z
  .string()
  .regex(NAME, "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*");
export const stackRef = z.string().min(1);
export const changeSetName = z
  .string()
  .regex(NAME, "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*");
export const token = z
  .string()
  .regex(/^[a-zA-Z0-9][-a-zA-Z0-9]*$/)
  .max(128);
export const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, "must be the ARN of a role");

/** What says how a stack is made. */
export const blueprint = {
  TemplateBody: z.string().min(1).optional(),
  TemplateURL: z.string().min(1).max(5120).optional(),
  Parameters: listOf(
    z.object({
      ParameterKey: z.string(),
      ParameterValue: z.string().optional(),
      UsePreviousValue: flag.optional(),
    }),
  ),
  Capabilities: listOf(z.enum(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"])),
  Tags: listOf(z.object({ Key: z.string(), Value: z.string() })),
  RoleARN: roleArn.optional(),
};

/** Accepted, and without effect here: nothing is told to anybody, nothing is monitored. */
export const withoutEffect = {
  NotificationARNs: listOf(z.string()),
  RollbackConfiguration: z.unknown().optional(),
  ResourceTypes: listOf(z.string()),
  DisableValidation: flag.optional(),
};

export const page = { NextToken: z.string().optional() };

/** A page of a list, and the token of the next. @throws nothing: a strange token begins anew */
export function paged<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { page: readonly Item[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8")) || 0;
  const next = from + size;
  return {
    page: items.slice(from, next),
    ...(next < items.length ? { NextToken: Buffer.from(String(next)).toString("base64url") } : {}),
  };
}

/** As the API writes a time. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
