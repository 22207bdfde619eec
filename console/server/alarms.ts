/** The state of every alarm, as CloudWatch tells it, with the stations that each watches, as the graph tells them. */
import type { Graph } from "../../local/graph/graph";
import { Stations } from "../model/stations";
import type { Alarm, AlarmState } from "../model/wire";
import type { Operator } from "./operator";

interface Described {
  readonly MetricAlarms: readonly {
    readonly AlarmName: string;
    readonly AlarmDescription?: string;
    readonly StateValue: AlarmState;
    readonly StateReason: string;
    readonly StateUpdatedTimestamp: number;
  }[];
  readonly NextToken?: string;
}

export async function readAlarms(graph: Graph, call: Operator): Promise<Alarm[]> {
  const declared = graph.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
  if (declared.length === 0) return [];
  const stations = new Stations(graph);
  const byName = new Map(declared.map((alarm) => [alarm.outputs["name"], alarm]));
  const alarms: Alarm[] = [];
  let page: string | undefined;
  do {
    const input = page === undefined ? { MaxRecords: 100 } : { MaxRecords: 100, NextToken: page };
    const { MetricAlarms, NextToken } = await call<Described>("monitoring", "DescribeAlarms", input);
    for (const { AlarmName, AlarmDescription = "", StateValue, StateReason, StateUpdatedTimestamp } of MetricAlarms) {
      const alarm = byName.get(AlarmName);
      const watched = (alarm?.wiring["dimensions"] ?? []).flatMap((urn) => stations.ofUrn(urn)?.id ?? []);
      alarms.push({
        name: alarm?.name ?? AlarmName,
        description: AlarmDescription,
        state: StateValue,
        reason: StateReason,
        since: StateUpdatedTimestamp * 1000,
        stations: [...new Set(watched)],
      });
    }
    page = NextToken;
  } while (page !== undefined);
  return alarms;
}
