import type { ServiceModels } from "../model";
export const wafv2Models: ServiceModels = { resources: {} };
