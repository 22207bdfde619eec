/** URNs as the engine makes them, and those under which a resource may have been known before. */
import type { Resource } from "../graph/graph";

const ROOT_STACK = "pulumi:pulumi:Stack";

/** @param parent URN of the parent; its chain of types precedes the type, unless it is the stack itself */
export function urnOf(stack: string, project: string, parent: string | undefined, type: string, name: string): string {
  const chain = parent?.split("::")[2];
  const qualified = chain === undefined || chain === ROOT_STACK ? type : `${chain}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** An alias as the SDK sends it: what it leaves out is as in the resource. */
interface AliasSpec {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parenturn?: string;
  readonly noparent?: boolean;
}

/**
 * URNs that a resource had before: its own aliases, and those that follow from its parent's. A child named after its
 * parent (`events-archive` of `events`) was named after the parent's former name.
 * @param formerOf former URNs of a parent
 */
export function formerUrns(resource: Resource, formerOf: (parent: string) => readonly string[]): string[] {
  const [, , stack = "", project = ""] = /^(urn:pulumi:)([^:]+)::([^:]+)::/.exec(resource.urn) ?? [];
  const { type, name, parent, urn } = resource;
  const parents = parent === undefined ? [undefined] : [parent, ...formerOf(parent)];
  const specs: AliasSpec[] = [{}];
  const found: string[] = [];
  for (const alias of resource.options.aliases) {
    if (alias.startsWith("urn:")) found.push(alias);
    else specs.push(JSON.parse(alias) as AliasSpec);
  }
  for (const spec of specs) {
    const fixed = spec.noparent === true ? [undefined] : spec.parenturn ? [spec.parenturn] : parents;
    for (const of of fixed) {
      const formerName = spec.name || nameUnder(of, parent, name);
      found.push(urnOf(spec.stack || stack, spec.project || project, of, spec.type || type, formerName));
    }
  }
  return [...new Set(found)].filter((each) => each !== urn);
}

function nameUnder(former: string | undefined, parent: string | undefined, name: string): string {
  const [was, is] = [former?.split("::")[3], parent?.split("::")[3]];
  if (was === undefined || is === undefined || !name.startsWith(is)) return name;
  return was + name.slice(is.length);
}
