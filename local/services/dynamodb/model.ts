/** DynamoDB tables as a program sees them. */
import { arnOf, physicalName, type ServiceModels } from "../model";

export const dynamodbModels: ServiceModels = {
  resources: {
    "aws:dynamodb/table:Table": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 255 });
      return { id: name, outputs: { name, arn: arnOf(facts, "dynamodb", `table/${name}`) } };
    },
  },
};
