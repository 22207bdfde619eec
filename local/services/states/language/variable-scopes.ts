/** A branch or an iteration sees the variables around it but may not give one of them a value. */
import { isObject, type Json, type JsonObject } from "./json";
import type { Place } from "./place";

export function checkVariables(machine: Json, top: Place): void {
  if (isObject(machine)) checkGraph(machine, new Set(), top);
}

function checkGraph(graph: JsonObject, outer: ReadonlySet<string>, top: Place): void {
  const states = Object.entries(isObject(graph["States"]) ? graph["States"] : {});
  const own = states.map(([name, state]) => [name, assignedBy(state)] as const);
  for (const [name, variables] of own) {
    for (const variable of variables.filter((each) => outer.has(each))) {
      top.state(name).refuse(`may not assign ${variable}: it is a variable of the states around this branch`);
    }
  }
  const visible = new Set([...outer, ...own.flatMap(([, variables]) => variables)]);
  for (const [, state] of states) for (const inner of innerGraphs(state)) checkGraph(inner, visible, top);
}

/** Names that a state assigns, itself or in its rules and catchers. */
function assignedBy(state: Json): string[] {
  if (!isObject(state)) return [];
  return [state, ...objectsIn(state["Choices"]), ...objectsIn(state["Catch"])].flatMap(({ Assign }) =>
    isObject(Assign) ? Object.keys(Assign).map((name) => name.replace(/\.\$$/, "")) : [],
  );
}

function innerGraphs(state: Json): JsonObject[] {
  if (!isObject(state)) return [];
  return [...objectsIn(state["Branches"]), ...objectsIn([state["ItemProcessor"] ?? null])];
}

function objectsIn(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}
