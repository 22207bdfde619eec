/** A build project as the program declares it. */
import { describeResource, numberOf, optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import { StageError } from "../../diagnostics";
import { isRecord, type Properties, type Value } from "../../graph/value";

export interface Project {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly description: string | undefined;
  readonly source: ProjectSource;
  /** `CODEPIPELINE`, `NO_ARTIFACTS`, `S3`. */
  readonly artifacts: ProjectArtifacts;
  readonly variables: Readonly<Record<string, string>>;
  readonly image: string;
  readonly logGroup: string;
  readonly timeoutMinutes: number;
}

export interface ProjectSource {
  readonly type: string;
  /** For S3: `bucket/key`. */
  readonly location: string | undefined;
  readonly buildspec: string | undefined;
}

export interface ProjectArtifacts {
  readonly type: string;
  readonly location: string | undefined;
  readonly path: string | undefined;
  readonly name: string | undefined;
}

const USUAL_TIMEOUT_MINUTES = 60;

export function readProjects(graph: Graph): Project[] {
  return graph.ofType("aws:codebuild/project:Project").map(readProject);
}

function readProject(resource: Resource): Project {
  const { inputs, outputs } = resource;
  const name = textOf(outputs, "name");
  const source = recordOf(inputs["source"]);
  const artifacts = recordOf(inputs["artifacts"]);
  const environment = recordOf(inputs["environment"]);
  return {
    name,
    arn: textOf(outputs, "arn"),
    roleArn: textOf(inputs, "serviceRole"),
    description: optionalText(inputs, "description"),
    source: {
      type: textOf(source, "type"),
      location: optionalText(source, "location"),
      buildspec: optionalText(source, "buildspec"),
    },
    artifacts: {
      type: textOf(artifacts, "type"),
      location: optionalText(artifacts, "location"),
      path: optionalText(artifacts, "path"),
      name: optionalText(artifacts, "name"),
    },
    variables: variablesOf(environment, resource),
    image: textOf(environment, "image"),
    logGroup: logGroupOf(inputs) ?? `/aws/codebuild/${name}`,
    timeoutMinutes: numberOf(inputs, "buildTimeout", USUAL_TIMEOUT_MINUTES),
  };
}

function variablesOf(environment: Properties, resource: Resource): Record<string, string> {
  const listed = environment["environmentVariables"];
  const variables = Array.isArray(listed) ? (listed as readonly Value[]) : [];
  return Object.fromEntries(
    variables.filter(isRecord).map((variable) => {
      const type = optionalText(variable, "type") ?? "PLAINTEXT";
      const name = textOf(variable, "name");
      if (type !== "PLAINTEXT") {
        throw new StageError(
          `${describeResource(resource)}: variable ${name} is of type ${type}; the local stage takes PLAINTEXT`,
        );
      }
      return [name, textOf(variable, "value")];
    }),
  );
}

function logGroupOf(inputs: Properties): string | undefined {
  const logs = recordOf(recordOf(inputs["logsConfig"])["cloudwatchLogs"]);
  return optionalText(logs, "groupName");
}

function recordOf(value: Value | undefined): Properties {
  return isRecord(value) ? value : {};
}
