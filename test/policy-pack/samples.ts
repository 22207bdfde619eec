/** Things that many samples stand on. */
import type { Sample } from "./sample";

export const KEY_ARN = "arn:aws:kms:eu-west-1:000000000000:key/1";

/** A key of the stack, and its ARN, which other samples name. */
export const key: Sample = {
  type: "aws:kms/key:Key",
  name: "key",
  protect: true,
  properties: { arn: KEY_ARN, enableKeyRotation: true, deletionWindowInDays: 30 },
};

export const FOREIGN_KEY = "alias/aws/whatever";

/** What a rule says of a key that is none of ours. */
export function notOurKey(path: string): string {
  return `${path} must be the ARN of a key of this stack, got "${FOREIGN_KEY}"`;
}

/** What a rule says of what is not known. */
export function notKnown(path: string, allowed: string): string {
  return `${path} must be ${allowed}, got a value not known before deployment`;
}
