import type { ServiceModels } from "../model";
export const logsModels: ServiceModels = { resources: {} };
