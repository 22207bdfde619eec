/** Build projects as a program sees them. */
import { textOf } from "../../graph/graph";
import { arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

export const codebuildModels: ServiceModels = {
  resources: {
    "aws:codebuild/project:Project": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 150 });
      const arn = arnOf(facts, "codebuild", `project/${name}`);
      return { id: arn, outputs: { name, arn } };
    },
    "aws:codebuild/webhook:Webhook": ({ urn, inputs }) => ({
      id: textOf(inputs, "projectName"),
      outputs: { payloadUrl: "", url: "", secret: fingerprint(urn, 32) },
      secretOutputs: ["secret"],
    }),
  },
  replacedBy: {
    "aws:codebuild/project:Project": forcesNew("codebuild/project.go", "name"),
    "aws:codebuild/webhook:Webhook": forcesNew("codebuild/webhook.go", "projectName", "scopeConfiguration"),
  },
};
