import type { ServiceModels } from "../model";
export const apigatewayModels: ServiceModels = { resources: {} };
