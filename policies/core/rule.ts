/** A rule is a value: what it demands, why, how to mend it, which resources it looks at, and how it looks. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Severity } from "../iam";
import type { Examination } from "./examination";
import type { Resource, Stack } from "./resource";
import type { Properties } from "./value";

interface RuleFacts {
  /** Kebab-case, service first: `kinesis-streams-use-our-key`. */
  readonly name: string;
  /** The claim, in one sentence. */
  readonly description: string;
  readonly severity: Severity;
  readonly fix: string;
  /** The page that explains it. */
  readonly url: string;
  /** Type tokens of the resources it judges. */
  readonly types: readonly string[];
  /** Holds only where state is kept. @default - holds in every stage */
  readonly keptOnly?: boolean;
  /** What a stage may set for it in its configuration of the pack. @default - nothing */
  readonly configSchema?: PolicyConfigSchema;
}

/** Judges a resource by its inputs alone, before it is made. */
export interface ResourceRule extends RuleFacts {
  check(resource: Resource, examination: Examination): void;
  /** The inputs as they should have been; nothing when they are right, or when it cannot be known. */
  remediate?(resource: Resource): Properties | undefined;
}

/** Judges a resource together with what stands around it. */
export interface StackRule extends RuleFacts {
  checkWithin(stack: Stack, resource: Resource, examination: Examination): void;
}

export type Rule = ResourceRule | StackRule;

export function isStackRule(rule: Rule): rule is StackRule {
  return "checkWithin" in rule;
}
