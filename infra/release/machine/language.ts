/**
 * States of a machine in JSONata, and the rules that all of ours keep: a task has a time limit, is tried again when AWS is
 * busy, and leads somewhere when it fails for good. Nothing here knows what is deployed.
 */
import type * as pulumi from "@pulumi/pulumi";

type Text = pulumi.Input<string>;

export interface Machine {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

export type State = TaskState | ChoiceState | WaitState | PassState | SucceedState | FailState;

/** Names of variables with what they become. */
export type Assignment = Readonly<Record<string, unknown>>;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Assignment;
  readonly Output?: unknown;
}

export interface TaskState {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments: Readonly<Record<string, unknown>>;
  readonly Assign?: Assignment;
  readonly Output: unknown;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Next: string;
}

export interface Rule {
  readonly Condition: string;
  readonly Assign?: Assignment;
  readonly Output?: unknown;
  readonly Next: string;
}

export interface ChoiceState {
  readonly Type: "Choice";
  readonly Choices: readonly Rule[];
  readonly Default: string;
  /** For the default only. */
  readonly Assign?: Assignment;
}

export interface WaitState {
  readonly Type: "Wait";
  readonly Seconds: number | string;
  readonly Assign: Assignment;
  readonly Next: string;
}

export interface PassState {
  readonly Type: "Pass";
  readonly Assign: Assignment;
  readonly Output?: unknown;
  readonly Next: string;
}

export interface SucceedState {
  readonly Type: "Succeed";
  readonly Output: unknown;
}

export interface FailState {
  readonly Type: "Fail";
  readonly Error: string;
  readonly Cause: string;
}

/** An expression. */
export const expression = (jsonata: string): string => `{% ${jsonata} %}`;

/** What the state got, and these fields beside it: nothing that is known is overwritten unless it is named here. */
export const added = (fields: string): string => expression(`$merge([$states.input, ${fields}])`);

/** A text inside of an expression. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Whether an expression is one of some texts. */
export const among = (jsonata: string, texts: readonly string[]): string =>
  `${jsonata} in [${texts.map(quoted).join(", ")}]`;

/** How a failure is told from then on. */
export const failure = (error: string, causeJsonata: string): Assignment => ({
  failure: expression(`{"error": ${quoted(error)}, "cause": ${causeJsonata}}`),
});

/** AWS is busy, a connection was lost, a function could not be run. Whatever is asked twice has the same token. */
const PASSING = [
  ...["States.Timeout", "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException"],
  ...["Lambda.TooManyRequestsException", "Lambda.ClientExecutionTimeoutException"],
  ...[
    "CloudFormation.SdkClientException",
    "CloudFormation.CloudFormationException",
    "CloudFormation.ThrottlingException",
  ],
  ...["CodeBuild.SdkClientException", "CodeBuild.CodeBuildException", "CodeBuild.AccountLimitExceededException"],
  ...["Sns.SdkClientException", "Sns.SnsException", "SNS.SdkClientException", "SNS.SNSException"],
];

export function retrying(errors: readonly string[] = PASSING): Retrier[] {
  return [
    {
      ErrorEquals: errors,
      IntervalSeconds: 2,
      MaxAttempts: 5,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    },
  ];
}

interface TaskArgs {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Fields that the result adds to what the state got. @default - nothing is added */
  readonly adds?: string;
  readonly assigns?: Assignment;
  readonly timeoutSeconds?: number;
  /** Where a failure leads that no further attempt mends. */
  readonly catches: readonly Catcher[];
  /** Errors after which the task is tried again. @default - those that pass by themselves */
  readonly retries?: readonly string[];
  readonly next: string;
}

/** A call of AWS: `task("aws-sdk:cloudformation:describeStacks", ...)`. */
export function task(integration: string, args: TaskArgs): TaskState {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::${integration}`,
    Arguments: args.arguments,
    ...(args.assigns === undefined ? {} : { Assign: args.assigns }),
    Output: args.adds === undefined ? expression("$states.input") : added(args.adds),
    TimeoutSeconds: args.timeoutSeconds ?? 60,
    Retry: retrying(args.retries),
    Catch: args.catches,
    Next: args.next,
  };
}

/** A call of one of our functions, whose answer is `$states.result.Payload`. */
export function call(name: Text, payload: unknown, args: Omit<TaskArgs, "arguments">): TaskState {
  return task("lambda:invoke", {
    timeoutSeconds: 330,
    ...args,
    arguments: { FunctionName: name, Payload: payload },
  });
}

/** Catches everything, and tells it as a failure. */
export function onFailure(error: string, next: string, whatJsonata = '""'): Catcher[] {
  const cause = `${whatJsonata} & $states.errorOutput.Error & ": " & $states.errorOutput.Cause`;
  return [
    { ErrorEquals: ["States.ALL"], Next: next, Assign: failure(error, cause), Output: expression("$states.input") },
  ];
}

/** Waits, and counts: whoever comes back here looks at `$waited`. */
export function wait(seconds: number, next: string): WaitState {
  return { Type: "Wait", Seconds: seconds, Assign: { waited: expression("$waited + 1") }, Next: next };
}
