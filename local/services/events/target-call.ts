/** What EventBridge does to a target, by the kind of its ARN: functions and topics let it in themselves, others by a role. */

export interface TargetCall {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

interface Kind {
  readonly arn: RegExp;
  /** Whether the target names a role to call it as. */
  readonly byRole: boolean;
  readonly call: (arn: string, payload: string) => TargetCall;
}

const KINDS: readonly Kind[] = [
  {
    arn: /^arn:[^:]+:lambda:[^:]*:\d+:function:/,
    byRole: false,
    call: (FunctionName, Payload) => ({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName, InvocationType: "Event", Payload },
    }),
  },
  {
    arn: /^arn:[^:]+:sns:/,
    byRole: false,
    call: (TopicArn, Message) => ({ service: "sns", operation: "Publish", input: { TopicArn, Message } }),
  },
  {
    arn: /^arn:[^:]+:codepipeline:[^:]*:\d+:[\w.@-]+$/,
    byRole: true,
    call: (arn) => ({
      service: "codepipeline",
      operation: "StartPipelineExecution",
      input: { name: arn.split(":").at(-1) },
    }),
  },
];

/** What keeps a target from being called here; nothing when it can be. */
export function targetProblem(arn: string, roleArn: string | undefined): string | undefined {
  const kind = kindOf(arn);
  if (kind === undefined) return `the local stage calls functions, topics and pipelines, got the target ${arn}`;
  if (kind.byRole === (roleArn !== undefined)) return undefined;
  return kind.byRole ? `${arn} needs a roleArn to be called as` : `${arn} is called without a role, got ${roleArn}`;
}

/** @throws TypeError for an ARN that has a {@link targetProblem} */
export function callOf(arn: string, payload: string): TargetCall {
  const kind = kindOf(arn);
  if (kind === undefined) throw new TypeError(`${arn} is no target`);
  return kind.call(arn, payload);
}

function kindOf(arn: string): Kind | undefined {
  return KINDS.find((kind) => kind.arn.test(arn));
}
