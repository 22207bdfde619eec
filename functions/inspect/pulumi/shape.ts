/**
 * What a Pulumi preview says: shapes by zod, words by list. A wrong shape is an input error; an unknown word is a doubt
 * about the step that carries it, because an operation that is new may do anything.
 *
 * Source: pulumi/pulumi, sdk/go/common/apitype/core.go (ResourceV3), events.go (EngineEvent), and the display package's
 * PreviewDigest.
 */
import * as z from "zod";
import { ChangeInputError, excerptOf } from "../change-input-error";

const text = z.string().nullish();
const flag = z.boolean().nullish();
const urns = z.array(z.string()).nullish();
/** Property bags are left as they are: nobody but the rules looks inside. */
const bag = z.custom<Readonly<Record<string, unknown>>>(isObject, "expected an object").nullish();

const state = z.looseObject({
  urn: text,
  type: text,
  custom: flag,
  id: text,
  parent: text,
  provider: text,
  inputs: bag,
  outputs: bag,
  protect: flag,
  retainOnDelete: flag,
  external: flag,
  delete: flag,
  taint: flag,
  pendingReplacement: flag,
  deletedWith: text,
  dependencies: urns,
  propertyDependencies: bag,
});

const difference = z.looseObject({ kind: text, diffKind: text, inputDiff: flag });

const step = z.looseObject({
  op: z.string(),
  urn: z.string().min(1),
  provider: text,
  oldState: state.nullish(),
  newState: state.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), difference).nullish(),
});

const digest = z.looseObject({
  config: bag,
  steps: z.array(step).nullish(),
  diagnostics: z.array(z.looseObject({ severity: text, message: text })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  maybeCorrupt: flag,
});

const metadata = z.looseObject({
  op: z.string(),
  urn: z.string().min(1),
  type: text,
  provider: text,
  old: state.nullish(),
  new: state.nullish(),
  diffs: z.array(z.string()).nullish(),
  keys: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), difference).nullish(),
  logical: flag,
});

const event = z.looseObject({
  sequence: z.number().nullish(),
  resourcePreEvent: z.looseObject({ metadata }).nullish(),
  resOutputsEvent: z.looseObject({ metadata }).nullish(),
  resOpFailedEvent: z.looseObject({ metadata: z.looseObject({ urn: text }) }).nullish(),
  diagnosticEvent: z.looseObject({ severity: text, message: text }).nullish(),
  errorEvent: z.looseObject({ error: text }).nullish(),
  policyEvent: z.looseObject({ policyName: text, message: text, enforcementLevel: text }).nullish(),
  preludeEvent: z.looseObject({ config: bag }).nullish(),
  summaryEvent: z
    .looseObject({
      resourceChanges: z.record(z.string(), z.number()).nullish(),
      maybeCorrupt: flag,
      isPreview: flag,
    })
    .nullish(),
});

export type PreviewStep = z.infer<typeof step>;
export type ResourceState = z.infer<typeof state>;
export type PreviewDigest = z.infer<typeof digest>;
export type EngineEvent = z.infer<typeof event>;
export type StepMetadata = z.infer<typeof metadata>;

export const STEP_FIELDS: readonly string[] = Object.keys(step.shape);
export const METADATA_FIELDS: readonly string[] = Object.keys(metadata.shape);
export const DIGEST_FIELDS: readonly string[] = [...Object.keys(digest.shape), "duration"];

/** Kinds of difference; `-replace` says that the property is why the resource is replaced. */
export const DIFFERENCES: readonly string[] = [
  ...["add", "add-replace", "delete", "delete-replace", "update", "update-replace"],
];

/** Fields of a resource's state that say nothing about what is done to it, whatever they turn into. */
export const QUIET_FIELDS: readonly string[] = [
  ...["created", "modified", "sourcePosition", "stackTrace", "snippetID", "initErrors", "customTimeouts", "aliases"],
  ...["additionalSecretOutputs", "importID", "ignoreChanges", "replaceOnChanges", "refreshBeforeUpdate", "viewOf"],
  ...["resourceHooks", "hideDiff", "hideDiffs", "envVarMappings", "stateMigrations"],
];

/** Fields that the reader of steps looks at itself. */
export const READ_FIELDS: readonly string[] = [...Object.keys(state.shape), "replaceWith", "replacementTrigger"];

/** @throws ChangeInputError */
export const readDigest = (value: unknown): PreviewDigest => read(digest, value, "preview");

/** @throws ChangeInputError */
export const readEvent = (value: unknown, where: string): EngineEvent => read(event, value, where);

function read<Shape extends z.ZodType>(shape: Shape, value: unknown, where: string): z.infer<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  throw new ChangeInputError(
    path.length === 0 ? where : `${where}: ${path.map(String).join(".")}`,
    excerptOf(path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[String(key)] : undefined), value)),
    `what Pulumi writes (${issue?.message ?? "another shape"})`,
    "record it with: pulumi preview --json --show-sames --show-replacement-steps",
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
