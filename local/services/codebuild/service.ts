/**
 * CodeBuild: the graph's projects. A build runs its buildspec's commands on this machine, in a folder and with a home of
 * its own, as the project's role. It is confined by what it is given and not by the kernel: a command can do what the
 * user who runs the stage can do. A build that the end of the stage cuts short has failed. Source: CodeBuild API reference.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { jsonBinding } from "../../endpoint/json-binding";
import { StageError } from "../../diagnostics";
import type { Principal } from "../../iam/principal";
import { buildOn } from "../../durable/opening";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation, type Service } from "../service";
import type { BuildRecord, ObjectPlace } from "./build";
import { BuildRun } from "./build-run";
import { BuildStore } from "./build-store";
import { describeBuild, describeProject } from "./describe";
import { readProjects, type Project } from "./project";

const placedArtifacts = z.object({
  type: z.enum(["S3", "NO_ARTIFACTS"]),
  location: z.string().optional(),
  path: z.string().optional(),
  name: z.string().optional(),
  packaging: z.enum(["ZIP", "NONE"]).optional(),
  artifactIdentifier: z.string().optional(),
});
const placedSource = z.object({ type: z.literal("S3"), location: z.string(), sourceIdentifier: z.string() });

const startShape = z.strictObject({
  projectName: z.string(),
  sourceVersion: z.string().optional(),
  sourceTypeOverride: z.enum(["S3", "NO_SOURCE"]).optional(),
  sourceLocationOverride: z.string().optional(),
  secondarySourcesOverride: z.array(placedSource).default([]),
  artifactsOverride: placedArtifacts.optional(),
  secondaryArtifactsOverride: z.array(placedArtifacts).default([]),
  environmentVariablesOverride: z
    .array(z.object({ name: z.string(), value: z.string(), type: z.literal("PLAINTEXT").optional() }))
    .default([]),
  buildspecOverride: z.string().optional(),
  timeoutInMinutesOverride: z.int().min(5).max(2160).optional(),
  idempotencyToken: z.string().optional(),
});

type StartInput = z.output<typeof startShape>;

export class CodeBuildService implements Service {
  readonly signingName = "codebuild";
  readonly binding = jsonBinding("CodeBuild_20161006", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #projects: ReadonlyMap<string, Project>;
  readonly #runs = new Map<string, { readonly run: BuildRun; readonly ended: Promise<void> }>();

  static async open(context: ServiceContext): Promise<CodeBuildService> {
    const projects = readProjects(context.graph);
    const store = await BuildStore.open(context.folder("codebuild"), context.durable);
    return buildOn(store, async () => {
      const now = context.clock.now();
      for (const build of store.all.filter(({ status }) => status === "IN_PROGRESS")) {
        await store.put({ ...build, status: "FAULT", ended: now });
      }
      return new CodeBuildService(context, projects, store);
    });
  }

  private constructor(
    private readonly context: ServiceContext,
    projects: readonly Project[],
    private readonly store: BuildStore,
  ) {
    this.#projects = new Map(projects.map((project) => [project.name, project]));
    this.operations = this.#declare();
  }

  async close(): Promise<void> {
    for (const { run } of this.#runs.values()) run.abort("FAULT");
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
    await this.store.close();
  }

  #declare(): Record<string, Operation> {
    const byBuild = (action: string, ids: readonly string[]): Check[] =>
      ids.map((id) => this.#on(action, id.split(":")[0] ?? id));
    return {
      StartBuild: operation({
        shape: startShape,
        checks: ({ projectName }) => [this.#on("StartBuild", projectName)],
        run: async (input, { caller }) => ({
          build: describeBuild(await this.#start(input, caller), this.#project(input.projectName)),
        }),
      }),
      BatchGetBuilds: operation({
        shape: z.strictObject({ ids: z.array(z.string()).min(1).max(100) }),
        checks: ({ ids }) => byBuild("BatchGetBuilds", ids.map(idOf)),
        run: async ({ ids }) => {
          await this.store.settled();
          const found = ids.map((id) => this.store.get(idOf(id)));
          return {
            builds: found
              .filter((build) => build !== undefined)
              .map((build) => describeBuild(build, this.#projects.get(build.project))),
            buildsNotFound: ids.filter((_, index) => found[index] === undefined),
          };
        },
      }),
      StopBuild: operation({
        shape: z.strictObject({ id: z.string() }),
        checks: ({ id }) => byBuild("StopBuild", [idOf(id)]),
        run: async ({ id }) => {
          const running = this.#runs.get(idOf(id));
          running?.run.abort("STOPPED");
          await running?.ended;
          return { build: describeBuild(this.#build(idOf(id)), undefined) };
        },
      }),
      ListBuildsForProject: operation({
        shape: z.strictObject({
          projectName: z.string(),
          sortOrder: z.enum(["ASCENDING", "DESCENDING"]).default("DESCENDING"),
          nextToken: z.never("was never given out: the local stage lists everything in one page").optional(),
        }),
        checks: ({ projectName }) => [this.#on("ListBuildsForProject", projectName)],
        run: async ({ projectName, sortOrder }) => {
          await this.store.settled();
          const ids = this.store.of(this.#project(projectName).name).map(({ id }) => id);
          return { ids: sortOrder === "DESCENDING" ? ids : ids.toReversed() };
        },
      }),
      BatchGetProjects: operation({
        shape: z.strictObject({ names: z.array(z.string()).min(1).max(100) }),
        checks: ({ names }) => names.map((name) => this.#on("BatchGetProjects", name)),
        run: ({ names }) => ({
          projects: names.flatMap((name) => this.#projects.get(nameOf(name)) ?? []).map(describeProject),
          projectsNotFound: names.filter((name) => !this.#projects.has(nameOf(name))),
        }),
      }),
    };
  }

  async #start(input: StartInput, caller: Principal): Promise<BuildRecord> {
    const project = this.#project(input.projectName);
    const { idempotencyToken } = input;
    const known = this.store.of(project.name).find(({ token }) => token !== undefined && token === idempotencyToken);
    if (known !== undefined) return known;
    const build = this.#make(project, input, caller);
    let run: BuildRun;
    try {
      run = new BuildRun(build, project, this.context, this.store);
    } catch (error) {
      if (error instanceof StageError)
        throw invalid(`CodeBuild is not authorized to perform: sts:AssumeRole on service role. ${error.message}`);
      throw error;
    }
    await this.store.put(build);
    const ended = this.context.clock
      .track(run.run())
      .catch((error: unknown) => this.#lose(build.id, error))
      .finally(() => this.#runs.delete(build.id));
    this.#runs.set(build.id, { run, ended });
    return build;
  }

  async #lose(id: string, error: unknown): Promise<void> {
    this.context.say(`build ${id} was lost: ${error instanceof Error ? error.message : String(error)}`);
    const build = this.#build(id);
    await this.store.put({ ...build, status: "FAULT", ended: this.context.clock.now() });
  }

  #make(project: Project, input: StartInput, caller: Principal): BuildRecord {
    const uuid = randomUUID();
    const id = `${project.name}:${uuid}`;
    const overrides = input.environmentVariablesOverride.map(({ name, value }) => [name, value] as const);
    const source = sourceOf(project, input);
    const artifacts = artifactsOf(project, input);
    const { account, region, partition } = this.context.facts;
    const now = this.context.clock.now();
    return {
      id,
      arn: `arn:${partition}:codebuild:${region}:${account}:build/${id}`,
      number: this.store.of(project.name).length + 1,
      project: project.name,
      initiator: caller.arn.split("/").slice(-2).join("/"),
      started: now,
      status: "IN_PROGRESS",
      phases: ["SUBMITTED", "QUEUED", "PROVISIONING"].map((phaseType) => ({
        phaseType,
        phaseStatus: "SUCCEEDED",
        startTime: now,
        endTime: now,
      })),
      ...(input.sourceVersion === undefined ? {} : { sourceVersion: input.sourceVersion }),
      ...(source === undefined ? {} : { source }),
      secondarySources: Object.fromEntries(
        input.secondarySourcesOverride.map(({ sourceIdentifier, location }) => [sourceIdentifier, placeOf(location)]),
      ),
      ...(artifacts === undefined ? {} : { artifacts }),
      secondaryArtifacts: Object.fromEntries(
        input.secondaryArtifactsOverride.map((each) => [each.artifactIdentifier ?? "", artifactPlace(each)]),
      ),
      variables: { ...project.variables, ...Object.fromEntries(overrides) },
      buildspec: input.buildspecOverride ?? project.source.buildspec,
      timeoutMinutes: input.timeoutInMinutesOverride ?? project.timeoutMinutes,
      ...(input.idempotencyToken === undefined ? {} : { token: input.idempotencyToken }),
      exported: [],
      reports: [],
      logStream: uuid,
    };
  }

  #on(action: string, project: string): Check {
    const { account, region, partition } = this.context.facts;
    const resource = `arn:${partition}:codebuild:${region}:${account}:project/${nameOf(project)}`;
    return { action: `codebuild:${action}`, resource };
  }

  #project(name: string): Project {
    const found = this.#projects.get(nameOf(name));
    if (found !== undefined) return found;
    const { account, region, partition } = this.context.facts;
    throw new AwsError(
      "ResourceNotFoundException",
      `Project cannot be found: arn:${partition}:codebuild:${region}:${account}:project/${name}`,
    );
  }

  #build(id: string): BuildRecord {
    const found = this.store.get(id);
    if (found === undefined) throw new AwsError("ResourceNotFoundException", `Build ${id} cannot be found`);
    return found;
  }
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidInputException", message);
}

/** A project by its name or ARN. */
function nameOf(project: string): string {
  return project.split(":project/").at(-1) ?? project;
}

/** A build by its id or ARN. */
function idOf(build: string): string {
  return build.split(":build/").at(-1) ?? build;
}

function sourceOf({ source }: Project, input: StartInput): ObjectPlace | undefined {
  const type = input.sourceTypeOverride ?? source.type;
  if (type === "NO_SOURCE") return undefined;
  const location = input.sourceLocationOverride ?? source.location;
  if (type === "S3" && location !== undefined) return placeOf(location);
  if (type === "CODEPIPELINE") throw invalid("a project with the source CODEPIPELINE is started by a pipeline");
  throw invalid(
    `the local stage gets no sources of type ${type}: start the build with sourceTypeOverride S3 and a zip archive`,
  );
}

function artifactsOf({ artifacts }: Project, { artifactsOverride }: StartInput): ObjectPlace | undefined {
  const { type, location, path, name } = artifactsOverride ?? artifacts;
  return type === "S3" ? artifactPlace({ location, path, name }) : undefined;
}

function artifactPlace({
  location,
  path,
  name,
}: {
  location?: string | undefined;
  path?: string | undefined;
  name?: string | undefined;
}): ObjectPlace {
  if (location === undefined) throw invalid("artifacts in S3 need a location: the name of the bucket");
  return {
    bucket: location,
    key: [path, name ?? "artifacts.zip"].filter((part) => part !== undefined && part !== "").join("/"),
  };
}

/** `bucket/key`, or `arn:aws:s3:::bucket/key`. */
function placeOf(location: string): ObjectPlace {
  const path = location.replace(/^arn:[^:]+:s3:::/, "");
  const slash = path.indexOf("/");
  if (slash < 1) throw invalid(`a source in S3 is bucket/key, got ${location}`);
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
