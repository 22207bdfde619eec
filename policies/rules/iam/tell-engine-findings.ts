/** From what the IAM engine found to findings of the pack. */
import type { Finding } from "../../iam";
import { splitFix } from "../../core/engine-message";
import type { Examination } from "../../core/examination";

export function tellEngineFindings(examination: Examination, findings: readonly Finding[]): void {
  for (const { rule, severity, verdict, source, statement, place, actions, message } of findings) {
    const told = splitFix(message);
    const subject = [source, place].filter((part) => part !== undefined && part !== "").join(": ");
    examination.violate({
      subject: subject === "" ? "document" : subject,
      check: rule,
      severity,
      verdict,
      ...(statement === undefined ? {} : { statement: String(statement) }),
      ...(actions === undefined || actions.length === 0 ? {} : { actions }),
      message: told.message,
      ...(told.fix === undefined ? {} : { fix: told.fix }),
    });
  }
}
