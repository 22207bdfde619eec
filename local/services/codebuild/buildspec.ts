/**
 * A buildspec: phases with their commands, variables, artifacts and reports. Source: CodeBuild user guide, "Build
 * specification reference for CodeBuild". What the stage does not follow is refused.
 */
import { parse } from "yaml";
import { z } from "zod";
import { StageError } from "../../diagnostics";

const texts = z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String));
const phase = z.strictObject({
  "on-failure": z.enum(["ABORT", "CONTINUE"]).optional(),
  "runtime-versions": z.record(z.string(), z.unknown()).optional(),
  commands: texts.default([]),
  finally: texts.default([]),
});
const artifact = z.strictObject({
  files: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  name: z.string().optional(),
  "base-directory": z.string().optional(),
  "discard-paths": z.union([z.boolean(), z.enum(["yes", "no"]).transform((text) => text === "yes")]).default(false),
  "exclude-paths": z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([]),
});
const report = z.looseObject({ files: z.union([z.string().transform((one) => [one]), z.array(z.string())]) });

const shape = z.strictObject({
  version: z.union([z.literal(0.2), z.literal("0.2").transform(() => 0.2)], { error: "must be 0.2" }),
  env: z
    .strictObject({
      shell: z.enum(["sh", "bash"]).optional(),
      variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
      "exported-variables": z.array(z.string().regex(/^[A-Za-z_]\w*$/)).default([]),
    })
    .default({ variables: {}, "exported-variables": [] }),
  phases: z.strictObject({
    install: phase.optional(),
    pre_build: phase.optional(),
    build: phase.optional(),
    post_build: phase.optional(),
  }),
  reports: z.record(z.string(), report).default({}),
  artifacts: artifact
    .partial({ files: true })
    .extend({ "secondary-artifacts": z.record(z.string(), artifact).default({}) })
    .optional(),
  // There is one machine, and it remembers by itself.
  cache: z.unknown().optional(),
});

export type Buildspec = z.output<typeof shape>;
export type BuildPhaseSpec = z.output<typeof phase>;
export type ArtifactSpec = z.output<typeof artifact>;

export const PHASES = ["install", "pre_build", "build", "post_build"] as const;
export type PhaseName = (typeof PHASES)[number];

/** @throws StageError with the place of what is wrong */
export function readBuildspec(text: string): Buildspec {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new StageError(`YAML_FILE_ERROR: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new StageError(
    `YAML_FILE_ERROR: buildspec ${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`,
  );
}
