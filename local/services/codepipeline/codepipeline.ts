/** What CodePipeline's operations work with. */
import { AwsError, type Check } from "../service";
import type { ActionCall, ActionContext } from "./actions/action";
import { PipelineEngine } from "./engine";
import type { Pipeline } from "./pipeline";
import type { PipelineStore } from "./pipeline-store";
import type { ActionRecord, ExecutionRecord } from "./record";

export class CodePipeline {
  readonly engine: PipelineEngine;

  constructor(
    readonly context: ActionContext,
    readonly pipelines: ReadonlyMap<string, Pipeline>,
    readonly store: PipelineStore,
  ) {
    this.engine = new PipelineEngine(context, pipelines, store);
  }

  /** @throws AwsError `PipelineNotFoundException` */
  pipeline(name: string): Pipeline {
    const found = this.pipelines.get(name);
    if (found !== undefined) return found;
    const { account } = this.context.facts;
    throw new AwsError(
      "PipelineNotFoundException",
      `Account '${account}' does not have a pipeline with name '${name}'`,
    );
  }

  /** @throws AwsError `PipelineExecutionNotFoundException` */
  execution(pipeline: string, id: string): ExecutionRecord {
    const found = this.store.get(id);
    if (found !== undefined && found.pipeline === this.pipeline(pipeline).name) return found;
    throw new AwsError("PipelineExecutionNotFoundException", `The pipeline execution ${id} was not found`);
  }

  /** Index of a stage. @throws AwsError `StageNotFoundException` */
  stage(pipeline: string, name: string): number {
    const index = this.pipeline(pipeline).stages.findIndex((stage) => stage.name === name);
    if (index >= 0) return index;
    throw new AwsError("StageNotFoundException", `The pipeline ${pipeline} has no stage ${name}`);
  }

  call(execution: ExecutionRecord, record: ActionRecord): ActionCall {
    return this.engine.callOf(execution, record);
  }

  /** @param path the pipeline, a stage of it, or an action in that */
  on(action: string, path: string): Check {
    const { partition, region, account } = this.context.facts;
    return { action: `codepipeline:${action}`, resource: `arn:${partition}:codepipeline:${region}:${account}:${path}` };
  }
}
