/** Parts of CloudWatch's requests that several operations share. Source of bounds: CloudWatch API reference. */
import { z } from "zod";
import { AwsError } from "../service";

export const metricName = z.string().min(1).max(255);
export const dimensionList = z
  .array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30)
  .default([]);

/** A point in time as it travels: seconds since the epoch; milliseconds here. */
export const timestamp = z.number().transform((seconds) => Math.round(seconds * 1000));

/** A member that the stage does not model: a request with it is refused. */
export function unmodelled(name: string) {
  return z.undefined({ error: `the local stage does not model ${name}: leave it out` }).optional();
}

export function dimensionsOf(list: z.output<typeof dimensionList>): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

export function listDimensions(dimensions: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** The page of a list that begins where a token says. @throws AwsError when it is no token */
export function pageOf<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly page: readonly Item[]; readonly NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isSafeInteger(from)) throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
  const to = from + size;
  const page = items.slice(from, to);
  return to < items.length ? { page, NextToken: Buffer.from(String(to)).toString("base64url") } : { page };
}
