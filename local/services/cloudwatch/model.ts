/** Alarms and dashboards as a program sees them. */
import { textOf } from "../../graph/graph";
import { arnOf, forcesNew, physicalName, type ServiceModels } from "../model";

export const cloudwatchModels: ServiceModels = {
  resources: {
    "aws:cloudwatch/metricAlarm:MetricAlarm": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 255 });
      return { id: name, outputs: { name, arn: arnOf(facts, "cloudwatch", `alarm:${name}`) } };
    },
    "aws:cloudwatch/dashboard:Dashboard": ({ inputs }, { partition, account }) => {
      const name = textOf(inputs, "dashboardName");
      return { id: name, outputs: { dashboardArn: `arn:${partition}:cloudwatch::${account}:dashboard/${name}` } };
    },
  },
  replacedBy: {
    "aws:cloudwatch/metricAlarm:MetricAlarm": forcesNew("cloudwatch/metric_alarm.go", "name"),
    "aws:cloudwatch/dashboard:Dashboard": forcesNew("cloudwatch/dashboard.go", "dashboardName"),
  },
};
