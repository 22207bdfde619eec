/** The stations of a graph: its components that hold data or move it, and how to find the one a resource belongs to. */
import { renderSource } from "../../local/diagnostics";
import type { Graph, Resource } from "../../local/graph/graph";
import { isPlane, planeOf, type Plane } from "./station-kind";

/** Components that carry statements: they speak for the component around them. */
const HOLDERS: readonly string[] = ["clickstream:iam:Role", "clickstream:iam:UserPolicy"];

export interface Station extends Plane {
  /** URN of the component; what is outside the graph has a name of its own. */
  readonly id: string;
  readonly name: string;
  /** `BeaconApi`. */
  readonly component: string;
  /** The module of the outermost component's type, e.g. `ingest`. */
  readonly module: string;
  /** The component that it is a part of, where it is one of several. */
  readonly group: string | undefined;
  /** `stacks/platform.ts:100`. */
  readonly source: string | undefined;
}

export class Stations {
  readonly #byOwner = new Map<string, Station>();
  readonly #byUrn = new Map<string, Station>();
  readonly #byArn = new Map<string, Station>();
  readonly #byName = new Map<string, Station>();

  constructor(private readonly graph: Graph) {
    const planes = graph.resources.filter(({ type }) => isPlane(type));
    const owners = new Map<string, string[]>();
    for (const { urn, type } of planes) {
      const owner = this.#ownerOf(urn);
      owners.set(owner, [...(owners.get(owner) ?? []), type]);
    }
    for (const type of HOLDERS) {
      for (const { urn } of graph.ofType(type)) {
        const owner = this.#ownerOf(urn);
        if (!owners.has(owner)) owners.set(owner, []);
      }
    }
    for (const { urn } of graph.resources) {
      const types = owners.get(urn);
      if (types !== undefined) this.#byOwner.set(urn, this.#describe(graph.get(urn), types));
    }
    for (const resource of graph.resources) this.#enter(resource);
  }

  get all(): readonly Station[] {
    return [...this.#byOwner.values()];
  }

  ofUrn(urn: string): Station | undefined {
    return this.#byUrn.get(urn);
  }

  /** The station of a role, or of what an ARN names: a resource, something inside it, all of it. */
  ofArn(arn: string): Station | undefined {
    for (let rest = arn; rest !== ""; rest = rest.slice(0, Math.max(rest.lastIndexOf("/"), rest.lastIndexOf(":"), 0))) {
      const station = this.#byArn.get(rest);
      if (station !== undefined) return station;
    }
    return undefined;
  }

  /** The station of a resource by its physical name and type, as metrics name it. */
  ofName(type: string, name: string): Station | undefined {
    return this.#byName.get(`${type} ${name}`);
  }

  /** The component around a resource: as far out as components bear the same name. */
  #ownerOf(urn: string): string {
    let owner = this.graph.get(urn);
    while (owner.kind !== "component" || HOLDERS.includes(owner.type)) {
      const parent = this.#parentOf(owner);
      if (parent === undefined) return owner.urn;
      owner = parent;
    }
    for (let parent = this.#parentOf(owner); parent?.name === owner.name; parent = this.#parentOf(owner))
      owner = parent;
    return owner.urn;
  }

  /** Nothing for the stack itself and what stands in it. */
  #parentOf({ parent }: Resource): Resource | undefined {
    const found = parent === undefined ? undefined : this.graph.get(parent);
    return found === undefined || found.parent === undefined ? undefined : found;
  }

  #describe(owner: Resource, types: readonly string[]): Station {
    const component = owner.type.split(":").at(-1) ?? owner.type;
    return {
      ...planeOf(types),
      id: owner.urn,
      name: owner.name,
      component,
      module: this.#moduleOf(owner),
      group: this.#parentOf(owner)?.name,
      source: owner.source === undefined ? undefined : renderSource(owner.source),
    };
  }

  /** The module of the outermost component: where in the house the station stands. */
  #moduleOf(owner: Resource): string {
    let outermost = owner;
    for (let parent = this.#parentOf(owner); parent !== undefined; parent = this.#parentOf(parent)) outermost = parent;
    return outermost.type.split(":")[1]?.split("/")[0] ?? "";
  }

  #enter(resource: Resource): void {
    const station = this.#byOwner.get(this.#ownerOf(resource.urn));
    if (station === undefined) return;
    this.#byUrn.set(resource.urn, station);
    const { arn, name } = resource.outputs;
    const identity = resource.type.startsWith("aws:iam/");
    if (typeof arn === "string" && (isPlane(resource.type) || identity)) this.#byArn.set(arn, station);
    if (typeof name === "string") this.#byName.set(`${resource.type} ${name}`, station);
  }
}
