/** Build and Test by CodeBuild: a build with the input artifacts as sources, watched until it ends. */
import type { ActionCall, ActionKind, Standing } from "./action";

const POLL_MS = 1_000;

interface Build {
  readonly id: string;
  readonly buildStatus: string;
  readonly phases?: readonly { readonly contexts?: readonly { readonly message: string }[] }[];
  readonly exportedEnvironmentVariables?: readonly { readonly name: string; readonly value: string }[];
}

export const codeBuild: ActionKind = {
  timeoutMinutes: 480,
  async begin(call) {
    const { record, session, context, execution } = call;
    const { ProjectName = "", PrimarySource, EnvironmentVariables } = record.configuration;
    const primary = record.inputs.find(({ name }) => name === PrimarySource) ?? record.inputs[0];
    const [first, ...more] = record.outputs;
    const placed = ({ bucket, key }: { bucket: string; key: string }) => ({
      type: "S3",
      location: bucket,
      name: key,
      packaging: "ZIP",
    });
    const several = more.length > 0;
    const input = {
      projectName: ProjectName,
      idempotencyToken: record.id,
      ...(execution.revision === undefined ? {} : { sourceVersion: execution.revision.id }),
      ...(primary === undefined
        ? {}
        : { sourceTypeOverride: "S3", sourceLocationOverride: `${primary.bucket}/${primary.key}` }),
      secondarySourcesOverride: record.inputs
        .filter((each) => each !== primary)
        .map(({ name, bucket, key }) => ({ type: "S3", sourceIdentifier: name, location: `${bucket}/${key}` })),
      artifactsOverride: first === undefined || several ? { type: "NO_ARTIFACTS" } : placed(first),
      secondaryArtifactsOverride: several
        ? record.outputs.map((each) => ({ ...placed(each), artifactIdentifier: each.name }))
        : [],
      environmentVariablesOverride: variablesIn(EnvironmentVariables),
    };
    const { build } = (await context.dispatch(session, "codebuild", "StartBuild", input)) as { build: Build };
    return { kind: "waiting", again: POLL_MS, change: { externalId: build.id } };
  },
  async look(call) {
    const { session, context, record } = call;
    const ids = [record.externalId ?? ""];
    const { builds } = (await context.dispatch(session, "codebuild", "BatchGetBuilds", { ids })) as { builds: Build[] };
    return standingOf(builds[0]);
  },
  async abandon({ session, context, record }: ActionCall) {
    if (record.externalId !== undefined)
      await context.dispatch(session, "codebuild", "StopBuild", { id: record.externalId });
  },
};

function standingOf(build: Build | undefined): Standing {
  if (build === undefined) return { kind: "failed", code: "JobFailed", message: "the build is gone" };
  if (build.buildStatus === "IN_PROGRESS") return { kind: "waiting", again: POLL_MS };
  if (build.buildStatus === "SUCCEEDED") {
    const exported = (build.exportedEnvironmentVariables ?? []).map(({ name, value }) => [name, value] as const);
    return { kind: "succeeded", variables: Object.fromEntries(exported) };
  }
  const reason = build.phases?.flatMap(({ contexts = [] }) => contexts)[0]?.message ?? build.buildStatus;
  return { kind: "failed", code: "JobFailed", message: `Build terminated with state: ${build.buildStatus}. ${reason}` };
}

function variablesIn(text: string | undefined): object[] {
  if (text === undefined) return [];
  return (JSON.parse(text) as { name: string; value: string }[]).map(({ name, value }) => ({ name, value }));
}
