/**
 * What a release of a CloudFormation stack consists of: names, parameters and tags. Pure; the template itself is only
 * handed on, because only CloudFormation knows what it says.
 */
import { createHash } from "node:crypto";
import * as z from "zod";

const name = z.string().min(1);

/** What the machine was started with; further keys are its own. */
const order = z.looseObject({
  environmentName: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/),
  stackName: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,94}$/),
  templatePath: name,
  /** Parameters and tags of this environment, in the shape of CodePipeline's template configuration files. */
  configurationPath: name.optional(),
  revisionS3Bucket: name,
  revisionS3Key: name,
});

export type ReleaseOrder = z.infer<typeof order>;

const configuration = z.strictObject({
  Parameters: z.record(z.string(), z.string()).optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

export interface PreparedRelease {
  /** Name of the stack: `prod-sample-application`. */
  readonly stack: string;
  readonly changeSetName: string;
  /** Marks every event of what this release does, and makes a repeated request the same request. */
  readonly request: string;
  readonly templateKey: string;
  readonly parameters: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** CloudFormation takes a template of 1 MB from S3, 51,200 bytes inline. */
export const LONGEST_TEMPLATE = 1_000_000;

const LONGEST_CHANGE_SET_NAME = 128;

/** @throws Error naming everything that is wrong with the machine's input */
export function readOrder(input: unknown): ReleaseOrder {
  return parsed(order, input, "the input of the deploy machine");
}

/**
 * @param execution names the machine's execution: another one has another change set
 * @throws Error when the configuration file is none
 */
export function prepareRelease(
  { environmentName, stackName }: ReleaseOrder,
  execution: string,
  template: Buffer,
  configurationFile: string | undefined,
): PreparedRelease {
  const { Parameters = {}, Tags = {} } = configurationFile === undefined ? {} : readConfiguration(configurationFile);
  const stack = `${environmentName}-${stackName}`;
  const token = createHash("sha256").update(execution).digest("hex").slice(0, 24);
  return {
    stack,
    changeSetName: `${stack.slice(0, LONGEST_CHANGE_SET_NAME - 24 - "-change-set-".length)}-change-set-${token}`,
    request: `release-${token}`,
    templateKey: `templates/${createHash("sha256").update(template).digest("hex")}`,
    parameters: Object.entries(Parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function readConfiguration(text: string): z.infer<typeof configuration> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the configuration file is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parsed(configuration, value, "the configuration file");
}

function parsed<Shape extends z.ZodType>(shape: Shape, value: unknown, what: string): z.infer<Shape> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  throw new Error(`${what}: ${z.prettifyError(read.error)}`);
}
