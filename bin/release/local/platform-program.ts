/** What `pulumi` does on this machine: previews a program against the running stage, and has the stage go on with it. */
import type { DeploymentPlan } from "../../../local/deployment/plan";
import type { Graph } from "../../../local/graph/graph";
import type { LocalStage } from "../../../local/stage";
import { loadGraph } from "../../project";
import type { Answer } from "./control";
import type { Programs } from "./programs";

export class PlatformProgram {
  /** What was previewed last, by its folder: what is applied is what was previewed. */
  #previewed: { readonly root: string; readonly graph: Graph; readonly plan: DeploymentPlan } | undefined;

  constructor(
    private readonly stage: LocalStage,
    private readonly programs: Programs,
  ) {}

  async preview({ root, stack }: Target, answer: Answer): Promise<number> {
    this.#expectStack(stack);
    const kept = await this.programs.keep(root);
    const graph = await loadGraph(stack, kept);
    const plan = this.stage.plan(graph);
    this.#previewed = { root: kept, graph, plan };
    answer.out(JSON.stringify(plan.preview));
    return 0;
  }

  async up({ root, stack }: Target, answer: Answer): Promise<number> {
    this.#expectStack(stack);
    const kept = await this.programs.keep(root);
    const previewed = this.#previewed;
    if (previewed?.root !== kept) throw new Error("preview the program first: what is applied is what was previewed");
    try {
      const plan = await this.stage.apply(previewed.graph, previewed.plan.from);
      for (const event of eventsOf(plan)) answer.out(JSON.stringify(event));
      await this.programs.forgetOthers(kept);
      return 0;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer.out(JSON.stringify({ errorEvent: { error: message } }));
      answer.out(JSON.stringify({ summaryEvent: { maybeCorrupt: false, isPreview: false, resourceChanges: {} } }));
      answer.say(message);
      return 255;
    } finally {
      this.#previewed = undefined;
    }
  }

  #expectStack(stack: string): void {
    const { stack: own } = this.stage.graph;
    if (stack !== own) throw new Error(`the stage on this machine is ${own}, got ${stack}`);
  }
}

export interface Target {
  /** Folder of the program. */
  readonly root: string;
  readonly stack: string;
}

/** The engine's account of an update that went well. */
function eventsOf({ preview }: DeploymentPlan): object[] {
  const steps = preview.steps.map(({ op, urn, oldState, newState, provider = "" }) => ({
    resOutputsEvent: {
      metadata: { op, urn, type: typeOf(urn), provider, old: oldState ?? null, new: newState ?? null },
    },
  }));
  return [
    ...steps,
    { summaryEvent: { maybeCorrupt: false, isPreview: false, resourceChanges: preview.changeSummary } },
  ];
}

/** `urn:pulumi:stack::project::parents$type::name`. */
function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}
