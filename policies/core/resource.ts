/** A stack as rules see it: its resources, whose child each is, and of whose outputs each property was made. */
import type { PolicyProviderResource, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { readProperties, UNKNOWN, valueAt, type Properties, type Value } from "./value";

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly protect: boolean;
  readonly properties: Properties;
  /** Properties of the provider that makes it, where it has one of its own. */
  readonly provider: Properties | undefined;
  /** URN of the parent. */
  readonly parent: string | undefined;
  /** For each property the URNs whose outputs it was made of; empty where a rule sees the resource alone. */
  readonly wiring: Readonly<Record<string, readonly string[]>>;
}

export class Stack {
  readonly #byUrn: ReadonlyMap<string, Resource>;

  constructor(readonly resources: readonly Resource[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  get(urn: string | undefined): Resource | undefined {
    return urn === undefined ? undefined : this.#byUrn.get(urn);
  }

  ofType(...types: readonly string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  childrenOf({ urn }: Resource): Resource[] {
    return this.resources.filter(({ parent }) => parent === urn);
  }

  /** Resources of a type that are about this one: settings that AWS keeps in resources of their own. */
  about(subject: Resource, type: string, property: string): Resource[] {
    return this.ofType(type).filter((each) => refersTo(each, property, subject));
  }

  /** What a property points at, among resources of a type. */
  target(resource: Resource, property: string, type: string): Resource | undefined {
    return this.ofType(type).find((each) => refersTo(resource, property, each));
  }
}

/** By wiring, which is known even while values are not; by value where a program wrote the name itself. */
export function refersTo(from: Resource, property: string, to: Resource): boolean {
  const [root = property] = property.split(/[.[]/);
  const value = valueAt(from.properties, property);
  if (typeof value === "string") {
    const names = ["arn", "id", "name", "bucket", "url", "keyId", "targetKeyId"].map((key) => to.properties[key]);
    return names.includes(value);
  }
  return value === UNKNOWN && (from.wiring[root] ?? []).includes(to.urn);
}

/** A resource alone, with its inputs: what a rule sees before it is made. */
export function readResource(args: ResourceValidationArgs): Resource {
  const { urn, type, name, opts, provider } = args;
  const { parent, protect } = opts;
  return lazily({ urn, type, name, protect, parent, wiring: {} }, args.props, provider);
}

/** The whole stack, with outputs. */
export function readStack(resources: readonly PolicyResource[]): Stack {
  return new Stack(
    resources.map((each) => {
      const { urn, type, name, opts, parent, provider, propertyDependencies } = each;
      const wiring = Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, from]) => [property, from.map((one) => one.urn)]),
      );
      return lazily({ urn, type, name, protect: opts.protect, parent: parent?.urn, wiring }, each.props, provider);
    }),
  );
}

/** Reads properties when a rule looks at them: most rules look at few resources. */
function lazily(
  resource: Omit<Resource, "properties" | "provider">,
  props: Readonly<Record<string, unknown>>,
  provider: PolicyProviderResource | undefined,
): Resource {
  let properties: Properties | undefined;
  return {
    ...resource,
    get properties(): Properties {
      return (properties ??= readProperties(props));
    },
    get provider(): Properties | undefined {
      return provider === undefined ? undefined : readProperties(provider.props);
    },
  };
}

/** `aws:s3/bucket:Bucket::raw`: what names a resource in every stage. */
export function addressOf({ type, name }: Pick<Resource, "type" | "name">): string {
  return `${type}::${name}`;
}

/** A text that must be known, else nothing. */
export function knownText(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
