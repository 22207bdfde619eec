import type { ServiceModels } from "../model";
export const sqsModels: ServiceModels = { resources: {} };
