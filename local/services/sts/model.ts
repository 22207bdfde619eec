import type { ServiceModels } from "../model";
export const stsModels: ServiceModels = { resources: {} };
