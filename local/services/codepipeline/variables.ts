/** Variables of actions, as other actions' configuration refers to them: `#{namespace.name}`. */
import type { ExecutionRecord } from "./record";

/** What is wrong with an action's configuration. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** @throws ConfigurationError for a variable that no earlier action has set */
export function fillIn(
  configuration: Readonly<Record<string, string>>,
  { id, pipeline, variables }: Pick<ExecutionRecord, "id" | "pipeline" | "variables">,
): Record<string, string> {
  const known = { ...variables, codepipeline: { PipelineExecutionId: id, PipelineName: pipeline } };
  const fill = (text: string): string =>
    text.replace(/#\{([^.}]+)\.([^}]+)\}/g, (place, namespace: string, name: string) => {
      const value = (known as ExecutionRecord["variables"])[namespace]?.[name];
      if (value === undefined) throw new ConfigurationError(`The variable ${place} is not set by any action before`);
      return value;
    });
  return Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, fill(value)]));
}
