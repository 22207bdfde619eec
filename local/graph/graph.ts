/**
 * What a program asked for: its resources with parents, options, wiring, secrets and the line that declared each.
 * The graph is all the local stage, the policies and the release guard ever see of a program.
 */
import { renderSource, StageError, type SourcePosition } from "../diagnostics";
import type { Properties, PropertyPath, Value } from "./value";

/** The options of a resource that decide about its life, as the program stated them. */
export interface ResourceOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly dependsOn: readonly string[];
  readonly aliases: readonly string[];
  /** `urn::id` of an explicit provider. */
  readonly provider: string | undefined;
  readonly deletedWith: string | undefined;
  readonly importId: string | undefined;
}

/** How a resource is kept: by a cloud provider, as a component of the program, or by a component elsewhere. */
export type ResourceKind = "custom" | "component" | "remote";

export interface Resource {
  readonly urn: string;
  /** Type token, e.g. `aws:kinesis/stream:Stream`. */
  readonly type: string;
  readonly name: string;
  readonly kind: ResourceKind;
  /** URN of the parent; absent for the stack itself. */
  readonly parent: string | undefined;
  /** The provider's id; empty for components. */
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Paths inside `inputs` whose values are secret. */
  readonly secrets: readonly PropertyPath[];
  /** Paths inside `outputs` whose values are secret. */
  readonly secretOutputs: readonly PropertyPath[];
  readonly options: ResourceOptions;
  /** For each input, the URNs whose outputs it was made of. */
  readonly wiring: Readonly<Record<string, readonly string[]>>;
  readonly source: SourcePosition | undefined;
}

/** The resources of one stack, in the order in which they were registered. */
export class Graph {
  readonly #byUrn = new Map<string, Resource>();

  constructor(
    readonly project: string,
    readonly stack: string,
  ) {}

  get resources(): readonly Resource[] {
    return [...this.#byUrn.values()];
  }

  /** The stack's own outputs, by name. */
  get stackOutputs(): Properties {
    return this.ofType("pulumi:pulumi:Stack")[0]?.outputs ?? {};
  }

  set(resource: Resource): void {
    this.#byUrn.set(resource.urn, resource);
  }

  has(urn: string): boolean {
    return this.#byUrn.has(urn);
  }

  /** @throws StageError when the graph has no such resource */
  get(urn: string): Resource {
    const resource = this.#byUrn.get(urn);
    if (resource === undefined) throw new StageError(`the graph of stack ${this.stack} has no resource ${urn}`);
    return resource;
  }

  ofType(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  childrenOf(urn: string): Resource[] {
    return this.resources.filter((resource) => resource.parent === urn);
  }

  /** The one resource of a type that satisfies the test. @throws StageError when there is none, or more than one */
  only(type: string, test: (resource: Resource) => boolean = () => true): Resource {
    const found = this.ofType(type).filter(test);
    const [first] = found;
    if (first === undefined || found.length > 1) {
      throw new StageError(`expected one ${type} in stack ${this.stack}, found ${found.length}`);
    }
    return first;
  }
}

/** `InputStream input (stacks/platform.ts:41)`: how messages speak of a resource. */
export function describeResource(resource: Pick<Resource, "type" | "name" | "source">): string {
  const noun = resource.type.split(":").at(-1) ?? resource.type;
  return `${noun} ${resource.name}${resource.source === undefined ? "" : ` (${renderSource(resource.source)})`}`;
}

/** An input or output that must be a string by now. */
export function textOf(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== "string") throw new StageError(`property ${name} must be text, got ${describeValue(value)}`);
  return value;
}

export function optionalText(properties: Properties, name: string): string | undefined {
  return properties[name] === undefined || properties[name] === null ? undefined : textOf(properties, name);
}

export function numberOf(properties: Properties, name: string, fallback: number): number {
  const value = properties[name] ?? fallback;
  if (typeof value !== "number") throw new StageError(`property ${name} must be a number, got ${describeValue(value)}`);
  return value;
}

export function flagOf(properties: Properties, name: string, fallback = false): boolean {
  const value = properties[name] ?? fallback;
  if (typeof value !== "boolean")
    throw new StageError(`property ${name} must be true or false, got ${describeValue(value)}`);
  return value;
}

function describeValue(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  return typeof value === "symbol" ? "an unknown value" : JSON.stringify(value);
}
