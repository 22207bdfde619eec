/** The deployments of one data folder: what runs there, what a graph would change, and what becomes of resources' data. */
import type { DataFolder } from "../durable/data-folder";
import { StageError } from "../diagnostics";
import type { Graph } from "../graph/graph";
import { dataFolders, replacementFacts } from "../services/models";
import type { Service } from "../services/service";
import type { Change } from "./change";
import { DataShelf, type Move } from "./data-shelf";
import { StateFile, type DeploymentState } from "./deployment-state";
import { planDeployment, type DeploymentPlan } from "./plan";
import type { ResourceState } from "./resource-state";

type Mark = Pick<DeploymentState, "serial" | "digest">;

export class Deployments {
  readonly #file: StateFile;
  readonly #shelf: DataShelf;
  #state: DeploymentState | undefined;

  constructor(
    private readonly folder: DataFolder,
    sync: boolean,
    private readonly say: (line: string) => void,
  ) {
    this.#file = new StateFile(folder.subfolder("deployment"), sync);
    this.#shelf = new DataShelf(folder.subfolder("deployment", "moved"), sync);
  }

  get mark(): Mark {
    const { serial, digest } = this.#known;
    return { serial, digest };
  }

  /**
   * Begins with what the folder ran last, and makes way for the graph. As nobody asked for a deployment, the data of
   * what is gone stays where it is, and that of what is made anew is set aside.
   * @throws StageError when the graph would delete what is protected
   */
  async begin(graph: Graph): Promise<DeploymentPlan> {
    this.#state = await this.#file.read();
    await this.#shelf.settle(this.#state.serial);
    const plan = this.planFor(graph);
    const moves = plan.changes.filter(({ kind }) => kind === "replace").flatMap((each) => this.#moveOf(each, "keep"));
    await this.#shelf.move(plan.next.serial, moves);
    for (const change of plan.changes) {
      if (this.#moveOf(change, "keep").length === 0) continue;
      const { kind, label } = change;
      if (kind === "delete") this.say(`${label} is not in the program any more: its data stays in the data folder`);
      if (kind === "replace") this.say(`${label} is made anew: its data until now is set aside in the data folder`);
    }
    return plan;
  }

  plan(graph: Graph): DeploymentPlan {
    return planDeployment(this.#known, graph, replacementFacts);
  }

  /**
   * A plan that may be carried out.
   * @throws StageError when the state has moved since `judgedOn`, or what is protected would be deleted
   */
  planFor(graph: Graph, judgedOn?: Mark): DeploymentPlan {
    const { serial, digest } = this.#known;
    if (judgedOn !== undefined && (judgedOn.serial !== serial || judgedOn.digest !== digest)) {
      throw new StageError(
        `the state has moved since the change was inspected: inspected ${describe(judgedOn)}, now ${describe(this.#known)}; inspect again`,
      );
    }
    const plan = this.plan(graph);
    if (plan.refusals.length > 0) throw new StageError(plan.refusals.join("\n"));
    return plan;
  }

  /** Makes way: moves the data of what is deleted or made anew. */
  async clear(plan: DeploymentPlan): Promise<void> {
    const moves = plan.changes.flatMap((change) => {
      const { kind, before } = change;
      if (kind === "replace") return this.#moveOf(change, before?.retainOnDelete === true ? "keep" : "discard");
      return kind === "delete" && before?.retainOnDelete !== true ? this.#moveOf(change, "discard") : [];
    });
    await this.#shelf.move(plan.next.serial, moves);
  }

  /** Records the deployment: from here on it has happened. */
  async finish(plan: DeploymentPlan): Promise<void> {
    if (this.#known.serial === 0 || plan.next.digest !== this.#known.digest) {
      await this.#file.write(plan.next);
      this.#state = plan.next;
    }
    await this.#shelf.settle(plan.next.serial);
  }

  /** Has services let go of what they keep for resources that a recorded deployment deleted. */
  async forget({ changes }: DeploymentPlan, services: readonly Service[]): Promise<void> {
    for (const { kind, before } of changes) {
      if (before === undefined || before.retainOnDelete || (kind !== "replace" && kind !== "delete")) continue;
      for (const service of services) await service.forget?.({ type: before.type, name: nameOf(before) });
    }
  }

  /** Puts back what was moved for a deployment that failed. */
  async undo(): Promise<void> {
    await this.#shelf.settle(this.#known.serial);
  }

  get #known(): DeploymentState {
    if (this.#state === undefined) throw new StageError("the deployment state has not been read yet");
    return this.#state;
  }

  #moveOf({ before }: Change, then: "keep" | "discard"): Move[] {
    const folderOf = before === undefined ? undefined : dataFolders[before.type];
    if (before === undefined || folderOf === undefined) return [];
    const names = folderOf({ name: nameOf(before), id: before.id });
    const serial = String(this.#known.serial + 1);
    return [
      {
        from: this.folder.subfolder(...names),
        to: this.folder.subfolder("deployment", "moved", serial, ...names),
        discard: then === "discard",
      },
    ];
  }
}

function nameOf({ outputs, id }: ResourceState): string {
  const name = outputs["name"];
  return typeof name === "string" ? name : id;
}

function describe({ serial, digest }: Mark): string {
  return `serial ${serial} (${digest.slice(0, 19)}…)`;
}
