/** One build from its sources to its artifacts, as the project's role; nothing of the operator's reaches it. */
import { readFile } from "node:fs/promises";
import { dirname, delimiter, join } from "node:path";
import type { RoleSession } from "../../iam/principal";
import type { ServiceContext } from "../context";
import type { BuildRecord, BuildStatus, ObjectPlace, PhaseRecord } from "./build";
import { BuildLog } from "./build-log";
import type { BuildStore } from "./build-store";
import { PHASES, readBuildspec, type ArtifactSpec, type Buildspec, type PhaseName } from "./buildspec";
import { runPhase, type PhaseEnd } from "./phase";
import type { Project } from "./project";
import { Workspace } from "./workspace";

export type RunContext = Pick<
  ServiceContext,
  "clock" | "dispatch" | "facts" | "credentials" | "assume" | "url" | "say" | "buildTools"
>;

/** What ends a build before its time. */
export type Abortion = "STOPPED" | "TIMED_OUT" | "FAULT";

export class BuildRun {
  #build: BuildRecord;
  readonly #session: RoleSession;
  readonly #log: BuildLog;
  readonly #abort = new AbortController();
  #aborted: Abortion | undefined;

  constructor(
    build: BuildRecord,
    private readonly project: Project,
    private readonly context: RunContext,
    private readonly store: BuildStore,
  ) {
    this.#build = build;
    const { roleArn, logGroup } = project;
    this.#session = context.assume(roleArn, "codebuild.amazonaws.com", `AWSCodeBuild-${build.logStream}`, {
      "aws:SourceArn": project.arn,
    });
    this.#log = new BuildLog(logGroup, build.logStream, this.#session, context);
  }

  abort(why: Abortion): void {
    this.#aborted ??= why;
    this.#abort.abort();
  }

  /** Runs to the end, which is on disk when this resolves. */
  async run(): Promise<void> {
    // A build runs on the machine's processor: its time is the machine's.
    const timeout = setTimeout(() => this.abort("TIMED_OUT"), this.#build.timeoutMinutes * 60_000);
    const workspace = await Workspace.make();
    try {
      await this.#log.begin();
      const status = await this.#work(workspace);
      await this.#finish(this.#aborted ?? status);
    } finally {
      clearTimeout(timeout);
      await this.#log.flush();
      await workspace.remove();
    }
  }

  async #work(workspace: Workspace): Promise<BuildStatus> {
    const spec = await this.#phase("DOWNLOAD_SOURCE", async () => {
      await this.#download(workspace);
      return readBuildspec(await this.#buildspec(workspace));
    });
    if (spec === undefined) return "FAILED";
    const environment = this.#environment(workspace, spec);
    let isGood = true;
    for (const name of PHASES) {
      const failedBefore = !isGood;
      // A build that failed is still cleaned up after; one that could not be prepared is not run.
      if (failedBefore && name !== "post_build") continue;
      if (failedBefore && this.#failedPhase() !== "BUILD") continue;
      const done = await this.#runPhase(name, spec, workspace, environment, isGood);
      isGood &&= done || spec.phases[name]?.["on-failure"] === "CONTINUE";
      if (this.#aborted !== undefined) return "FAILED";
    }
    await this.#readExported(spec, workspace);
    if (!isGood) return "FAILED";
    const uploaded = await this.#phase("UPLOAD_ARTIFACTS", async () => {
      await this.#upload(workspace, spec);
      return true;
    });
    return uploaded === true ? "SUCCEEDED" : "FAILED";
  }

  #failedPhase(): string | undefined {
    return this.#build.phases.find(({ phaseStatus }) => phaseStatus === "FAILED")?.phaseType;
  }

  async #runPhase(
    name: PhaseName,
    spec: Buildspec,
    workspace: Workspace,
    environment: Readonly<Record<string, string>>,
    isSucceeding: boolean,
  ): Promise<boolean> {
    const phase = spec.phases[name];
    if (phase === undefined) return true;
    const plan = {
      shell: spec.env.shell ?? ("sh" as const),
      state: workspace.shell,
      begin: workspace.source(),
      environment,
      anew: { CODEBUILD_BUILD_SUCCEEDING: isSucceeding ? "1" : "0" },
      exported: spec.env["exported-variables"],
      exportedTo: workspace.exported,
      onOutput: (text: string) => this.#log.write(text),
      abort: this.#abort.signal,
    };
    const done = await this.#phase(name.toUpperCase(), async () => {
      const end = await runPhase({ ...plan, name, commands: phase.commands });
      const last =
        phase.finally.length === 0
          ? end
          : await runPhase({ ...plan, name: `${name}-finally`, commands: phase.finally });
      for (const each of [end, last]) if (each.kind === "failed") throw new Error(describe(each));
      if (end.kind === "aborted") throw new Error("the build was ended");
      return true;
    });
    return done === true;
  }

  /** Runs a part of the build, and keeps how it went. Nothing when it failed. */
  async #phase<Result>(phaseType: string, work: () => Promise<Result>): Promise<Result | undefined> {
    const { clock } = this.context;
    const begun: PhaseRecord = { phaseType, startTime: clock.now() };
    await this.#keep({ phases: [...this.#build.phases, begun] });
    this.#log.write(`[Container] Entering phase ${phaseType}\n`);
    let result: Result | undefined;
    let ended: PhaseRecord;
    try {
      result = await work();
      ended = { ...begun, phaseStatus: "SUCCEEDED", endTime: clock.now() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const contexts = [{ statusCode: codeOf(phaseType, message), message }];
      ended = { ...begun, phaseStatus: this.#aborted ?? "FAILED", endTime: clock.now(), contexts };
    }
    const state = ended.phaseStatus === "SUCCEEDED";
    this.#log.write(`[Container] Phase complete: ${phaseType} State: ${ended.phaseStatus}\n`);
    if (!state) this.#log.write(`[Container] ${ended.contexts?.[0]?.message ?? ""}\n`);
    await this.#log.flush();
    await this.#keep({ phases: [...this.#build.phases.slice(0, -1), ended] });
    return result;
  }

  async #download(workspace: Workspace): Promise<void> {
    const { source, secondarySources } = this.#build;
    if (source !== undefined) await workspace.unpack(await this.#get(source));
    for (const [name, place] of Object.entries(secondarySources)) await workspace.unpack(await this.#get(place), name);
  }

  /** The project's own, a file in the sources, or the usual one there. */
  async #buildspec(workspace: Workspace): Promise<string> {
    const given = this.#build.buildspec ?? "buildspec.yml";
    if (given.includes("\n") || /^\s*\{/.test(given)) return given;
    try {
      return await readFile(join(workspace.source(), given), "utf8");
    } catch {
      throw new Error(`YAML_FILE_ERROR: stat ${given}: no such file or directory`);
    }
  }

  /** Everything that a build gets to see: its own folders, the system's commands, and its role's session. */
  #environment(workspace: Workspace, spec: Buildspec): Record<string, string> {
    const { facts, url, credentials, buildTools, clock } = this.context;
    const { id, arn, number, initiator, started, sourceVersion, timeoutMinutes, secondarySources } = this.#build;
    const expires = clock.now() + timeoutMinutes * 60_000;
    const issued = credentials.issue(this.#session, { temporary: true, expires });
    const path = [buildTools, dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].filter(
      (each) => each !== undefined,
    );
    const sources = Object.keys(secondarySources).map((name) => [`CODEBUILD_SRC_DIR_${name}`, workspace.source(name)]);
    return {
      PATH: path.join(delimiter),
      HOME: workspace.home,
      TMPDIR: workspace.temporary,
      LANG: "C.UTF-8",
      CI: "true",
      AWS_REGION: facts.region,
      AWS_DEFAULT_REGION: facts.region,
      AWS_ENDPOINT_URL: url(),
      AWS_ACCESS_KEY_ID: issued.accessKeyId,
      AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
      AWS_SESSION_TOKEN: issued.sessionToken ?? "",
      CODEBUILD_CI: "true",
      CODEBUILD_BUILD_ID: id,
      CODEBUILD_BUILD_ARN: arn,
      CODEBUILD_BUILD_NUMBER: String(number),
      CODEBUILD_BUILD_IMAGE: this.project.image,
      CODEBUILD_INITIATOR: initiator,
      CODEBUILD_START_TIME: String(started),
      CODEBUILD_LOG_PATH: this.#build.logStream,
      CODEBUILD_SOURCE_VERSION: sourceVersion ?? "",
      CODEBUILD_RESOLVED_SOURCE_VERSION: sourceVersion ?? "",
      CODEBUILD_SRC_DIR: workspace.source(),
      ...(Object.fromEntries(sources) as Record<string, string>),
      ...spec.env.variables,
      ...this.#build.variables,
    };
  }

  async #readExported(spec: Buildspec, workspace: Workspace): Promise<void> {
    const exported: { name: string; value: string }[] = [];
    for (const name of spec.env["exported-variables"]) {
      const value = await readFile(join(workspace.exported, name), "utf8").catch(() => undefined);
      if (value !== undefined) exported.push({ name, value });
    }
    const { account, region, partition } = this.context.facts;
    const reports = Object.keys(spec.reports).map(
      (name) =>
        `arn:${partition}:codebuild:${region}:${account}:report/${this.project.name}-${name}:${this.#build.logStream}`,
    );
    await this.#keep({ exported, reports });
  }

  async #upload(workspace: Workspace, spec: Buildspec): Promise<void> {
    const { artifacts, secondaryArtifacts } = this.#build;
    const own = spec.artifacts;
    for (const [name, place] of Object.entries(secondaryArtifacts)) {
      const wanted = own?.["secondary-artifacts"][name];
      if (wanted === undefined) throw new Error(`the buildspec has no secondary artifact ${name}`);
      await this.#put(place, await workspace.pack(wanted));
    }
    if (artifacts === undefined) return;
    if (own?.files === undefined) throw new Error("the buildspec has no artifacts, and one is wanted");
    await this.#put(artifacts, await workspace.pack(own as ArtifactSpec));
  }

  async #get({ bucket, key }: ObjectPlace): Promise<Buffer> {
    const answer = await this.context.dispatch(this.#session, "s3", "GetObject", { Bucket: bucket, Key: key });
    return Buffer.from((answer as { Body: Uint8Array }).Body);
  }

  async #put({ bucket, key }: ObjectPlace, Body: Buffer): Promise<void> {
    const input = { Bucket: bucket, Key: key, Body, ContentType: "application/zip" };
    await this.context.dispatch(this.#session, "s3", "PutObject", input);
  }

  async #finish(status: BuildStatus): Promise<void> {
    const now = this.context.clock.now();
    const ends = ["FINALIZING", "COMPLETED"].map((phaseType) => ({ phaseType, startTime: now, endTime: now }));
    await this.#keep({ status, ended: now, phases: [...this.#build.phases, ...ends] });
  }

  async #keep(change: Partial<BuildRecord>): Promise<void> {
    this.#build = { ...this.#build, ...change };
    await this.store.put(this.#build);
  }
}

function describe(end: Extract<PhaseEnd, { kind: "failed" }>): string {
  return `Error while executing command: ${end.command}. Reason: exit status ${end.status}`;
}

function codeOf(phaseType: string, message: string): string {
  if (message.startsWith("YAML_FILE_ERROR")) return "YAML_FILE_ERROR";
  return phaseType === "UPLOAD_ARTIFACTS" || phaseType === "DOWNLOAD_SOURCE"
    ? "CLIENT_ERROR"
    : "COMMAND_EXECUTION_ERROR";
}
