/** The operations by which clients look at the dashboards that the program declares. */
import { z } from "zod";
import { textOf, type Resource } from "../../graph/graph";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Operation } from "../service";
import { expectOnly } from "./declared";

/** @throws StageError naming a dashboard that is declared in a way the stage does not follow */
export function dashboardOperations({ graph, facts }: ServiceContext): Record<string, Operation> {
  const dashboards = graph.ofType("aws:cloudwatch/dashboard:Dashboard");
  dashboards.forEach((each) => expectOnly(each, ["dashboardName", "dashboardBody"]));
  const byName = new Map(dashboards.map((each) => [textOf(each.outputs, "dashboardName"), each]));
  const arnOf = (name: string): string => `arn:${facts.partition}:cloudwatch::${facts.account}:dashboard/${name}`;

  return {
    GetDashboard: operation({
      shape: z.object({ DashboardName: z.string() }),
      checks: ({ DashboardName }) => [{ action: "cloudwatch:GetDashboard", resource: arnOf(DashboardName) }],
      run: ({ DashboardName }) => {
        const found = byName.get(DashboardName);
        if (found === undefined) {
          throw new AwsError("DashboardNotFoundError", `Dashboard ${DashboardName} does not exist`, 404);
        }
        return { DashboardName, DashboardArn: arnOf(DashboardName), DashboardBody: bodyOf(found) };
      },
    }),
    ListDashboards: operation({
      shape: z.object({ DashboardNamePrefix: z.string().default("") }),
      checks: () => [{ action: "cloudwatch:ListDashboards", resource: "*" }],
      run: ({ DashboardNamePrefix }) => ({
        DashboardEntries: [...byName]
          .filter(([name]) => name.startsWith(DashboardNamePrefix))
          .map(([name, found]) => ({
            DashboardName: name,
            DashboardArn: arnOf(name),
            LastModified: 0,
            Size: Buffer.byteLength(bodyOf(found)),
          })),
      }),
    }),
  };
}

function bodyOf(dashboard: Resource): string {
  return textOf(dashboard.inputs, "dashboardBody");
}
