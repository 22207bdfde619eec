import type { ServiceModels } from "../model";
export const firehoseModels: ServiceModels = { resources: {} };
