/** What people and code scanning are shown of findings. Does not prove that a service takes the SARIF. */
import assert from "node:assert/strict";
import type { JudgedFinding } from "./judged";
import { renderJudgement, summaryOf } from "./report";
import { toSarif } from "./sarif";

describe("What the command shows", () => {
  const finding: JudgedFinding = {
    rule: "write-unscoped",
    policy: "iam-roles-hold-least-privilege",
    severity: "high",
    level: "mandatory",
    resource: "urn:pulumi:prod::clickstream::clickstream:ingest:BeaconApi$clickstream:iam:Role::beacons",
    subject: "inline: Statement[0]",
    statement: "WriteInput",
    message: "kinesis:PutRecord is allowed on every resource",
    fix: "narrow the capability",
    url: "https://example.com/why",
    source: "infra/ingest/beacon-api.ts:80",
  };
  const key: JudgedFinding = {
    ...finding,
    rule: "kms-keys-rotate",
    severity: "low",
    level: "advisory",
    statement: null,
  };
  const waived = { ...key, waiver: "until 2027-03-31 by platform: agreed" };

  it("is grouped by resource, with the line, the fix and the page; what is waived with who waived it", () => {
    assert.equal(
      renderJudgement({ findings: [finding, key], waived: [waived] }),
      [
        "Role beacons (infra/ingest/beacon-api.ts:80)",
        "  high     write-unscoped",
        "           statement WriteInput: kinesis:PutRecord is allowed on every resource",
        "           fix: narrow the capability",
        "           see: https://example.com/why",
        "  low      kms-keys-rotate (advisory)",
        "           kinesis:PutRecord is allowed on every resource",
        "           fix: narrow the capability",
        "           see: https://example.com/why",
        "  waived   kms-keys-rotate",
        "           kinesis:PutRecord is allowed on every resource",
        "           until 2027-03-31 by platform: agreed",
        "",
        "2 findings at 1 resource, 1 waived",
      ].join("\n"),
    );
    assert.equal(summaryOf({ findings: [], waived: [] }), "no findings");
  });

  it("is SARIF that code scanning takes: rules once, places, identities that outlive a moved line, waivers as suppressions", () => {
    const sarif = toSarif({ findings: [finding], waived: [waived] }) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    const [only] = sarif.runs;
    assert.deepEqual(
      only?.tool.driver.rules.map(({ id }) => id),
      ["write-unscoped", "kms-keys-rotate"],
    );
    assert.deepEqual(only?.results[0], {
      ruleId: "write-unscoped",
      level: "error",
      message: { text: "kinesis:PutRecord is allowed on every resource. Fix: narrow the capability" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "infra/ingest/beacon-api.ts", uriBaseId: "ROOT" },
            region: { startLine: 80 },
          },
          logicalLocations: [{ fullyQualifiedName: finding.resource, kind: "resource" }],
        },
      ],
      partialFingerprints: { "finding/v1": `write-unscoped|${finding.resource}|WriteInput|inline: Statement[0]` },
    });
    assert.deepEqual(only?.results[1]?.["suppressions"], [{ kind: "external", justification: waived.waiver }]);
  });
});
