/**
 * Moves executions through their pipelines: one in a stage at a time, actions in the order of their runs. Whatever happens
 * is on disk before the next thing does; what was under way when the stage went down is looked at again.
 */
import { randomUUID } from "node:crypto";
import type { Timer } from "../../clock";
import { AwsError } from "../service";
import { ACTION_KINDS } from "./actions/catalog";
import type { ActionCall, ActionContext, ActionKind, Standing } from "./actions/action";
import type { Pipeline, PipelineAction, PipelineStage } from "./pipeline";
import type { PipelineStore } from "./pipeline-store";
import type { ActionRecord, Artifact, ExecutionRecord } from "./record";
import { actionEvent, executionEvent } from "./events";
import { ConfigurationError, fillIn } from "./variables";

/** Executions that are over, whatever came of them. */
const OVER = ["Stopped", "Succeeded", "Superseded", "Failed"];

export class PipelineEngine {
  readonly #timers = new Map<string, Timer>();
  readonly #steps = new Set<Promise<void>>();
  #turn: Promise<void> = Promise.resolve();
  #isClosing = false;

  constructor(
    private readonly context: ActionContext,
    private readonly pipelines: ReadonlyMap<string, Pipeline>,
    private readonly store: PipelineStore,
  ) {}

  /** Goes on with everything that was under way. */
  resume(): void {
    for (const { id, actions } of this.store.all) {
      for (const action of actions.filter(({ status }) => status === "InProgress"))
        this.#do(() => this.#recall(id, action));
    }
    for (const { name } of this.pipelines.values()) this.pump(name);
  }

  /** A call of a function went down with the stage: it is called once more, as Lambda would. */
  async #recall(executionId: string, { id, isCalled }: ActionRecord): Promise<void> {
    if (isCalled === true) await this.#change(executionId, id, { isCalled: false });
    await this.#look(executionId, id);
  }

  /** Lets executions enter stages, and actions begin; never two turns at a time. */
  pump(pipeline: string): void {
    this.#do(() => this.#pump(pipeline));
  }

  /** Takes what somebody else says of an action. @returns false when it is not in progress any more */
  async settle(executionId: string, actionId: string, standing: Standing): Promise<boolean> {
    const action = this.store.get(executionId)?.actions.find(({ id }) => id === actionId);
    if (action?.status !== "InProgress") return false;
    await this.#take(executionId, actionId, standing);
    return true;
  }

  /** Ends the actions that are under way. */
  async abandon(execution: ExecutionRecord): Promise<ExecutionRecord> {
    const now = this.context.clock.now();
    for (const record of execution.actions.filter(({ status }) => status === "InProgress")) {
      this.#timers.get(record.id)?.cancel();
      const call = this.callOf(execution, record);
      await kindOf(call.action).abandon?.(call);
    }
    const actions = execution.actions.map((each) =>
      each.status === "InProgress" ? { ...each, status: "Abandoned" as const, updated: now } : each,
    );
    const abandoned = { ...execution, actions };
    await this.store.put({ executions: [abandoned] });
    const ended = actions.filter((each, index) => each.status !== execution.actions[index]?.status);
    ended.forEach((each) => this.#tellOf(abandoned, each));
    return abandoned;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#timers.forEach((timer) => timer.cancel());
    while (this.#steps.size > 0) await Promise.all(this.#steps);
  }

  #do(work: () => Promise<void>): void {
    if (this.#isClosing) return;
    const step: Promise<void> = this.#turn
      .then(work)
      .catch((error: unknown) => this.context.say(`a pipeline lost an error: ${String(error)}`))
      .finally(() => this.#steps.delete(step));
    this.#turn = step;
    this.#steps.add(this.context.clock.track(step));
  }

  #later(executionId: string, actionId: string, delay: number): void {
    this.#timers.get(actionId)?.cancel();
    if (this.#isClosing) return;
    const timer = this.context.clock.after(delay, () => {
      this.#timers.delete(actionId);
      this.#do(() => this.#look(executionId, actionId));
    });
    this.#timers.set(actionId, timer);
  }

  async #pump(name: string): Promise<void> {
    const pipeline = this.pipelines.get(name);
    if (pipeline === undefined) return;
    // The last stage first, so that each makes room for the one behind.
    for (let index = pipeline.stages.length - 1; index >= 0; index--) await this.#enter(pipeline, index);
    for (const { id } of this.store.of(name)) await this.#begin(pipeline, id);
  }

  async #enter(pipeline: Pipeline, index: number): Promise<void> {
    const stage = pipeline.stages[index] as PipelineStage;
    const inStage = this.store.of(pipeline.name).filter((each) => each.stage === index && !OVER.includes(each.status));
    if (inStage.some(({ isEntered }) => isEntered)) return;
    if (this.store.closed(pipeline.name, stage.name) !== undefined) return;
    const waiting = inStage.filter(({ status }) => status === "InProgress");
    const chosen = pipeline.mode === "SUPERSEDED" ? waiting.at(-1) : waiting[0];
    if (chosen === undefined) return;
    const now = this.context.clock.now();
    const passed = pipeline.mode === "SUPERSEDED" ? waiting.slice(0, -1) : [];
    const superseded = passed.map((each) => ({ ...each, status: "Superseded" as const, updated: now }));
    await this.store.put({ executions: [...superseded, { ...chosen, isEntered: true, updated: now }] });
    superseded.forEach((each) => this.#tell(pipeline, each, "SUPERSEDED"));
    if (index === 0) this.#tell(pipeline, chosen, "STARTED");
  }

  /** Begins the actions whose turn it is, or moves on when all are done. */
  async #begin(pipeline: Pipeline, id: string): Promise<void> {
    const execution = this.store.get(id);
    if (execution === undefined || !execution.isEntered || OVER.includes(execution.status)) return;
    const stage = pipeline.stages[execution.stage] as PipelineStage;
    const latest = (action: PipelineAction): ActionRecord | undefined =>
      execution.actions.findLast(
        (each) => each.stage === stage.name && each.name === action.name && each.isPast !== true,
      );
    const records = stage.actions.map((action) => ({ action, record: latest(action) }));
    if (records.some(({ record }) => record?.status === "InProgress")) return;
    const failed = records.find(({ record }) => record?.status === "Failed");
    if (failed !== undefined) return this.end(execution, "Failed", failed.record?.error?.message);
    if (execution.status === "Stopping") return this.end(execution, "Stopped");
    const open = records.filter(({ record }) => record?.status !== "Succeeded");
    if (open.length === 0) return this.#leave(pipeline, execution);
    const order = Math.min(...open.map(({ action }) => action.runOrder));
    const next = open.filter(({ action }) => action.runOrder === order).map(({ action }) => action);
    for (const action of next) await this.#start(pipeline, id, stage, action);
  }

  async #leave(pipeline: Pipeline, execution: ExecutionRecord): Promise<void> {
    const isLast = execution.stage === pipeline.stages.length - 1 || execution.type === "ROLLBACK";
    if (isLast) return this.end(execution, "Succeeded");
    const moved = { ...execution, stage: execution.stage + 1, isEntered: false, updated: this.context.clock.now() };
    await this.store.put({ executions: [moved] });
    this.pump(pipeline.name);
  }

  /** Ends an execution, and makes room for the next. */
  async end(execution: ExecutionRecord, status: "Failed" | "Stopped" | "Succeeded", summary?: string): Promise<void> {
    const updated = this.context.clock.now();
    const ended = { ...execution, status, updated, ...(summary === undefined ? {} : { summary }) };
    await this.store.put({ executions: [ended] });
    const pipeline = this.pipelines.get(execution.pipeline);
    if (pipeline !== undefined) this.#tell(pipeline, ended, status.toUpperCase());
    this.pump(execution.pipeline);
  }

  #tell(pipeline: Pipeline, execution: ExecutionRecord, state: string): void {
    this.context.tellEvent(executionEvent(pipeline, execution, state));
  }

  #tellOf(execution: ExecutionRecord, record: ActionRecord): void {
    const { pipeline, action } = this.callOf(execution, record);
    this.context.tellEvent(actionEvent(pipeline, execution, action, record));
  }

  async #start(pipeline: Pipeline, id: string, stage: PipelineStage, action: PipelineAction): Promise<void> {
    const execution = this.store.get(id) as ExecutionRecord;
    const now = this.context.clock.now();
    const record: ActionRecord = {
      id: randomUUID(),
      stage: stage.name,
      name: action.name,
      status: "InProgress",
      started: now,
      updated: now,
      configuration: action.configuration,
      inputs: action.inputs.map((name) => execution.artifacts[name]).filter((each) => each !== undefined),
      outputs: action.outputs.map((name) => this.#place(pipeline, name)),
      variables: {},
    };
    await this.store.put({ executions: [{ ...execution, actions: [...execution.actions, record], updated: now }] });
    this.#tellOf(execution, record);
    await this.#attempt(id, record.id, async () => {
      const configuration = fillIn(action.configuration, execution);
      await this.#change(id, record.id, { configuration });
      const call = this.callOf(this.store.get(id) as ExecutionRecord, { ...record, configuration });
      return kindOf(action).begin(call);
    });
  }

  #place({ name: pipeline, bucket }: Pipeline, name: string): Artifact {
    // As CodePipeline names them: both cut to twenty characters.
    return { name, bucket, key: `${pipeline.slice(0, 20)}/${name.slice(0, 10)}/${randomUUID().slice(0, 8)}` };
  }

  async #look(executionId: string, actionId: string): Promise<void> {
    const execution = this.store.get(executionId);
    const record = execution?.actions.find(({ id }) => id === actionId);
    if (execution === undefined || record?.status !== "InProgress") return;
    await this.#attempt(executionId, actionId, async () => {
      const call = this.callOf(execution, record);
      const kind = kindOf(call.action);
      const longest = (call.action.timeoutMinutes ?? kind.timeoutMinutes) * 60_000;
      if (this.context.clock.now() - record.started >= longest) {
        await kind.abandon?.(call);
        return { kind: "failed", code: "ActionTimedOut", message: "The action was not done in time" };
      }
      return kind.look(call);
    });
  }

  async #attempt(executionId: string, actionId: string, work: () => Promise<Standing>): Promise<void> {
    try {
      await this.#take(executionId, actionId, await work());
    } catch (error) {
      const isConfiguration = error instanceof ConfigurationError;
      const code = isConfiguration
        ? "ConfigurationError"
        : error instanceof AwsError && error.status === 403
          ? "PermissionError"
          : "JobFailed";
      const message = error instanceof Error ? error.message : String(error);
      await this.#take(executionId, actionId, { kind: "failed", code, message });
    }
  }

  async #take(executionId: string, actionId: string, standing: Standing): Promise<void> {
    const execution = this.store.get(executionId) as ExecutionRecord;
    const record = execution.actions.find(({ id }) => id === actionId) as ActionRecord;
    switch (standing.kind) {
      case "waiting": {
        await this.#change(executionId, actionId, standing.change ?? {});
        const rest = this.#restOf(execution, record);
        this.#later(executionId, actionId, Math.min(standing.again ?? rest, rest));
        return;
      }
      case "failed": {
        const { code, message } = standing;
        await this.#change(executionId, actionId, { ...standing.change, status: "Failed", error: { code, message } });
        break;
      }
      case "succeeded": {
        const { variables = {} } = standing;
        await this.#change(executionId, actionId, { ...standing.change, status: "Succeeded", variables });
        break;
      }
    }
    this.#timers.get(actionId)?.cancel();
    this.pump(execution.pipeline);
  }

  /** Milliseconds until the action is out of time. */
  #restOf(execution: ExecutionRecord, record: ActionRecord): number {
    const { action } = this.callOf(execution, record);
    const longest = (action.timeoutMinutes ?? kindOf(action).timeoutMinutes) * 60_000;
    return Math.max(0, record.started + longest - this.context.clock.now());
  }

  async #change(executionId: string, actionId: string, change: Partial<ActionRecord>): Promise<void> {
    const execution = this.store.get(executionId) as ExecutionRecord;
    const updated = this.context.clock.now();
    const actions = execution.actions.map((each) => (each.id === actionId ? { ...each, ...change, updated } : each));
    const record = actions.find(({ id }) => id === actionId) as ActionRecord;
    const isDone = change.status === "Succeeded";
    const namespace = isDone ? this.callOf(execution, record).action.namespace : undefined;
    await this.store.put({
      executions: [
        {
          ...execution,
          actions,
          updated,
          artifacts: isDone ? { ...execution.artifacts, ...byName(record.outputs) } : execution.artifacts,
          variables:
            namespace === undefined ? execution.variables : { ...execution.variables, [namespace]: record.variables },
        },
      ],
    });
    if (change.status !== undefined) this.#tellOf(execution, record);
  }

  /** What an action of an execution works with. @throws ConfigurationError when the pipeline has no such action any more */
  callOf(execution: ExecutionRecord, record: ActionRecord): ActionCall {
    const pipeline = this.pipelines.get(execution.pipeline);
    const action = pipeline?.stages
      .find(({ name }) => name === record.stage)
      ?.actions.find(({ name }) => name === record.name);
    if (pipeline === undefined || action === undefined) {
      throw new ConfigurationError(
        `the pipeline ${execution.pipeline} has no action ${record.stage}/${record.name} any more`,
      );
    }
    const session = this.context.assume(pipeline.roleArn, "codepipeline.amazonaws.com", record.id.replaceAll("-", ""), {
      "aws:SourceArn": pipeline.arn,
    });
    return { pipeline, execution, action, record, session, context: this.context };
  }
}

function kindOf({ provider }: PipelineAction): ActionKind {
  const kind = ACTION_KINDS[provider];
  if (kind === undefined) throw new ConfigurationError(`the local stage runs no actions of ${provider}`);
  return kind;
}

function byName(artifacts: readonly Artifact[]): Record<string, Artifact> {
  return Object.fromEntries(artifacts.map((artifact) => [artifact.name, artifact]));
}
