/** `clickstream policy`: is a stage, or one IAM document, as it must be? Asks neither cloud nor CLI. */
import { Command, Option } from "commander";
import { InputError, RefusedError } from "../exit";
import type { DocumentOptions } from "../policy/judge-document";
import type { Judgement } from "../policy/judged";

interface PolicyOptions extends DocumentOptions {
  readonly stage?: string;
  readonly document?: string;
  readonly against?: string;
  readonly json?: boolean;
  readonly sarif?: string;
}

const EXAMPLES = `
A stage, with findings for code scanning:
  clickstream policy --stage prod --sarif policy.sarif
A stage, with the access that main does not have yet:
  git show main:stacks/iam-matrix.txt > main.txt && clickstream policy --stage prod --against main.txt
A document of anybody's:
  aws iam get-role-policy --role-name ROLE --policy-name POLICY --query PolicyDocument > policy.json
  clickstream policy --document policy.json --as identity
A role's trust, where a partner's account may be trusted:
  clickstream policy --document trust.json --as trust --account 111122223333 --known-accounts 444455556666
The same rules under the Pulumi CLI:
  pulumi preview --policy-pack policies --policy-pack-config policies/config/prod.json`;

export function policyCommand(): Command {
  return new Command("policy")
    .description("Judges a stage by the policy pack, or one IAM document by its engine")
    .option("--stage <name>", "stage to judge: local, dev, prod or your own")
    .option("--document <file>", "an IAM document (JSON)")
    .addOption(
      new Option("--as <kind>", "what the document is attached to (default: identity)").choices([
        "identity",
        "trust",
        "resource",
      ]),
    )
    .option("--account <id>", "the account that the document lives in: every other one is foreign")
    .option("--known-accounts <ids...>", "foreign accounts that may be trusted (default: none without an external id)")
    .option("--against <file>", "matrix of the access that is known (default: the committed one)")
    .option("--json", "one JSON document for machines")
    .option("--sarif <file>", "writes the findings for code scanning, too")
    .addHelpText("after", EXAMPLES)
    .action(async (options: PolicyOptions) => {
      const judgement = await judge(options);
      const [{ renderJudgement, summaryOf }, { toSarif }, { writeFile }] = await Promise.all([
        import("../policy/report"),
        import("../policy/sarif"),
        import("node:fs/promises"),
      ]);
      if (options.sarif !== undefined) await writeFile(options.sarif, JSON.stringify(toSarif(judgement), undefined, 2));
      console.log(options.json === true ? JSON.stringify(judgement) : renderJudgement(judgement));
      if (judgement.findings.length > 0) throw new RefusedError(summaryOf(judgement));
    });
}

async function judge({ stage, document, against, ...options }: PolicyOptions): Promise<Judgement> {
  const { as, account, knownAccounts } = options;
  if (stage !== undefined && document === undefined) {
    if (as !== undefined) throw new InputError("--as belongs to --document: a stage's documents say what they are");
    if (account !== undefined || knownAccounts !== undefined)
      throw new InputError("--account and --known-accounts belong to --document: a stage knows its own account");
    const [{ loadStage }, { judgeGraph, readPackConfig, withMatrix }] = await Promise.all([
      import("../project"),
      import("../policy/judge-stage"),
    ]);
    const levels = readPackConfig(stage);
    const config = against === undefined ? levels : withMatrix(levels, against);
    const { graph } = await loadStage(stage);
    return judgeGraph(graph, config);
  }
  if (document !== undefined && stage === undefined) {
    if (against !== undefined) throw new InputError("--against belongs to --stage: a document alone has no role");
    const { judgeDocument } = await import("../policy/judge-document");
    return judgeDocument(document, options);
  }
  throw new InputError(
    `policy: got ${stage === undefined ? "neither" : "both"}, allowed --stage NAME or --document FILE`,
  );
}
