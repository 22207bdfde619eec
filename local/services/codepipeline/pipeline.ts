/** A pipeline as the program declares it. */
import { StageError } from "../../diagnostics";
import { describeResource, numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { isRecord, type Properties, type Value } from "../../graph/value";

export interface Pipeline {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly mode: "QUEUED" | "SUPERSEDED";
  readonly bucket: string;
  readonly keyId: string | undefined;
  readonly stages: readonly PipelineStage[];
}

export interface PipelineStage {
  readonly name: string;
  readonly actions: readonly PipelineAction[];
}

export interface PipelineAction {
  readonly name: string;
  readonly category: string;
  readonly provider: string;
  readonly runOrder: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly namespace: string | undefined;
  readonly timeoutMinutes: number | undefined;
}

/** What the stage runs; anything else is refused when it opens. */
const PROVIDERS = [
  ...["Source/CodeCommit", "Source/CodeStarSourceConnection", "Build/CodeBuild", "Test/CodeBuild"],
  ...["Invoke/Lambda", "Invoke/StepFunctions", "Approval/Manual", "Deploy/S3"],
];

export function readPipelines(graph: Graph): Pipeline[] {
  return graph.ofType("aws:codepipeline/pipeline:Pipeline").map(readPipeline);
}

function readPipeline(resource: Resource): Pipeline {
  const { inputs, outputs } = resource;
  const mode = optionalText(inputs, "executionMode") ?? "SUPERSEDED";
  if (mode !== "QUEUED" && mode !== "SUPERSEDED") {
    throw new StageError(`${describeResource(resource)}: executionMode must be QUEUED or SUPERSEDED here, got ${mode}`);
  }
  const [store, ...others] = listOf(inputs["artifactStores"]);
  if (store === undefined || others.length > 0) {
    throw new StageError(
      `${describeResource(resource)}: the local stage is in one region: it takes one artifact store`,
    );
  }
  const key = store["encryptionKey"];
  return {
    name: textOf(outputs, "name"),
    arn: textOf(outputs, "arn"),
    roleArn: textOf(inputs, "roleArn"),
    mode,
    bucket: textOf(store, "location"),
    keyId: isRecord(key) ? textOf(key, "id") : undefined,
    stages: listOf(inputs["stages"]).map((stage) => ({
      name: textOf(stage, "name"),
      actions: listOf(stage["actions"]).map((action) => readAction(action, resource)),
    })),
  };
}

function readAction(action: Properties, resource: Resource): PipelineAction {
  const [name, category, provider] = ["name", "category", "provider"].map((each) => textOf(action, each));
  if (!PROVIDERS.includes(`${category}/${provider}`)) {
    throw new StageError(
      `${describeResource(resource)}: action ${name} is ${category}/${provider}; the local stage runs ${PROVIDERS.join(", ")}`,
    );
  }
  const configuration = action["configuration"];
  const timeout = numberOf(action, "timeoutInMinutes", 0);
  return {
    name: name ?? "",
    category: category ?? "",
    provider: provider ?? "",
    runOrder: numberOf(action, "runOrder", 1),
    configuration: isRecord(configuration)
      ? Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, String(value as string)]))
      : {},
    inputs: textsOf(action["inputArtifacts"]),
    outputs: textsOf(action["outputArtifacts"]),
    namespace: optionalText(action, "namespace"),
    timeoutMinutes: timeout === 0 ? undefined : timeout,
  };
}

function listOf(value: Value | undefined): Properties[] {
  return Array.isArray(value) ? (value as readonly Value[]).filter(isRecord) : [];
}

function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Value[]).filter((item) => typeof item === "string") : [];
}
