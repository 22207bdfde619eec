/** DynamoDB tables as a program sees them. */
import { arnOf, forcesNew, physicalName, type ServiceModels } from "../model";

export const dynamodbModels: ServiceModels = {
  resources: {
    "aws:dynamodb/table:Table": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 255 });
      return { id: name, outputs: { name, arn: arnOf(facts, "dynamodb", `table/${name}`) } };
    },
  },
  replacedBy: {
    "aws:dynamodb/table:Table": forcesNew(
      "dynamodb/table.go",
      "name",
      "hashKey",
      "rangeKey",
      "localSecondaryIndexes",
      "importTable",
      "restoreBackupArn",
      "restoreDateTime",
      "restoreSourceName",
      "restoreSourceTableArn",
      "restoreToLatestTime",
    ),
  },
  keepsIn: { "aws:dynamodb/table:Table": ({ name }) => ["dynamodb", name] },
};
