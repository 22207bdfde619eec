import type { ServiceModels } from "../model";
export const cognitoModels: ServiceModels = { resources: {} };
