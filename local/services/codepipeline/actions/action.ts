/** What every kind of action is given, and what becomes of it. */
import type { RoleSession } from "../../../iam/principal";
import type { ServiceContext } from "../../context";
import type { Pipeline, PipelineAction } from "../pipeline";
import type { ActionRecord, ExecutionRecord } from "../record";

export type ActionContext = Pick<
  ServiceContext,
  "clock" | "dispatch" | "facts" | "credentials" | "assume" | "folder" | "tellEvent" | "say"
>;

export interface ActionCall {
  readonly pipeline: Pipeline;
  readonly execution: ExecutionRecord;
  readonly action: PipelineAction;
  readonly record: ActionRecord;
  /** The pipeline's role. */
  readonly session: RoleSession;
  readonly context: ActionContext;
}

/** How an action stands: it is over, or looked at again after a while; or somebody else will say. */
export type Standing =
  | {
      readonly kind: "succeeded";
      readonly variables?: Readonly<Record<string, string>>;
      readonly change?: Partial<ActionRecord>;
    }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly change?: Partial<ActionRecord>;
    }
  | { readonly kind: "waiting"; readonly again?: number; readonly change?: Partial<ActionRecord> };

export interface ActionKind {
  begin(call: ActionCall): Promise<Standing>;
  /** Looks how it goes; called after each `again`, and when the stage opens again. */
  look(call: ActionCall): Promise<Standing>;
  /** Ends what is under way. */
  abandon?(call: ActionCall): Promise<void>;
  /** Minutes that it may take, unless the action says otherwise. */
  readonly timeoutMinutes: number;
}

export async function getObject({ session, context }: ActionCall, bucket: string, key: string): Promise<Buffer> {
  const answer = await context.dispatch(session, "s3", "GetObject", { Bucket: bucket, Key: key });
  return Buffer.from((answer as { Body: Uint8Array }).Body);
}

export async function putObject(
  { session, context, pipeline }: ActionCall,
  bucket: string,
  key: string,
  Body: Buffer,
): Promise<void> {
  const encryption =
    pipeline.keyId === undefined || bucket !== pipeline.bucket
      ? {}
      : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: pipeline.keyId };
  const input = { Bucket: bucket, Key: key, Body, ContentType: "application/zip", ...encryption };
  await context.dispatch(session, "s3", "PutObject", input);
}
