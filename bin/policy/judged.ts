/** What the policies found, as the command tells it to people and machines. */
import type { Severity } from "../../policies/iam";

export interface JudgedFinding {
  /** The check of the IAM engine where there is one, else the pack's rule. */
  readonly rule: string;
  /** The rule of the pack that it came from; absent when a document was examined by itself. */
  readonly policy?: string;
  readonly severity: Severity;
  /** `mandatory` stops an update, `advisory` does not. */
  readonly level: "mandatory" | "advisory";
  /** URN, or the file of a document. */
  readonly resource: string;
  /** Property or element at fault. */
  readonly subject: string;
  readonly statement: string | null;
  readonly actions?: readonly string[];
  readonly message: string;
  readonly fix: string;
  readonly url?: string;
  /** `infra/store/event-stream.ts:51` */
  readonly source?: string;
}

export interface WaivedFinding extends JudgedFinding {
  /** Until when, by whom, and why. */
  readonly waiver: string;
}

export interface Judgement {
  readonly findings: readonly JudgedFinding[];
  readonly waived: readonly WaivedFinding[];
}
