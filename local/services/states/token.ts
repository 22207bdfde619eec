/** Tokens by which anybody answers a task: they name the execution and branch that wait, and cannot be guessed. */
import { randomBytes } from "node:crypto";
import { AwsError } from "../service";
import type { Branch } from "./interpreter/host";

export interface TokenContent {
  readonly arn: string;
  readonly branch: Branch;
}

export function writeToken(content: TokenContent): string {
  const nonce = randomBytes(16).toString("base64url");
  return Buffer.from(JSON.stringify({ ...content, nonce })).toString("base64");
}

/** @throws AwsError `InvalidToken` */
export function readToken(token: string): TokenContent {
  try {
    const { arn, branch } = JSON.parse(Buffer.from(token, "base64").toString("utf8")) as Record<string, unknown>;
    if (typeof arn === "string" && typeof branch === "string") return { arn, branch };
  } catch {
    // No JSON inside: falls through to the refusal of every other text.
  }
  throw new AwsError("InvalidToken", `Invalid Token: 'Invalid token'`);
}
