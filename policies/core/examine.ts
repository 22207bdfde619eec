/** Puts rules to resources and stacks. */
import { Examination } from "./examination";
import type { Finding } from "./finding";
import type { Resource, Stack } from "./resource";
import type { Properties } from "./value";
import { isStackRule, type ResourceRule, type Rule, type StackRule } from "./rule";

export function examineResource(rule: ResourceRule, resource: Resource, config?: Properties): Finding[] {
  if (!rule.types.includes(resource.type)) return [];
  const examination = new Examination(rule, resource, config);
  rule.check(resource, examination);
  return examination.findings;
}

export function examineStack(rule: StackRule, stack: Stack, config?: Properties): Finding[] {
  return stack.ofType(...rule.types).flatMap((resource) => {
    const examination = new Examination(rule, resource, config);
    rule.checkWithin(stack, resource, examination);
    return examination.findings;
  });
}

/**
 * Everything that any rule finds in a stack.
 * @param configs what rules are told, by their names, as a stage's pack configuration has it
 */
export function examineAll(
  rules: readonly Rule[],
  stack: Stack,
  configs: Readonly<Record<string, Properties | undefined>> = {},
): Finding[] {
  return rules.flatMap((rule) =>
    isStackRule(rule)
      ? examineStack(rule, stack, configs[rule.name])
      : stack.ofType(...rule.types).flatMap((resource) => examineResource(rule, resource, configs[rule.name])),
  );
}
