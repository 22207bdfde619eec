/** Lists in pages, as Step Functions gives them. */
import { z } from "zod";
import { AwsError } from "../service";

const USUAL = 100;

export const pageShape = {
  /** 0 for as many as usual. */
  maxResults: z.int().min(0).max(1_000).default(0),
  nextToken: z.string().optional(),
};

export interface PageRequest {
  readonly maxResults: number;
  readonly nextToken?: string | undefined;
}

/** @throws AwsError `InvalidToken` for a token that no page came with */
export function page<Item>(
  all: readonly Item[],
  { maxResults, nextToken }: PageRequest,
): { items: readonly Item[]; nextToken: string | undefined } {
  const start = nextToken === undefined ? 0 : Number(/^page-(\d{1,9})$/.exec(nextToken)?.[1]);
  if (Number.isNaN(start)) throw new AwsError("InvalidToken", `Invalid Token: '${nextToken}'`);
  const end = start + (maxResults || USUAL);
  return { items: all.slice(start, end), nextToken: end < all.length ? `page-${end}` : undefined };
}
