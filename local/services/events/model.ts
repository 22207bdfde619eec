/** EventBridge rules and their targets as a program sees them. */
import { optionalText, textOf } from "../../graph/graph";
import { arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

export const eventsModels: ServiceModels = {
  resources: {
    "aws:cloudwatch/eventRule:EventRule": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 64 });
      return { id: name, outputs: { name, arn: arnOf(facts, "events", `rule/${name}`) } };
    },
    "aws:cloudwatch/eventTarget:EventTarget": ({ urn, inputs }) => {
      const targetId = optionalText(inputs, "targetId") ?? `terraform-${fingerprint(urn, 26)}`;
      return { id: `${textOf(inputs, "rule")}-${targetId}`, outputs: { targetId } };
    },
  },
  replacedBy: {
    "aws:cloudwatch/eventRule:EventRule": forcesNew("events/rule.go", "name", "namePrefix", "eventBusName"),
    "aws:cloudwatch/eventTarget:EventTarget": forcesNew("events/target.go", "rule", "eventBusName", "targetId"),
  },
};
