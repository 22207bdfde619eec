import type { ServiceModels } from "../model";
export const cloudwatchModels: ServiceModels = { resources: {} };
