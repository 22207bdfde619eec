/**
 * CodePipeline: the graph's pipelines of type V2, run on this machine as their roles. A revision is announced by whoever
 * has it ({@link CodePipelineService.announce}); nothing is polled or fetched. Statuses and messages follow the
 * CodePipeline API reference.
 */
import { createFolder, machineDisk, replaceFile, withoutSync } from "../../durable/disk";
import { dirname } from "node:path";
import { jsonBinding } from "../../endpoint/json-binding";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import { archiveOf } from "./actions/source";
import { CodePipeline } from "./codepipeline";
import { jobOperations } from "./job-operations";
import { readPipelines, type Pipeline } from "./pipeline";
import { newExecution, pipelineOperations } from "./pipeline-operations";
import { PipelineStore } from "./pipeline-store";

/** A revision of a source as a push brings it. */
export interface AnnouncedRevision {
  /** The commit. */
  readonly id: string;
  readonly summary: string;
  readonly branch: string;
  /** Zip archive of its files. */
  readonly archive: Buffer;
}

export class CodePipelineService implements Service {
  readonly signingName = "codepipeline";
  readonly binding = jsonBinding("CodePipeline_20150709", "1.1");
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #codepipeline: CodePipeline;

  static async open(context: ServiceContext): Promise<CodePipelineService> {
    const pipelines = readPipelines(context.graph);
    const store = await PipelineStore.open(context.folder("codepipeline", "executions"), context.durable);
    return new CodePipelineService(context, pipelines, store);
  }

  private constructor(
    private readonly context: ServiceContext,
    pipelines: readonly Pipeline[],
    store: PipelineStore,
  ) {
    this.#codepipeline = new CodePipeline(context, new Map(pipelines.map((each) => [each.name, each])), store);
    this.operations = { ...pipelineOperations(this.#codepipeline), ...jobOperations(this.#codepipeline) };
  }

  /** Names of the pipelines. */
  get pipelines(): readonly string[] {
    return [...this.#codepipeline.pipelines.keys()];
  }

  start(): void {
    this.#codepipeline.engine.resume();
  }

  /**
   * Starts an execution for a revision, which is on disk when this resolves.
   * @returns the id of the execution
   * @throws AwsError `PipelineNotFoundException`
   */
  async announce(pipeline: string, { archive, ...revision }: AnnouncedRevision): Promise<string> {
    const { store, engine } = this.#codepipeline;
    const { name } = this.#codepipeline.pipeline(pipeline);
    const path = archiveOf(this.context, name, revision.id);
    const disk = this.context.durable.sync ? machineDisk : withoutSync(machineDisk);
    await createFolder(disk, dirname(path));
    await replaceFile(disk, path, archive);
    const execution = { ...newExecution(this.#codepipeline, name, "Webhook"), revision };
    await store.put({ revision: { pipeline: name, revision }, executions: [execution] });
    engine.pump(name);
    return execution.id;
  }

  async close(): Promise<void> {
    await this.#codepipeline.engine.close();
    await this.#codepipeline.store.close();
  }
}
