/** Documents on their way to the IAM engine: what is not known stays marked, beside the pattern that was declared for it. */
import { Unknown } from "../iam";
import { listOf } from "./document";
import { isRecord, UNKNOWN, type Properties, type Value } from "./value";

/** A document as a resource holds it; text stays text, so that the engine sees what AWS would. */
export function toEngine(document: Value | undefined): unknown {
  if (document === UNKNOWN) return new Unknown();
  if (Array.isArray(document)) return document.map(toEngine);
  if (isRecord(document))
    return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, toEngine(value)]));
  return document;
}

/** The document that a role's component shows: each ARN that is not known yet stands with its declared pattern. */
export function shownDocument(statements: Value | undefined): unknown {
  if (!Array.isArray(statements)) return new Unknown();
  return {
    Version: "2012-10-17",
    Statement: (statements as readonly Value[]).map((statement) =>
      isRecord(statement) ? shownStatement(statement) : new Unknown(),
    ),
  };
}

function shownStatement({ sid, actions, targets, conditions }: Properties): object {
  return {
    Sid: toEngine(sid),
    Effect: "Allow",
    Action: toEngine(actions),
    Resource: targets === UNKNOWN ? new Unknown() : listOf(targets).map(shownTarget),
    ...(conditions === undefined ? {} : { Condition: toEngine(conditions) }),
  };
}

function shownTarget(target: Value): unknown {
  if (!isRecord(target)) return new Unknown();
  const { arn, pattern } = target;
  if (typeof arn === "string") return arn;
  return new Unknown(typeof pattern === "string" ? pattern : undefined);
}
