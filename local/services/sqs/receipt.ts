/** Receipt handles: which receipt of which message, as an opaque text that outlives the process. */
import { AwsError } from "../service";

export interface Receipt {
  readonly queue: string;
  readonly message: string;
  /** Which receipt of the message it was, from 1. */
  readonly count: number;
}

export function writeReceipt({ queue, message, count }: Receipt): string {
  return Buffer.from(JSON.stringify([queue, message, count])).toString("base64");
}

/** @throws AwsError `ReceiptHandleIsInvalid` when the text is no handle of that queue */
export function readReceipt(handle: string, queue: string): Receipt {
  try {
    const [name, message, count] = JSON.parse(Buffer.from(handle, "base64").toString("utf8")) as [
      unknown,
      unknown,
      unknown,
    ];
    if (name === queue && typeof message === "string" && Number.isSafeInteger(count)) {
      return { queue, message, count: count as number };
    }
  } catch {
    // Not one of ours: refused below.
  }
  throw new AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 404);
}
