import type { ServiceModels } from "../model";
export const lambdaModels: ServiceModels = { resources: {} };
