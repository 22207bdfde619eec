/** The operations by which clients look at alarms, and bring one into a state to try its actions. */
import { z } from "zod";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation } from "../service";
import type { Alarm } from "./alarm";
import type { AlarmBoard } from "./alarm-board";
import type { AlarmRecord } from "./alarm-history";
import { ALARM_STATES } from "./evaluation";
import { listDimensions, pageOf, timestamp, unmodelled } from "./shapes";

const MOST_RECORDS = 100;
const paging = { MaxRecords: z.int().min(1).max(MOST_RECORDS).default(50), NextToken: z.string().optional() };

export function alarmOperations(board: AlarmBoard, { facts }: ServiceContext): Record<string, Operation> {
  const on = (action: string, alarm: string): Check => ({
    action: `cloudwatch:${action}`,
    resource: `arn:${facts.partition}:cloudwatch:${facts.region}:${facts.account}:alarm:${alarm}`,
  });

  return {
    DescribeAlarms: operation({
      shape: z.object({
        ...paging,
        AlarmNames: z.array(z.string()).max(MOST_RECORDS).optional(),
        AlarmNamePrefix: z.string().optional(),
        AlarmTypes: z.array(z.enum(["MetricAlarm", "CompositeAlarm"])).default(["MetricAlarm"]),
        StateValue: z.enum(ALARM_STATES).optional(),
        ActionPrefix: z.string().optional(),
        ChildrenOfAlarmName: unmodelled("ChildrenOfAlarmName"),
        ParentsOfAlarmName: unmodelled("ParentsOfAlarmName"),
      }),
      checks: ({ AlarmNames = ["*"] }) => AlarmNames.map((name) => on("DescribeAlarms", name)),
      run: async ({
        AlarmNames,
        AlarmNamePrefix = "",
        AlarmTypes,
        StateValue,
        ActionPrefix,
        MaxRecords,
        NextToken,
      }) => {
        await board.settled();
        const found = board.alarms.filter(
          ({ name, actions }) =>
            AlarmTypes.includes("MetricAlarm") &&
            (AlarmNames?.includes(name) ?? name.startsWith(AlarmNamePrefix)) &&
            (StateValue === undefined || board.recordOf(name).state === StateValue) &&
            (ActionPrefix === undefined ||
              Object.values(actions)
                .flat()
                .some((each) => each.startsWith(ActionPrefix))),
        );
        const { page, ...rest } = pageOf(found, NextToken, MaxRecords);
        const described = page.map((alarm) => describeAlarm(alarm, board.recordOf(alarm.name)));
        return { MetricAlarms: described, CompositeAlarms: [], ...rest };
      },
    }),
    DescribeAlarmHistory: operation({
      shape: z.object({
        ...paging,
        AlarmName: z.string().optional(),
        HistoryItemType: z.enum(["ConfigurationUpdate", "StateUpdate", "Action"]).optional(),
        StartDate: timestamp.default(0),
        EndDate: timestamp.default(Infinity),
        ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
        AlarmTypes: unmodelled("AlarmTypes"),
        AlarmContributorId: unmodelled("AlarmContributorId"),
      }),
      checks: ({ AlarmName = "*" }) => [on("DescribeAlarmHistory", AlarmName)],
      run: async ({ AlarmName, HistoryItemType, StartDate, EndDate, ScanBy, MaxRecords, NextToken }) => {
        await board.settled();
        const found = board.alarms
          .filter(({ name }) => AlarmName === undefined || name === AlarmName)
          .flatMap(({ name }) => board.recordOf(name).history.map((item) => ({ ...item, name })))
          .filter(({ type, at }) => (HistoryItemType ?? type) === type && at >= StartDate && at <= EndDate)
          .sort((a, b) => b.at - a.at);
        if (ScanBy === "TimestampAscending") found.reverse();
        const { page, ...rest } = pageOf(found, NextToken, MaxRecords);
        const items = page.map(({ name, at, type, summary, data }) => ({
          AlarmName: name,
          AlarmType: "MetricAlarm",
          Timestamp: at / 1000,
          HistoryItemType: type,
          HistorySummary: summary,
          HistoryData: data,
        }));
        return { AlarmHistoryItems: items, ...rest };
      },
    }),
    SetAlarmState: operation({
      shape: z.object({
        AlarmName: z.string().min(1).max(255),
        StateValue: z.enum(ALARM_STATES),
        StateReason: z.string().max(1023),
        StateReasonData: z.string().max(4000).optional(),
      }),
      checks: ({ AlarmName }) => [on("SetAlarmState", AlarmName)],
      run: async ({ AlarmName, StateValue, StateReason }) => {
        const alarm = board.find(AlarmName);
        if (alarm === undefined) throw new AwsError("ResourceNotFound", `Unknown alarm ${AlarmName}`, 404);
        await board.move(alarm, StateValue, StateReason);
      },
    }),
  };
}

function describeAlarm(alarm: Alarm, { state, reason, since, configured }: AlarmRecord): unknown {
  const { metric, rule, actions } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmDescription: alarm.description,
    AlarmConfigurationUpdatedTimestamp: configured / 1000,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: since / 1000,
    StateTransitionedTimestamp: since / 1000,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: listDimensions(metric.dimensions),
    Statistic: alarm.statistic,
    Period: alarm.periodMinutes * 60,
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    Threshold: rule.threshold,
    ComparisonOperator: rule.comparison,
    TreatMissingData: rule.missing,
  };
}
