import type { ServiceModels } from "../model";
export const kmsModels: ServiceModels = { resources: {} };
