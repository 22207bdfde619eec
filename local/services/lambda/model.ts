/** Functions, their event sources and permissions as a program sees them. */
import { StageError } from "../../diagnostics";
import { optionalText, textOf } from "../../graph/graph";
import { arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

export const lambdaModels: ServiceModels = {
  resources: {
    "aws:lambda/function:Function": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 64 });
      const arn = arnOf(facts, "lambda", `function:${name}`);
      return {
        id: name,
        outputs: {
          name,
          arn,
          version: "$LATEST",
          invokeArn: `arn:${facts.partition}:apigateway:${facts.region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
        },
      };
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": ({ urn, inputs }, facts) => {
      const id = fingerprint(urn, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      // A mapping with a window and parallel batches of one shard is refused by AWS.
      if (inputs["tumblingWindowInSeconds"] !== undefined && (inputs["parallelizationFactor"] ?? 1) !== 1) {
        throw new StageError("a mapping with tumblingWindowInSeconds needs parallelizationFactor 1");
      }
      return {
        id,
        outputs: {
          uuid: id,
          arn: arnOf(facts, "lambda", `event-source-mapping:${id}`),
          functionArn: textOf(inputs, "functionName"),
        },
      };
    },
    "aws:lambda/permission:Permission": (declaration) => {
      const statementId =
        optionalText(declaration.inputs, "statementId") ?? `${declaration.name}-${fingerprint(declaration.urn, 7)}`;
      return { id: statementId, outputs: { statementId } };
    },
  },
  replacedBy: {
    "aws:lambda/function:Function": forcesNew(
      "lambda/function.go",
      "name",
      "packageType",
      "tenancyConfig",
      "durableConfig",
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": forcesNew(
      "lambda/event_source_mapping.go",
      "eventSourceArn",
      "startingPosition",
      "startingPositionTimestamp",
      "queues",
      "topics",
      "selfManagedEventSource",
      "amazonManagedKafkaEventSourceConfig",
      "selfManagedKafkaEventSourceConfig",
    ),
    "aws:lambda/permission:Permission": forcesNew(
      "lambda/permission.go",
      "action",
      "eventSourceToken",
      "function",
      "functionUrlAuthType",
      "invokedViaFunctionUrl",
      "principal",
      "principalOrgId",
      "qualifier",
      "sourceAccount",
      "sourceArn",
      "statementId",
      "statementIdPrefix",
    ),
  },
  keepsIn: { "aws:lambda/eventSourceMapping:EventSourceMapping": ({ id }) => ["lambda", "mappings", id] },
};
