/** What the description of a resource leaves open, or says in words that are not understood. */
import type { Doubt } from "../change";
import { type DescribedChange, type DescribedDetail, doubtFields, doubtWord } from "./shape";
import { readText } from "../sight";

export function doubtResource(described: DescribedChange): Doubt[] {
  return [...doubtShape(described), ...doubtHidden(described)];
}

function doubtShape(described: DescribedChange): Doubt[] {
  const details = described.Details ?? [];
  return [
    ...doubtFields("resource", described),
    ...doubtWord("Action", described.Action),
    ...doubtWord("PolicyAction", described.PolicyAction),
    ...doubtWord("Replacement", described.Replacement),
    ...doubtWord("ResourceDriftStatus", described.ResourceDriftStatus),
    ...(described.Scope ?? []).flatMap((scope) => doubtWord("Attribute", scope)),
    ...(described.ResourceDriftIgnoredAttributes ?? []).flatMap(({ Reason }) => doubtWord("Reason", Reason)),
    ...details.flatMap((detail) => [
      ...doubtFields("detail", detail),
      ...doubtSilent(detail),
      ...doubtWord("Evaluation", detail.Evaluation),
      ...doubtWord("ChangeSource", detail.ChangeSource),
      ...doubtFields("target", detail.Target),
      ...doubtWord("Attribute", detail.Target?.Attribute),
      ...doubtWord("RequiresRecreation", detail.Target?.RequiresRecreation),
      ...doubtWord("AttributeChangeType", detail.Target?.AttributeChangeType),
      ...doubtWord("BeforeValueFrom", detail.Target?.BeforeValueFrom),
      ...doubtWord("AfterValueFrom", detail.Target?.AfterValueFrom),
    ]),
  ];
}

/** A detail must say what it is about, and of a property whether it recreates the resource. */
function doubtSilent({ Target }: DescribedDetail): Doubt[] {
  const silent = !Target?.Attribute || (Target.Attribute === "Properties" && !Target.RequiresRecreation);
  return silent
    ? [{ what: "a detail does not say what changes, or how hard", fix: "describe the change set again" }]
    : [];
}

/** What the description itself says it cannot show. */
function doubtHidden(described: DescribedChange): Doubt[] {
  const doubts: Doubt[] = [];
  for (const side of ["BeforeContext", "AfterContext"] as const) {
    const context = described[side];
    if (typeof context === "string" && typeof readText(context) !== "object") {
      doubts.push({ what: `${side} is no JSON object: it was cut off`, fix: "describe the change set again" });
    }
  }
  if (described.ResourceDriftStatus === "UNKNOWN") {
    doubts.push({
      what: "what the resource is now could not be determined (ResourceDriftStatus UNKNOWN)",
      fix: "detect drift on the stack, and make the change set again",
    });
  }
  return doubts;
}
