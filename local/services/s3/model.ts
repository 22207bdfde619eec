import type { ServiceModels } from "../model";
export const s3Models: ServiceModels = { resources: {} };
