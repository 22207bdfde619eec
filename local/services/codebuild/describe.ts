/** Builds and projects as the API shows them; times are seconds. */
import type { BuildRecord, ObjectPlace, PhaseRecord } from "./build";
import type { Project } from "./project";

export function describeBuild(build: BuildRecord, project: Project | undefined): object {
  const { id, arn, number, status, phases, source, artifacts, exported, reports, logStream, sourceVersion } = build;
  const last = phases.at(-1);
  return {
    id,
    arn,
    buildNumber: number,
    projectName: build.project,
    startTime: build.started / 1000,
    endTime: build.ended === undefined ? undefined : build.ended / 1000,
    currentPhase: last?.phaseType,
    buildStatus: status,
    buildComplete: status !== "IN_PROGRESS",
    initiator: build.initiator,
    sourceVersion,
    resolvedSourceVersion: sourceVersion,
    source: { type: source === undefined ? "NO_SOURCE" : "S3", location: source && pathOf(source) },
    artifacts: artifacts === undefined ? undefined : { location: `arn:aws:s3:::${pathOf(artifacts)}` },
    secondaryArtifacts: Object.entries(build.secondaryArtifacts).map(([artifactIdentifier, place]) => ({
      artifactIdentifier,
      location: `arn:aws:s3:::${pathOf(place)}`,
    })),
    phases: phases.map(describePhase),
    serviceRole: project?.roleArn,
    timeoutInMinutes: build.timeoutMinutes,
    exportedEnvironmentVariables: exported,
    reportArns: reports,
    logs: { groupName: project?.logGroup, streamName: logStream },
  };
}

export function describeProject({ name, arn, roleArn, description, source, artifacts, image }: Project): object {
  return {
    name,
    arn,
    description,
    serviceRole: roleArn,
    source: { type: source.type, location: source.location, buildspec: source.buildspec },
    artifacts: { type: artifacts.type, location: artifacts.location },
    environment: { type: "LINUX_CONTAINER", image, computeType: "BUILD_GENERAL1_MEDIUM" },
  };
}

function describePhase({ startTime, endTime, ...phase }: PhaseRecord): object {
  return {
    ...phase,
    startTime: startTime / 1000,
    endTime: endTime === undefined ? undefined : endTime / 1000,
    durationInSeconds: endTime === undefined ? undefined : Math.round((endTime - startTime) / 1000),
  };
}

function pathOf({ bucket, key }: ObjectPlace): string {
  return `${bucket}/${key}`;
}
