/** From our rules to policies of the SDK, which hands them resources and takes their findings to the engine. */
import type {
  EnforcementLevel,
  Policy,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { examineAll, examineResource, examineStack } from "./examine";
import { toText, type Finding } from "./finding";
import { readResource, readStack, Stack, type Resource } from "./resource";
import { isStackRule, type Rule } from "./rule";
import { behindProxies, type Properties } from "./value";
import { describeWaiver, judgeWaivers, waiverOf, type Waiver } from "./waiver";

export interface PackFacts {
  readonly rules: readonly Rule[];
  readonly waivers: readonly Waiver[];
  readonly now: () => number;
}

/** What the SDK takes beside a text, left out of its typings. */
interface ReportedViolation {
  readonly message: string;
  readonly urn: string;
  readonly severity: Severity;
  readonly enforcementLevel?: EnforcementLevel;
}

/** What the stage set for the rules, by their names. The SDK tells each policy its own, so they are noted as they come. */
type Configs = Record<string, Properties>;

/** The policies of a pack, the one that judges its waivers included: last, when every rule has been told its settings. */
export function toPolicies(facts: PackFacts): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const configs: Configs = {};
  return [...facts.rules.map((rule) => toPolicy(rule, facts, configs)), waiverPolicy(facts, configs)];
}

function toPolicy(rule: Rule, facts: PackFacts, configs: Configs): ResourceValidationPolicy | StackValidationPolicy {
  const described = describe(rule);
  if (isStackRule(rule)) {
    const validateStack: StackValidationPolicy["validateStack"] = (args, report) => {
      const stack = readStack(args.resources);
      const config = (configs[rule.name] = args.getConfig<Properties>());
      tell(examineStack(rule, stack, config), stack, facts, report);
    };
    return { ...described, validateStack: onlyFor(rule, validateStack) };
  }
  const validateResource: ResourceValidationPolicy["validateResource"] = (args, report) => {
    if (!rule.types.includes(args.type)) return args.notApplicable(`judges ${rule.types.join(", ")}`);
    const resource = readResource(args);
    const config = (configs[rule.name] = args.getConfig<Properties>());
    tell(examineResource(rule, resource, config), new Stack([resource]), facts, report);
  };
  if (rule.remediate === undefined) return { ...described, validateResource: onlyFor(rule, validateResource) };
  const remediateResource: ResourceValidationPolicy["remediateResource"] = (args) => {
    if (!rule.types.includes(args.type)) return args.notApplicable(`judges ${rule.types.join(", ")}`);
    const changes = rule.remediate?.(readResource(args));
    if (changes === undefined) return undefined;
    // The rest of the inputs stays as it came, secrets and unknown values included.
    return { ...(behindProxies(args.props) as Record<string, unknown>), ...changes };
  };
  return { ...described, validateResource: onlyFor(rule, validateResource), remediateResource };
}

function describe({ name, description, severity, fix, url, configSchema }: Rule): Policy {
  const schema = configSchema === undefined ? {} : { configSchema };
  return { name, description, severity, remediationSteps: fix, url, ...schema };
}

/** Lets the SDK skip what a rule of one type does not judge, as its own helpers do. */
function onlyFor<Validation extends object>({ types }: Rule, validation: Validation): Validation {
  return types.length === 1 ? Object.assign(validation, { __pulumiType: types[0] }) : validation;
}

/** A waived finding is told as a note, never kept quiet. */
function tell(findings: readonly Finding[], stack: Stack, { waivers, now }: PackFacts, report: ReportViolation): void {
  for (const finding of findings) {
    const { urn, severity } = finding;
    const waiver = waiverOf(finding, stack.get(urn) as Resource, waivers, now());
    const waived = waiver === undefined ? {} : { waived: describeWaiver(waiver) };
    const violation: ReportedViolation = {
      message: toText({ ...finding, ...waived }),
      urn,
      severity,
      ...(waiver === undefined ? {} : { enforcementLevel: "advisory" }),
    };
    report(violation as unknown as string);
  }
}

export const WAIVERS_HOLD: Rule = {
  name: "waivers-are-current-and-exact",
  description: "Every waiver has a reason, an owner and an end, and covers exactly what was found.",
  severity: "high",
  fix: "edit policies/waivers.ts",
  url: "https://github.com/pulumi/pulumi-policy/issues/438",
  types: [],
  check: () => undefined,
};

function waiverPolicy(facts: PackFacts, configs: Configs): StackValidationPolicy {
  return {
    ...describe(WAIVERS_HOLD),
    validateStack: ({ resources }, report) => {
      const { rules, waivers, now } = facts;
      if (waivers.length === 0) return;
      const stack = readStack(resources);
      const findings = examineAll(rules, stack, configs);
      tell(
        judgeWaivers(WAIVERS_HOLD, stack, { waivers, findings, now: now() }),
        stack,
        { ...facts, waivers: [] },
        report,
      );
    },
  };
}
