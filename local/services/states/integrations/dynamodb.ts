/** Items of tables as tasks: `dynamodb:getItem` and its like. */
import type { Json } from "../language/json";
import { failureOf } from "./errors";
import type { Integration } from "./integration";

/** @param operation `PutItem` */
export function dynamodbIntegration(operation: string): Integration {
  return {
    request: async ({ work, session, stage }) => (await stage.dispatch(session, "dynamodb", operation, work)) as Json,
    nameOf: (error) => failureOf("DynamoDB", "AmazonDynamoDBException", error),
  };
}
