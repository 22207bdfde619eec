/** Findings in SARIF 2.1.0 (OASIS), as code scanning shows them beside the lines of a pull request. */
import type { JudgedFinding, Judgement, WaivedFinding } from "./judged";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** How GitHub's code scanning reads a severity, 0..10. */
const SCORES = { low: "3.0", medium: "5.5", high: "8.0", critical: "9.5" } as const;
const LEVELS = { low: "note", medium: "warning", high: "error", critical: "error" } as const;

export function toSarif({ findings, waived }: Judgement): object {
  const all = [...findings, ...waived];
  const rules = [...new Map(all.map((each) => [each.rule, each])).values()];
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "clickstream policy", rules: rules.map(describeRule) } },
        originalUriBaseIds: { ROOT: { description: { text: "The folder of the project" } } },
        results: all.map(describeResult),
      },
    ],
  };
}

function describeRule({ rule, severity, url, fix }: JudgedFinding): object {
  return {
    id: rule,
    shortDescription: { text: rule.replaceAll("-", " ") },
    help: { text: fix },
    ...(url === undefined ? {} : { helpUri: url }),
    properties: { "security-severity": SCORES[severity], tags: ["security"] },
  };
}

function describeResult(finding: JudgedFinding | WaivedFinding): object {
  const { rule, severity, message, fix, resource, subject, statement } = finding;
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: { text: `${message}. Fix: ${fix}` },
    locations: [locationOf(finding)],
    // The same finding keeps its identity when lines move.
    partialFingerprints: { "finding/v1": [rule, resource, statement ?? "", subject].join("|") },
    ...("waiver" in finding ? { suppressions: [{ kind: "external", justification: finding.waiver }] } : {}),
  };
}

function locationOf({ source, resource }: JudgedFinding): object {
  const [, file, line] = /^(.*):(\d+)$/.exec(source ?? "") ?? [];
  const physical =
    file === undefined
      ? { artifactLocation: { uri: resource.startsWith("urn:") ? "Pulumi.yaml" : resource, uriBaseId: "ROOT" } }
      : { artifactLocation: { uri: file, uriBaseId: "ROOT" }, region: { startLine: Number(line) } };
  return { physicalLocation: physical, logicalLocations: [{ fullyQualifiedName: resource, kind: "resource" }] };
}
