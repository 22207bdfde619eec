/** A job of CodePipeline as it reaches a Lambda invoke action; only what is needed is read, so that nothing else can leak. */
import * as z from "zod";

const name = z.string().min(1);

/** What the deploy action says about itself. */
const parameters = z.strictObject({
  /** Where the machine's input is. */
  s3Bucket: name,
  stateMachineFile: name,
  /** `#{codepipeline.PipelineExecutionId}`: part of the execution's name. */
  pipelineExecutionId: name.optional(),
  action: name.optional(),
  /** What a review in the same pipeline execution found, and people approved. */
  reviewed: z.strictObject({ subject: name, digest: name, evidence: name }).optional(),
  /** Only inspect, and leave what was inspected for the deploy action. */
  mode: z.enum(["deploy", "review"]).optional(),
});

export type ActionParameters = z.infer<typeof parameters>;

const envelope = z.object({
  "CodePipeline.job": z.object({
    id: name,
    data: z.object({
      actionConfiguration: z.object({ configuration: z.object({ UserParameters: z.string().optional() }) }),
      inputArtifacts: z.array(
        z.object({ location: z.object({ s3Location: z.object({ bucketName: name, objectKey: name }) }) }),
      ),
      continuationToken: z.string().optional(),
    }),
  }),
});

const token = z.strictObject({ stateMachineExecutionArn: name, failures: z.int().min(0).optional() });

/** What CodePipeline hands back at the next call; 2048 characters at most. */
export type ContinuationToken = z.infer<typeof token>;

export interface Job {
  readonly id: string;
  /** The text of the action, unread. */
  readonly userParameters: string | undefined;
  readonly revision: { readonly bucket: string; readonly key: string } | undefined;
  readonly continuationToken: string | undefined;
}

/** What is wrong with the action's configuration, which no retry mends. */
export class ActionConfigurationError extends Error {
  override readonly name = "ActionConfigurationError";
}

/** @throws Error when the event is no job; its content is not repeated, because it holds credentials */
export function readJob(event: unknown): Job {
  const read = envelope.safeParse(event);
  if (!read.success) {
    const at = read.error.issues.map(({ path }) => path.join(".")).join(", ");
    throw new Error(`the event is no job of CodePipeline: look at ${at}`);
  }
  const { id, data } = read.data["CodePipeline.job"];
  const location = data.inputArtifacts[0]?.location.s3Location;
  return {
    id,
    userParameters: data.actionConfiguration.configuration.UserParameters,
    revision: location === undefined ? undefined : { bucket: location.bucketName, key: location.objectKey },
    continuationToken: data.continuationToken,
  };
}

/** @throws ActionConfigurationError */
export function readParameters({ userParameters }: Job): ActionParameters {
  return parsed(
    parameters,
    userParameters,
    'UserParameters must be JSON such as {"s3Bucket":"...","stateMachineFile":"inputs/dev.json"}',
  );
}

/** @throws ActionConfigurationError when the token is none of ours */
export function readToken(text: string): ContinuationToken {
  return parsed(token, text, "the continuation token is none of this function");
}

function parsed<Shape extends z.ZodType>(shape: Shape, text: string | undefined, what: string): z.infer<Shape> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw new ActionConfigurationError(`${what}; got ${text === undefined ? "nothing" : "text that is no JSON"}`);
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  throw new ActionConfigurationError(`${what}; ${z.prettifyError(read.error)}`);
}
