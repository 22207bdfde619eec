/** `clickstream guard`: may this change be made? Reads what was recorded of it, and asks nobody. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { SubmittedApproval } from "../../functions/inspect/approval";
import type { InspectedChange } from "../../functions/inspect/change";
import { ChangeInputError } from "../../functions/inspect/change-input-error";
import { explain } from "../../functions/inspect/explain";
import { FINDING_KINDS } from "../../functions/inspect/findings/finding";
import { DEFAULT_POLICY, readGuardPolicy } from "../../functions/inspect/guard-policy";
import { judge, type Verdict } from "../../functions/inspect/judge";
import { readChangeSet } from "../../functions/inspect/cloudformation/read-change-set";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import { renderVerdict } from "../../functions/inspect/report";
import { InputError, RefusedError } from "../exit";

interface GuardOptions {
  readonly changeSet?: readonly string[];
  readonly preview?: string;
  readonly approval?: string;
  readonly policy?: string;
  readonly json?: boolean;
  readonly explain?: string;
}

const EXAMPLES = `
Record a change set, all pages and nested ones:
  aws cloudformation describe-change-set --include-property-values --change-set-name NAME --stack-name STACK > page.json
Record a preview:
  pulumi preview --json --show-sames --show-replacement-steps > preview.json`;

export function guardCommand(): Command {
  return new Command("guard")
    .description("Judges a recorded change: safe, or refused with every reason")
    .option("--change-set <files...>", "pages of DescribeChangeSet, those of nested change sets included, in any order")
    .option("--preview <file>", "a Pulumi preview: the JSON document, or the stream of engine events")
    .option("--approval <file>", "accepts named findings of exactly this change")
    .option("--policy <file>", "bounds of a mass change, hidden steps, classes of types (JSON)")
    .option("--json", "one JSON document for machines")
    .option("--explain <finding>", "says what a finding means, and does nothing else")
    .addHelpText("after", EXAMPLES)
    .action((options: GuardOptions) => {
      if (options.explain !== undefined) return console.log(explainFinding(options.explain));
      const verdict = fromInput(() => judgeFiles(options));
      console.log(options.json === true ? JSON.stringify(verdict) : renderVerdict(verdict));
      if (verdict.verdict === "refused") throw new RefusedError(summaryOf(verdict));
    });
}

function explainFinding(finding: string): string {
  // A finding's id begins with its kind.
  const text = explain(finding.split(":")[0] ?? "");
  if (text !== undefined) return text;
  throw new InputError(`--explain: got ${JSON.stringify(finding)}, allowed ${FINDING_KINDS.join(", ")}`);
}

function judgeFiles(options: GuardOptions): Verdict {
  const change = readChange(options);
  const policy = options.policy === undefined ? DEFAULT_POLICY : readGuardPolicy(readJson(options.policy));
  return judge(change, policy, options.approval === undefined ? undefined : submit(options.approval));
}

function readChange({ changeSet, preview }: GuardOptions): InspectedChange {
  if (changeSet !== undefined && preview === undefined) {
    // Some recorders write all pages into one list.
    return readChangeSet(changeSet.flatMap((file) => readJson(file)));
  }
  if (preview !== undefined && changeSet === undefined) return readPreview(readText(preview));
  throw new InputError(
    `guard: got ${changeSet === undefined ? "neither" : "both"}, allowed --change-set FILE... or --preview FILE`,
  );
}

function submit(file: string): SubmittedApproval {
  return { artefact: readJson(file), now: Date.now() };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(
      `${file}: got no JSON (${error instanceof Error ? error.message : String(error)}), allowed JSON`,
    );
  }
}

/** What cannot be judged is the user's input. */
function fromInput<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw error instanceof ChangeInputError ? new InputError(error.message) : error;
  }
}

function summaryOf({ findings }: Verdict): string {
  const kinds = [...new Set(findings.map(({ change }) => change))].join(", ");
  return `refused: ${kinds} (clickstream guard --explain FINDING tells what they mean)`;
}
