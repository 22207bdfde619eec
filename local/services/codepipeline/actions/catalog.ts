/** Every kind of action that the stage runs, by its provider. */
import type { ActionKind } from "./action";
import { approval } from "./approval";
import { codeBuild } from "./build";
import { s3Deploy } from "./deploy";
import { lambdaFunction } from "./function";
import { source } from "./source";
import { stateMachine } from "./state-machine";

export const ACTION_KINDS: Readonly<Record<string, ActionKind>> = {
  CodeCommit: source,
  CodeStarSourceConnection: source,
  CodeBuild: codeBuild,
  Lambda: lambdaFunction,
  StepFunctions: stateMachine,
  Manual: approval,
  S3: s3Deploy,
};
