/**
 * Known ways from some rights to all rights, as data: each row names the actions that together are enough.
 *
 * Facts: Rhino Security Labs, "AWS IAM privilege escalation methods"; NCC Group, PMapper; the reference of each action.
 * `wide` marks what must be granted on more than a named resource; the rest is enough on any, as what it makes is new.
 */

export interface Need {
  /** Any one of these. */
  readonly actions: readonly string[];
  readonly wide: boolean;
  /** The service a role must be passable to. */
  readonly passedTo?: string;
}

export interface Path {
  readonly id: string;
  readonly needs: readonly Need[];
  /** How it goes, as the end of "its holder can". */
  readonly how: string;
}

function wide(...actions: readonly string[]): Need {
  return { actions, wide: true };
}

function any(...actions: readonly string[]): Need {
  return { actions, wide: false };
}

/** Starts something with a role: whatever the role may do, its starter may. */
function passing(service: string, id: string, ...needs: readonly Need[]): Path {
  const pass: Need = { actions: ["iam:PassRole"], wide: true, passedTo: `${service}.amazonaws.com` };
  return {
    id: `pass-role-to-${id}`,
    needs: [pass, ...needs],
    how: `start ${id.replaceAll("-", " ")} with a stronger role`,
  };
}

export const PATHS: readonly Path[] = [
  {
    id: "new-policy-version",
    needs: [wide("iam:CreatePolicyVersion")],
    how: "write a stronger version of a policy it has",
  },
  {
    id: "old-policy-version",
    needs: [wide("iam:SetDefaultPolicyVersion")],
    how: "bring back a stronger version of a policy",
  },
  { id: "access-key", needs: [wide("iam:CreateAccessKey")], how: "make access keys of a stronger user" },
  { id: "login-profile", needs: [wide("iam:CreateLoginProfile")], how: "give a stronger user a password it knows" },
  {
    id: "login-profile-update",
    needs: [wide("iam:UpdateLoginProfile")],
    how: "change the password of a stronger user",
  },
  { id: "attach-user-policy", needs: [wide("iam:AttachUserPolicy")], how: "attach any policy to a user" },
  { id: "attach-group-policy", needs: [wide("iam:AttachGroupPolicy")], how: "attach any policy to a group" },
  { id: "attach-role-policy", needs: [wide("iam:AttachRolePolicy")], how: "attach any policy to a role" },
  { id: "put-user-policy", needs: [wide("iam:PutUserPolicy")], how: "write any policy into a user" },
  { id: "put-group-policy", needs: [wide("iam:PutGroupPolicy")], how: "write any policy into a group" },
  { id: "put-role-policy", needs: [wide("iam:PutRolePolicy")], how: "write any policy into a role" },
  { id: "join-group", needs: [wide("iam:AddUserToGroup")], how: "join a stronger group" },
  {
    id: "trust-policy",
    needs: [wide("iam:UpdateAssumeRolePolicy"), any("sts:AssumeRole")],
    how: "make a stronger role trust it, and take the role on",
  },
  {
    id: "boundary",
    needs: [wide("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")],
    how: "take its own boundary away",
  },
  {
    id: "service-credential",
    needs: [wide("iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential")],
    how: "make credentials of a stronger user",
  },
  { id: "assume-any-role", needs: [wide("sts:AssumeRole")], how: "take on every role that trusts the account" },

  passing(
    "lambda",
    "function",
    any("lambda:CreateFunction"),
    any(
      "lambda:InvokeFunction",
      "lambda:InvokeAsync",
      "lambda:AddPermission",
      "lambda:CreateEventSourceMapping",
      "lambda:CreateFunctionUrlConfig",
    ),
  ),
  passing(
    "ec2",
    "instance",
    any("ec2:RunInstances", "ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation"),
  ),
  passing(
    "ec2",
    "auto-scaling-group",
    any("autoscaling:CreateLaunchConfiguration", "ec2:CreateLaunchTemplate"),
    any("autoscaling:CreateAutoScalingGroup"),
  ),
  passing(
    "cloudformation",
    "stack",
    any(
      "cloudformation:CreateStack",
      "cloudformation:UpdateStack",
      "cloudformation:CreateChangeSet",
      "cloudformation:CreateStackSet",
    ),
  ),
  passing("glue", "glue-endpoint", any("glue:CreateDevEndpoint", "glue:CreateSession")),
  passing("glue", "glue-job", any("glue:CreateJob", "glue:UpdateJob"), any("glue:StartJobRun", "glue:CreateTrigger")),
  passing(
    "datapipeline",
    "data-pipeline",
    any("datapipeline:CreatePipeline"),
    any("datapipeline:PutPipelineDefinition"),
  ),
  passing(
    "sagemaker",
    "notebook",
    any("sagemaker:CreateNotebookInstance"),
    any("sagemaker:CreatePresignedNotebookInstanceUrl"),
  ),
  passing(
    "sagemaker",
    "training-job",
    any("sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob", "sagemaker:CreateHyperParameterTuningJob"),
  ),
  passing(
    "codebuild",
    "build",
    any("codebuild:CreateProject", "codebuild:UpdateProject"),
    any("codebuild:StartBuild", "codebuild:StartBuildBatch"),
  ),
  passing("codestar", "codestar-project", any("codestar:CreateProject")),
  passing(
    "ecs-tasks",
    "container-task",
    any("ecs:RegisterTaskDefinition"),
    any("ecs:RunTask", "ecs:StartTask", "ecs:CreateService", "ecs:UpdateService"),
  ),
  passing(
    "states",
    "state-machine",
    any("states:CreateStateMachine", "states:UpdateStateMachine"),
    any("states:StartExecution", "states:StartSyncExecution"),
  ),
  passing("batch", "batch-job", any("batch:RegisterJobDefinition"), any("batch:SubmitJob")),
  passing("elasticmapreduce", "cluster", any("elasticmapreduce:RunJobFlow")),
  passing("emr-serverless", "spark-job", any("emr-serverless:StartJobRun")),
  passing("tasks.apprunner", "container-service", any("apprunner:CreateService")),
  passing("scheduler", "schedule", any("scheduler:CreateSchedule", "scheduler:UpdateSchedule")),
  passing("ssm", "automation", any("ssm:StartAutomationExecution")),
  passing(
    "bedrock-agentcore",
    "code-interpreter",
    any("bedrock-agentcore:CreateCodeInterpreter"),
    any("bedrock-agentcore:InvokeCodeInterpreter"),
  ),

  {
    id: "function-code",
    needs: [wide("lambda:UpdateFunctionCode")],
    how: "put its code into a function with a stronger role",
  },
  {
    id: "function-layer",
    needs: [wide("lambda:UpdateFunctionConfiguration")],
    how: "put its code in front of a function with a stronger role",
  },
  {
    id: "glue-endpoint-key",
    needs: [wide("glue:UpdateDevEndpoint")],
    how: "log in to an endpoint with a stronger role",
  },
  {
    id: "notebook-login",
    needs: [wide("sagemaker:CreatePresignedNotebookInstanceUrl")],
    how: "log in to a notebook with a stronger role",
  },
  {
    id: "instance-command",
    needs: [wide("ssm:SendCommand", "ssm:StartSession")],
    how: "run commands on instances with a stronger role",
  },
  {
    id: "instance-login",
    needs: [wide("ec2-instance-connect:SendSSHPublicKey", "ec2-instance-connect:SendSerialConsoleSSHPublicKey")],
    how: "log in to instances with a stronger role",
  },
  {
    id: "instance-data",
    needs: [wide("ec2:ModifyInstanceAttribute"), wide("ec2:StopInstances"), wide("ec2:StartInstances")],
    how: "put its script into an instance with a stronger role",
  },
  {
    id: "container-login",
    needs: [wide("ecs:ExecuteCommand")],
    how: "run commands in containers with a stronger role",
  },
  {
    id: "stack-update",
    needs: [wide("cloudformation:UpdateStack")],
    how: "change a stack that is deployed with a stronger role",
  },
  {
    id: "build-project",
    needs: [wide("codebuild:UpdateProject"), wide("codebuild:StartBuild")],
    how: "run its commands in a build with a stronger role",
  },
];
