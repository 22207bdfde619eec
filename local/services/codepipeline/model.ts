/** Pipelines as a program sees them. */
import { arnOf, forcesNew, physicalName, type ServiceModels } from "../model";

export const codepipelineModels: ServiceModels = {
  resources: {
    "aws:codepipeline/pipeline:Pipeline": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 100 });
      return { id: name, outputs: { name, arn: arnOf(facts, "codepipeline", name) } };
    },
  },
  replacedBy: { "aws:codepipeline/pipeline:Pipeline": forcesNew("codepipeline/codepipeline.go", "name") },
};
