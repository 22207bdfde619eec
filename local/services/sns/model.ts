import type { ServiceModels } from "../model";
export const snsModels: ServiceModels = { resources: {} };
