/** From what the IAM engine found to findings of the pack. */
import type { Finding } from "../../iam";
import type { Examination } from "../../core/examination";

export function tellEngineFindings(examination: Examination, findings: readonly Finding[]): void {
  for (const { rule, severity, verdict, source, statement, place, actions, message } of findings) {
    const subject = [source, place].filter((part) => part !== undefined && part !== "").join(": ");
    examination.violate({
      subject: subject === "" ? "document" : subject,
      check: rule,
      severity,
      verdict,
      ...(statement === undefined ? {} : { statement: String(statement) }),
      ...(actions === undefined || actions.length === 0 ? {} : { actions }),
      message,
    });
  }
}
