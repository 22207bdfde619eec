/** The projects of a release: the build of what was pushed, the preview that cannot write, and the apply that is bounded. */
import type * as pulumi from "@pulumi/pulumi";
import { interpolate } from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import type { Foundation } from "../core/foundation";
import { canApply, canPreview, type StageNames } from "./apply-access";
import { BuildProject, type BuildNetwork } from "./build-project";
import { applySpec, buildSpec, previewSpec } from "./buildspecs";
import { backendUrlOf, canOpenSecrets } from "./pulumi-state";
import type { ReleaseStore } from "./release-store";

export interface ReleaseBuildsArgs {
  readonly on: Foundation;
  readonly store: ReleaseStore;
  readonly artifacts: ReleaseStore;
  /** Bucket of the state of Pulumi's stacks. */
  readonly state: ReleaseStore;
  /** Stages whose graphs are judged. */
  readonly stages: readonly string[];
  /** What stages consist of, by name. */
  readonly names: StageNames;
  /** Commands by which the build checks what was pushed. @default - check, tests, and the policies on every stage */
  readonly checks?: readonly string[];
  /** @default - outside of any VPC */
  readonly network?: BuildNetwork;
}

export interface ReleaseBuilds {
  readonly build: BuildProject;
  readonly preview: BuildProject;
  readonly apply: BuildProject;
}

export function createReleaseBuilds(args: ReleaseBuildsArgs, opts?: pulumi.ComponentResourceOptions): ReleaseBuilds {
  const { on, store, artifacts, state, stages, names } = args;
  const where = args.network === undefined ? { on } : { on, network: args.network };
  const environment = {
    RELEASE_BUCKET: store.name,
    PULUMI_BACKEND_URL: backendUrlOf(state, on),
  };
  const source = artifacts.canRead("", "unpacks what was pushed");
  const build = new BuildProject(
    "build",
    {
      ...where,
      description: "Installs, checks and tests what was pushed, and judges every stage's graph",
      buildspec: buildSpec(stages, args.checks),
      source: "pipeline",
      access: [source, artifacts.canWrite("", "hands on what it built"), canReport(on)],
      timeoutMinutes: 60,
    },
    opts,
  );
  const preview = new BuildProject(
    "preview",
    {
      ...where,
      description: "Previews a stack; it cannot write anything but the preview",
      buildspec: previewSpec(),
      source: "started",
      access: [
        source,
        state.canSeeState("reads the state of the stack"),
        canOpenSecrets(on),
        canPreview(),
        store.canWrite("previews", "keeps the preview"),
      ],
      environment,
      timeoutMinutes: 45,
    },
    opts,
  );
  const apply = new BuildProject(
    "apply",
    {
      ...where,
      description: "Applies a change that was inspected, and only while it is that change",
      buildspec: applySpec(),
      source: "started",
      access: [
        source,
        state.canKeepState("keeps the state of the stack"),
        canOpenSecrets(on),
        canApply(on, names),
        store.canWrite("updates", "keeps what the update did"),
      ],
      environment,
      timeoutMinutes: 60,
    },
    opts,
  );
  return { build, preview, apply };
}

function canReport({ place: { partition, region, account } }: Foundation): Capability {
  return permits({
    sid: "ReportTests",
    reason: "shows how the tests went",
    actions: [
      ...(["codebuild:BatchPutTestCases", "codebuild:CreateReport"] as const),
      ...(["codebuild:CreateReportGroup", "codebuild:UpdateReport"] as const),
    ],
    targets: [
      {
        arn: interpolate`arn:${partition}:codebuild:${region}:${account}:report-group/build-*`,
        pattern: `arn:${partition}:codebuild:${region}:*:report-group/build-*`,
      },
    ],
    idle: "CodeBuild makes reports on its behalf",
  });
}
