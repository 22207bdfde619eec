/** Reads the parts of a RegisterResourceRequest that say how a resource stands in its program. */
import { fileURLToPath } from "node:url";
import { relative } from "node:path";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { SourcePosition } from "../diagnostics";
import type { ResourceOptions } from "../graph/graph";

export function readOptions(request: RegisterResourceRequest): ResourceOptions {
  return {
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplacedefined() && request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    dependsOn: request.getDependenciesList(),
    aliases: request
      .getAliasesList()
      .map((alias) => alias.getUrn() || JSON.stringify(alias.getSpec()?.toObject() ?? {})),
    provider: request.getProvider() || undefined,
    deletedWith: request.getDeletedwith() || undefined,
    importId: request.getImportid() || undefined,
  };
}

/** For each input the URNs it came from. */
export function readWiring(request: RegisterResourceRequest): Record<string, readonly string[]> {
  const wiring: Record<string, readonly string[]> = {};
  // The map's own toObject fails on a map of messages.
  for (const [property, dependencies] of request.getPropertydependenciesMap().entries() as Iterable<
    [string, { getUrnsList(): string[] }]
  >) {
    const urns = dependencies.getUrnsList();
    if (urns.length > 0) wiring[property] = urns;
  }
  return wiring;
}

/**
 * The line of the `new` expression: the first of the program's own frames, those of packages left out. For a component
 * of ours that is one frame further up, since its first frame is the call of `super` that reaches the shared base class.
 */
export function readSource(
  request: RegisterResourceRequest,
  component: boolean,
  root: string,
): SourcePosition | undefined {
  const frames = request.getStacktrace()?.getFramesList() ?? [];
  const positions = [...frames.map((frame) => frame.getPc()), request.getSourceposition()]
    .filter((position) => position?.getUri().startsWith("file:") === true)
    .map((position) => ({ file: relative(root, fileURLToPath(position!.getUri())), line: position!.getLine() }))
    .filter(({ file }) => !file.split("/").includes("node_modules"));
  return (component ? positions[1] : undefined) ?? positions[0];
}
