/**
 * The same for a stack of Pulumi: a build previews with a role that cannot write, the preview is inspected, another build
 * applies it if it is still what was inspected, and what it did is compared.
 */
import type { Input } from "@pulumi/pulumi";
import { added, call, expression, failure, onFailure, quoted, task, type State } from "./language";

export interface PreviewParts {
  readonly inspect: Input<string>;
  /** Names of the projects. */
  readonly previewProject: Input<string>;
  readonly applyProject: Input<string>;
}

/** Times that the state of the stack may move between preview and update. */
const MOST_ROUNDS = 3;
const LONGEST_BUILD_SECONDS = 3600;
const FAILED = "Tell Operators";

const keyed = (folder: string, extension: string): string =>
  expression(`"${folder}/" & $states.context.Execution.Name & "/" & $string($round) & "${extension}"`);

export function previewPath({ inspect, previewProject, applyProject }: PreviewParts): Record<string, State> {
  return {
    "Preview Change": task("codebuild:startBuild.sync", {
      arguments: build(previewProject, { PREVIEW_KEY: keyed("previews", ".json") }),
      adds: `{"stack": $states.input.environmentName, "preview": "previews/" & $states.context.Execution.Name & "/" & $string($round) & ".json"}`,
      timeoutSeconds: LONGEST_BUILD_SECONDS,
      catches: onFailure("NotPreviewed", FAILED),
      next: "Inspect Preview",
    }),
    "Inspect Preview": call(
      inspect,
      {
        task: "inspect-preview",
        preview: expression("$states.input.preview"),
        evidence: keyed("evidence", ".json"),
        approval: expression('"approvals/" & $states.input.environmentName & ".json"'),
      },
      {
        adds: "$states.result.Payload",
        assigns: { summary: expression("$states.result.Payload.summary") },
        catches: onFailure("NotInspected", FAILED),
        next: "Safe to Update Infra?",
      },
    ),
    "Apply Change": task("codebuild:startBuild.sync", {
      arguments: build(applyProject, {
        INSPECTED_DIGEST: expression("$states.input.digest"),
        UPDATE_KEY: keyed("updates", ".ndjson"),
      }),
      timeoutSeconds: LONGEST_BUILD_SECONDS,
      // An update that failed half-way is not begun again by itself.
      retries: ["CodeBuild.SdkClientException", "CodeBuild.AccountLimitExceededException"],
      catches: onFailure("NotApplied", "Explain Failed Build"),
      next: "Compare Update",
    }),
    "Compare Update": call(inspect, comparison(), {
      adds: '{"comparison": $states.result.Payload}',
      catches: onFailure("NotCompared", FAILED),
      next: "Updated As Inspected?",
    }),
    "Updated As Inspected?": {
      Type: "Choice",
      Choices: [
        {
          Condition: expression("$states.input.comparison.begun and $states.input.comparison.matches"),
          Assign: { outcome: "updated" },
          Next: "Deployment Succeeded",
        },
        {
          // The build found another state, or a lock, and left everything as it was.
          Condition: expression(
            `$not($states.input.comparison.begun) and $round < ${MOST_ROUNDS} and $not($exists($states.input.reviewed))`,
          ),
          Assign: { round: expression("$round + 1") },
          Next: "Preview Change",
        },
      ],
      Default: FAILED,
      Assign: failure(
        "NotAsInspected",
        '$states.input.comparison.begun ? $states.input.comparison.summary : $exists($states.input.reviewed) ? "what was reviewed and approved is out of date: release again" : "the state of the stack moved again and again"',
      ),
    },
    "Explain Failed Build": call(inspect, comparison(), {
      assigns: failure("NotApplied", '"the update failed: " & $states.result.Payload.summary'),
      catches: onFailure("NotApplied", FAILED, quoted("the update failed, and why cannot be told: ")),
      next: FAILED,
    }),
  };
}

/** What was reviewed before takes the place of a preview. */
export const ofReview = added('$merge([$states.input.reviewed, {"stack": $states.input.environmentName}])');

function build(project: Input<string>, variables: Readonly<Record<string, string>>): Record<string, unknown> {
  const all = { STAGE: expression("$states.input.environmentName"), ...variables };
  return {
    ProjectName: project,
    SourceTypeOverride: "S3",
    SourceLocationOverride: expression('$states.input.revisionS3Bucket & "/" & $states.input.revisionS3Key'),
    EnvironmentVariablesOverride: Object.entries(all).map(([Name, Value]) => ({ Name, Value, Type: "PLAINTEXT" })),
  };
}

function comparison(): object {
  return {
    task: "compare-update",
    update: keyed("updates", ".ndjson"),
    evidence: expression("$states.input.evidence"),
  };
}
