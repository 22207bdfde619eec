/** Source: the archive of the revision that was announced becomes the artifact. Nothing is fetched from a repository. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { putObject, type ActionCall, type ActionContext, type ActionKind } from "./action";

export const source: ActionKind = {
  timeoutMinutes: 60,
  async begin(call) {
    const { execution, pipeline, record, context } = call;
    const { revision } = execution;
    if (revision === undefined) {
      return {
        kind: "failed",
        code: "RevisionUnavailable",
        message: "no revision has been announced to this pipeline",
      };
    }
    const archive = await readFile(archiveOf(context, pipeline.name, revision.id));
    for (const { bucket, key } of record.outputs) await putObject(call, bucket, key, archive);
    const variables = variablesOf(call);
    return { kind: "succeeded", variables, change: { externalId: revision.id, summary: revision.summary } };
  },
  look: (call) => source.begin(call),
};

/** Where the archive of an announced revision is kept. */
export function archiveOf({ folder }: Pick<ActionContext, "folder">, pipeline: string, revision: string): string {
  return join(folder("codepipeline", "revisions", pipeline), `${revision.replace(/[^\w.-]/g, "_")}.zip`);
}

function variablesOf({ execution, action }: ActionCall): Record<string, string> {
  const { id = "", summary = "", branch = "" } = execution.revision ?? {};
  const shared = { CommitId: id, CommitMessage: summary, BranchName: branch, AuthorDate: "" };
  const { FullRepositoryId, RepositoryName, ConnectionArn } = action.configuration;
  if (RepositoryName !== undefined) return { ...shared, RepositoryName, CommitterDate: "" };
  return { ...shared, FullRepositoryName: FullRepositoryId ?? "", ConnectionArn: ConnectionArn ?? "" };
}
