/** Managed policies of AWS that no workload should hold: AWS widens them whenever it likes. */
import type { Finding } from "../finding";
import { find, type Rule } from "../rule";

export const MANAGED: Rule = {
  id: "managed-policy-broad",
  severity: "high",
  catches: "a managed policy of AWS that gives far more than a workload needs",
  why: "It is as broad as a whole job, and grows with every service AWS adds to it.",
  documentation: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/about-managed-policy-reference.html",
};

/** Policies by the end of their ARN; `*FullAccess` and power users by their names. */
const CRITICAL =
  /^(AdministratorAccess|IAMFullAccess|PowerUserAccess|AWSOrganizationsFullAccess|job-function\/SystemAdministrator|AdministratorAccess-.+)$/;
const BROAD = /(FullAccess|Administrator|DatabaseAdministrator|NetworkAdministrator|SecretsManagerReadWrite)(_v\d+)?$/;
/** Reading everything includes data: parameters, objects, items. */
const READS_DATA = /^(ReadOnlyAccess|AmazonS3ReadOnlyAccess|AmazonSSMReadOnlyAccess|AmazonDynamoDBReadOnlyAccess)$/;

export function managedPolicies(arns: readonly string[]): readonly Finding[] {
  return arns.flatMap((arn, index) => {
    const name = /^arn:aws[a-z-]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
    if (name === undefined || name.startsWith("service-role/") || name.startsWith("aws-service-role/")) return [];
    const critical = CRITICAL.test(name);
    if (!critical && !BROAD.test(name) && !READS_DATA.test(name)) return [];
    return [
      find(MANAGED, {
        place: `managedPolicies[${index}]`,
        resource: arn,
        what: `${name} is attached`,
        fix: "write the statements that are needed",
        ...(critical ? { severity: "critical" } : {}),
      }),
    ];
  });
}
