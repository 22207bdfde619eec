/** A resource as state keeps it, and a program's graph in those terms. Names of members are those of Pulumi's state. */
import { describeResource, type Graph } from "../graph/graph";
import { record, type RecordedProperties, type Seal } from "./recorded-value";
import { formerUrns } from "./urn";

export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  /** True for what a provider keeps, an opaque remote component included; false for components of the program. */
  readonly custom: boolean;
  /** Empty for components. */
  readonly id: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs: RecordedProperties;
  readonly outputs: RecordedProperties;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

/** A resource that a program wants, beside what state keeps of it. */
export interface Wanted {
  readonly state: ResourceState;
  /** URNs it had before. */
  readonly formerly: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly imported: boolean;
  /** `Stream input (stacks/platform.ts:41)`. */
  readonly label: string;
}

/** The graph's resources in the order in which the program declared them. */
export function wantedOf(graph: Graph, seal: Seal): Wanted[] {
  const former = new Map<string, readonly string[]>();
  return graph.resources.map((resource) => {
    const { urn, type, kind, id, parent, inputs, outputs, secrets, secretOutputs, options, wiring } = resource;
    const formerly = formerUrns(resource, (each) => former.get(each) ?? []);
    former.set(urn, formerly);
    return {
      state: {
        urn,
        type,
        custom: kind !== "component",
        id,
        ...(parent === undefined ? {} : { parent }),
        ...(options.provider === undefined ? {} : { provider: options.provider }),
        inputs: record(inputs, secrets, seal),
        outputs: record(outputs, secretOutputs, seal),
        protect: options.protect,
        retainOnDelete: options.retainOnDelete,
        ...(options.deletedWith === undefined ? {} : { deletedWith: options.deletedWith }),
        dependencies: [...new Set([...options.dependsOn, ...Object.values(wiring).flat()])].sort(),
        propertyDependencies: wiring,
        ignoreChanges: options.ignoreChanges,
        replaceOnChanges: options.replaceOnChanges,
      },
      formerly,
      deleteBeforeReplace: options.deleteBeforeReplace,
      imported: options.importId !== undefined,
      label: describeResource(resource),
    };
  });
}
