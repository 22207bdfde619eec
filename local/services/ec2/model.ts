import type { ServiceModels } from "../model";
export const ec2Models: ServiceModels = { resources: {} };
