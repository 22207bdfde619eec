/**
 * The pipeline as data: which stages and actions it has, in which order, with what they are told. Pure; `pipeline.ts` makes
 * it of CodePipeline.
 */
import type { Input } from "@pulumi/pulumi";
import { InputProblems } from "../core/problems";
import type { DeployBy, Deployment, ReleaseStage, Source } from "./release-stage";

export interface BlueprintArgs {
  readonly source: Source;
  readonly stages: readonly ReleaseStage[];
  readonly deployBy: DeployBy;
}

/** What actions refer to. */
export interface BlueprintParts {
  readonly connectionArn: Input<string>;
  readonly buildProject: Input<string>;
  readonly trigger: Input<string>;
  readonly machine: Input<string>;
  readonly releaseBucket: Input<string>;
  readonly approvalTopic: Input<string>;
}

export interface PlannedStage {
  readonly name: string;
  readonly actions: readonly PlannedAction[];
}

export interface PlannedAction {
  readonly name: string;
  readonly category: "Source" | "Build" | "Invoke" | "Approval" | "Deploy";
  readonly provider: string;
  readonly runOrder: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Under which its output variables are known. */
  readonly namespace?: string;
  /** Objects travel as JSON text. */
  readonly configuration: Readonly<Record<string, Input<string> | object>>;
  readonly timeoutMinutes?: number;
}

export const SOURCE_OUTPUT = "SourceOutput";
export const BUILD_OUTPUT = "BuildOutput";

/** A machine may take five hours; CodePipeline's own limit for a Lambda action is one. */
const LONGEST_DEPLOYMENT_MINUTES = 320;
const PIPELINE_EXECUTION = "#{codepipeline.PipelineExecutionId}";

/** @throws pulumi.InputPropertiesError */
export function planBlueprint(name: string, args: BlueprintArgs, parts: BlueprintParts): PlannedStage[] {
  checkBlueprint(name, args);
  return [
    { name: "Source", actions: [planSource(args.source, parts)] },
    { name: "Build", actions: [planBuild(parts)] },
    ...args.stages.map((stage) => planStage(stage, args.deployBy, parts)),
  ];
}

/** Key of the file with the machine's input: `inputs/dev/platform.json`. */
export function inputKeyOf(stage: string, deployment: Deployment): string {
  return `inputs/${stage}/${titleOf(deployment)}.json`;
}

/** What the machine is started with, beside what the trigger adds. */
export function machineInputOf(stage: string, deployment: Deployment): Record<string, unknown> {
  if (deployment.engine === "pulumi") return { environmentName: stage, engine: "pulumi" };
  return { environmentName: stage, ...deployment };
}

function titleOf(deployment: Deployment): string {
  return deployment.engine === "pulumi" ? "platform" : deployment.stackName;
}

function planSource(source: Source, { connectionArn }: BlueprintParts): PlannedAction {
  const common = { name: "Source", category: "Source" as const, runOrder: 1, inputs: [], outputs: [SOURCE_OUTPUT] };
  if (source.kind === "codecommit") {
    const { repository, branch } = source;
    const configuration = { RepositoryName: repository, BranchName: branch, PollForSourceChanges: "false" };
    return { ...common, provider: "CodeCommit", namespace: "Source", configuration };
  }
  return {
    ...common,
    provider: "CodeStarSourceConnection",
    namespace: "Source",
    configuration: {
      ConnectionArn: connectionArn,
      FullRepositoryId: source.repository,
      BranchName: source.branch,
      // The pipeline's own trigger filters pushes.
      DetectChanges: "false",
      OutputArtifactFormat: "CODE_ZIP",
    },
  };
}

function planBuild({ buildProject }: BlueprintParts): PlannedAction {
  return {
    name: "Build",
    category: "Build",
    provider: "CodeBuild",
    runOrder: 1,
    inputs: [SOURCE_OUTPUT],
    outputs: [BUILD_OUTPUT],
    namespace: "Build",
    configuration: { ProjectName: buildProject },
  };
}

function planStage(
  { name, deployments, approval = false }: ReleaseStage,
  by: DeployBy,
  parts: BlueprintParts,
): PlannedStage {
  const actions = deployments.flatMap((deployment, index) => {
    const first = index * 4 + 1;
    const work = { stage: name, deployment, by, parts, several: deployments.length > 1 };
    if (by === "step-functions") {
      const kept = planKeep(work, first);
      return [
        ...(index === 0 ? [kept] : []),
        ...(approval ? [planApproval(work, first + 1)] : []),
        planNative(work, first + 2),
      ];
    }
    if (!approval) return [planDeploy(work, first)];
    return [planReview(work, first), planApproval(work, first + 1), planDeploy(work, first + 2, reviewOf(work))];
  });
  return { name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, actions };
}

interface Work {
  readonly stage: string;
  readonly deployment: Deployment;
  readonly by: DeployBy;
  readonly parts: BlueprintParts;
  readonly several: boolean;
}

const nameOf = (verb: string, { deployment, several }: Work): string =>
  several ? `${verb}-${titleOf(deployment)}` : verb;

/** Output variables of the action that reviews a deployment. */
function reviewOf(work: Work): string {
  return `${nameOf("Review", work)}-${work.stage}`;
}

function planReview(work: Work, runOrder: number): PlannedAction {
  return { ...planInvoke(work, "Review", runOrder, { mode: "review" }), namespace: reviewOf(work) };
}

/** @param review namespace of the review that the deployment is bound to */
function planDeploy(work: Work, runOrder: number, review?: string): PlannedAction {
  const reviewed =
    review === undefined
      ? {}
      : {
          reviewed: {
            subject: `#{${review}.subject}`,
            digest: `#{${review}.digest}`,
            evidence: `#{${review}.evidence}`,
          },
        };
  return { ...planInvoke(work, "Deploy", runOrder, reviewed), namespace: `${nameOf("Deploy", work)}-${work.stage}` };
}

function planInvoke(work: Work, verb: string, runOrder: number, more: object): PlannedAction {
  const { stage, deployment, parts } = work;
  const action = nameOf(verb, work);
  return {
    name: action,
    category: "Invoke",
    provider: "Lambda",
    runOrder,
    inputs: [SOURCE_OUTPUT],
    outputs: [],
    timeoutMinutes: LONGEST_DEPLOYMENT_MINUTES,
    configuration: {
      FunctionName: parts.trigger,
      UserParameters: {
        s3Bucket: parts.releaseBucket,
        stateMachineFile: inputKeyOf(stage, deployment),
        pipelineExecutionId: PIPELINE_EXECUTION,
        action: `${stage}-${action}`,
        ...more,
      },
    },
  };
}

function planApproval(work: Work, runOrder: number): PlannedAction {
  const review = reviewOf(work);
  const shown =
    work.by === "lambda"
      ? `#{${review}.verdict}, digest #{${review}.digest}: #{${review}.summary}`
      : `Release to ${work.stage}: the verdict follows when the machine inspects`;
  return {
    name: nameOf("Approve", work),
    category: "Approval",
    provider: "Manual",
    runOrder,
    inputs: [],
    outputs: [],
    configuration: { NotificationArn: work.parts.approvalTopic, CustomData: shown },
  };
}

/** The native action is not told where its artifact is: the artifact is put where the machine can know it. */
function planKeep(work: Work, runOrder: number): PlannedAction {
  return {
    name: "Keep",
    category: "Deploy",
    provider: "S3",
    runOrder,
    inputs: [SOURCE_OUTPUT],
    outputs: [],
    configuration: {
      BucketName: work.parts.releaseBucket,
      ObjectKey: `revisions/${work.stage}/${PIPELINE_EXECUTION}.zip`,
      Extract: "false",
    },
  };
}

function planNative(work: Work, runOrder: number): PlannedAction {
  const { stage, deployment, parts } = work;
  return {
    name: nameOf("Deploy", work),
    category: "Invoke",
    provider: "StepFunctions",
    runOrder,
    inputs: [],
    outputs: [],
    configuration: {
      StateMachineArn: parts.machine,
      ExecutionNamePrefix: stage,
      InputType: "Literal",
      Input: {
        ...machineInputOf(stage, deployment),
        revisionS3Bucket: parts.releaseBucket,
        revisionS3Key: `revisions/${stage}/${PIPELINE_EXECUTION}.zip`,
      },
    },
  };
}

function checkBlueprint(name: string, { source, stages }: BlueprintArgs): void {
  const problems = new InputProblems(`Pipeline ${name}`);
  const isRepository = source.kind === "connection" ? /^[\w.-]+(\/[\w.-]+)+$/ : /^[\w.-]{1,100}$/;
  problems.expect(
    isRepository.test(source.repository),
    "source.repository",
    source.repository,
    source.kind === "connection" ? '"owner/name"' : "the name of a repository",
  );
  problems.expect(/^[\w./-]{1,255}$/.test(source.branch), "source.branch", source.branch, "the name of a branch");
  problems.expect(stages.length > 0, "stages", [], "at least one stage");
  const names = stages.map((stage) => stage.name);
  problems.expect(new Set(names).size === names.length, "stages", names, "stages with different names");
  for (const stage of stages) {
    problems.expect(
      /^[a-z][a-z0-9-]{0,19}$/.test(stage.name),
      "stages.name",
      stage.name,
      "1..20 lower-case letters, digits and hyphens",
    );
    const titles = stage.deployments.map(titleOf);
    problems.expect(
      titles.length > 0 && new Set(titles).size === titles.length,
      `stages.${stage.name}.deployments`,
      titles,
      "at least one deployment, each once",
    );
  }
  problems.throwIfAny();
}
