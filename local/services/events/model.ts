import type { ServiceModels } from "../model";
export const eventsModels: ServiceModels = { resources: {} };
