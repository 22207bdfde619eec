/** What a stage says about the levels and properties of a pack's policies, as --policy-pack-config files hold it. */
import * as protocol from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { StageError } from "../diagnostics";

/** In the order of the protocol. */
export const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

export type EnforcementLevel = (typeof LEVELS)[number];

/** `{"all": "advisory", "resources-are-tagged": {"enforcementLevel": "remediate"}}`. */
export type PackConfig = Readonly<Record<string, EnforcementLevel | PolicyConfig>>;

interface PolicyConfig {
  readonly enforcementLevel?: EnforcementLevel;
  readonly [property: string]: unknown;
}

/**
 * A policy has its own entry over `all` over its own level.
 * @throws StageError when the configuration names a policy or a level that there is not
 */
export function configureRequest(
  config: PackConfig,
  policies: readonly { readonly name: string; readonly level: EnforcementLevel }[],
): { readonly request: protocol.ConfigureAnalyzerRequest; readonly levels: ReadonlySet<EnforcementLevel> } {
  const known = new Set(["all", ...policies.map(({ name }) => name)]);
  const strangers = Object.keys(config).filter((name) => !known.has(name));
  if (strangers.length > 0) {
    throw new StageError(`the pack has no policy ${strangers.join(", ")}: remove it from the configuration`);
  }
  const request = new protocol.ConfigureAnalyzerRequest();
  const levels = new Set<EnforcementLevel>();
  for (const { name, level } of policies) {
    const own = { enforcementLevel: level, ...expand(config["all"]), ...expand(config[name]) };
    const { enforcementLevel, ...properties } = own;
    const written = new protocol.PolicyConfig()
      .setEnforcementlevel(writeLevel(enforcementLevel))
      .setProperties(Struct.fromJavaScript(properties));
    request.getPolicyconfigMap().set(name, written);
    levels.add(enforcementLevel);
  }
  return { request, levels };
}

export function readLevel(level: number): EnforcementLevel {
  const known = LEVELS[level];
  if (known === undefined) throw new StageError(`the pack names an enforcement level that is not known: ${level}`);
  return known;
}

function writeLevel(level: EnforcementLevel): 0 | 1 | 2 | 3 {
  const at = LEVELS.indexOf(level);
  if (at === -1) throw new StageError(`a level must be ${LEVELS.join(", ")}, got ${JSON.stringify(level)}`);
  return at as 0 | 1 | 2 | 3;
}

function expand(config: PackConfig[string] | undefined): PolicyConfig {
  return typeof config === "string" ? { enforcementLevel: config } : (config ?? {});
}
