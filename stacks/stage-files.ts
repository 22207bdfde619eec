/**
 * The committed configuration of a stage, read from its YAML files as the Pulumi CLI would merge them, for everything that
 * looks at a stage without the CLI. Secrets cannot be read without the stage's key: stand-ins take their place.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { StageConfigurationError } from "./configuration-error";
import { NAMESPACE, SETTINGS, type StageConfiguration } from "./stage";
import type { Setting } from "./setting";

interface ProjectFile {
  readonly name: string;
  readonly config?: Readonly<Record<string, { readonly default?: unknown; readonly secret?: boolean }>>;
}

interface StageFile {
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Names of the stages that have a file. */
export function stageNames(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** @throws StageConfigurationError when there is no such stage, or its file is not understood */
export function readStageFiles(root: string, stage: string): StageConfiguration {
  const file = join(root, `Pulumi.${stage}.yaml`);
  if (!existsSync(file)) {
    throw new StageConfigurationError(
      `stage "${stage}" is not known, only ${stageNames(root).join(", ")}; make it with: pulumi stack init ${stage}`,
    );
  }
  const project = readYaml<ProjectFile>(join(root, "Pulumi.yaml"));
  const own = readYaml<StageFile>(file).config ?? {};
  const defaults = Object.entries(project.config ?? {}).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[qualified(key), value] as const],
  );
  const given = Object.entries(own).map(([key, value]) => [qualified(key), value] as const);
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of [...defaults, ...given]) {
    if (isEncrypted(value)) secretKeys.add(key);
    else values[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  for (const [name, setting] of Object.entries(SETTINGS) as [string, Setting<unknown>][]) {
    const key = `${NAMESPACE}:${name}`;
    // A plain value where a secret belongs stays, so that it is refused.
    if (!setting.isSecret || (values[key] ?? "") !== "") continue;
    values[key] = setting.example;
    secretKeys.add(key);
  }
  return { values, secretKeys: [...secretKeys] };
}

function readYaml<Shape>(file: string): Shape {
  try {
    return (parse(readFileSync(file, "utf8")) ?? {}) as Shape;
  } catch (error) {
    throw new StageConfigurationError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function qualified(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}:${key}`;
}

/** `secure: v1:...` */
function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
