/** How GetExecutionHistory tells what happened. Source: Step Functions API reference, HistoryEvent. */
import type { HistoryEvent } from "./execution-record";
import type { Json, JsonObject } from "./language/json";

/** Members that hold data, and so may be left out of an answer or cut. */
const DATA = ["input", "output", "parameters"];

/** @param includesData false leaves out what states and tasks were given and gave */
export function describeEvent(
  { id, previousEventId, time, type, details }: HistoryEvent,
  includesData: boolean,
): unknown {
  const key = /State(Entered|Exited)$/.exec(type)?.[1];
  const name = key === undefined ? `${type[0]?.toLowerCase()}${type.slice(1)}` : `state${key}`;
  return {
    id,
    previousEventId,
    timestamp: time / 1000,
    type,
    ...(details === undefined ? {} : { [`${name}EventDetails`]: describeDetails(details, includesData) }),
  };
}

/** Each member that holds data comes with a note whether all of it is there. */
function describeDetails(details: JsonObject, includesData: boolean): JsonObject {
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, value]): [string, Json][] => {
      if (!DATA.includes(name)) return [[name, value]];
      if (!includesData) return [];
      const note: [string, Json][] = name === "parameters" ? [] : [[`${name}Details`, { truncated: false }]];
      return [[name, value], ...note];
    }),
  );
}
