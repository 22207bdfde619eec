/** A stack's policy: which updates of which resources are allowed. Once there is one, what it does not allow is denied. */
import { z } from "zod";
import { invalid } from "./refusal";

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const shape = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(["Allow", "Deny"]),
      Action: texts.optional(),
      NotAction: texts.optional(),
      Principal: z.literal("*").optional(),
      Resource: texts.optional(),
      NotResource: texts.optional(),
      Condition: z
        .strictObject({
          StringEquals: z.strictObject({ ResourceType: texts }).optional(),
          StringLike: z.strictObject({ ResourceType: texts }).optional(),
        })
        .optional(),
    }),
  ),
});

export interface PolicyQuestion {
  readonly action: "Update:Modify" | "Update:Replace" | "Update:Delete";
  readonly logicalId: string;
  readonly type: string;
}

/** @throws AwsError `ValidationError` */
export function readStackPolicy(text: string): z.output<typeof shape> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw invalid(`Error validating stack policy: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Why the policy forbids it, in CloudFormation's words; nothing where it does not. */
export function forbids(text: string, { action, logicalId, type }: PolicyQuestion): string | undefined {
  const { Statement } = readStackPolicy(text);
  let isAllowed = false;
  for (const [index, statement] of Statement.entries()) {
    const names = statement.Action ?? statement.NotAction ?? [];
    const resources = statement.Resource ?? statement.NotResource ?? ["*"];
    const types = statement.Condition?.StringEquals?.ResourceType ?? statement.Condition?.StringLike?.ResourceType;
    const applies =
      matches(names, action) === (statement.NotAction === undefined) &&
      matches(resources, `LogicalResourceId/${logicalId}`) === (statement.NotResource === undefined) &&
      (types === undefined || matches(types, type));
    if (!applies) continue;
    if (statement.Effect === "Allow") isAllowed = true;
    else {
      return `Action denied by stack policy: Statement [#${index + 1}] does not allow [${action}] for resource [LogicalResourceId/${logicalId}];`;
    }
  }
  if (isAllowed) return undefined;
  return `Action denied by stack policy: No statement allows [${action}] for resource [LogicalResourceId/${logicalId}];`;
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${escaped}$`).test(text);
  });
}
