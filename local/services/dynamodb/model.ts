import type { ServiceModels } from "../model";
export const dynamodbModels: ServiceModels = { resources: {} };
