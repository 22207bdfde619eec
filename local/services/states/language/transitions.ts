/** Whether states lead where there are states, can all be reached, and come to an end. */
import type { State, StateGraph } from "./definition";
import type { Fields } from "./fields";

/** @param declared names of the states as written, including those that could not be read */
export function checkTransitions({ startAt, states }: StateGraph, fields: Fields, declared: ReadonlySet<string>): void {
  if (declared.size === 0) return fields.at("States").refuse("needs at least one state");
  if (!declared.has(startAt)) fields.at("StartAt").refuse(`there is no state "${startAt}" beside it`);
  const astray = [...states.values()].flatMap((state) =>
    targetsOf(state).flatMap((target) => (declared.has(target) ? [] : [{ state, target }])),
  );
  for (const { state, target } of astray) {
    fields.place.state(state.name).refuse(`leads to "${target}", and there is no such state beside it`);
  }
  // Whether all can be reached is told once it is known where they lead.
  if (astray.length > 0 || states.size < declared.size || !declared.has(startAt)) return;
  const reached = reachableFrom(startAt, states);
  for (const name of declared) if (!reached.has(name)) fields.place.state(name).refuse("no state leads to it");
  if (![...states.values()].some(isEnd))
    fields.at("States").refuse("no state ends: one needs End, or the type Succeed or Fail");
}

/** Names of the states that may come after one. */
export function targetsOf(state: State): string[] {
  const caught = "catchers" in state ? state.catchers.map(({ next }) => next) : [];
  if (state.type === "Choice") {
    return [...state.rules.map(({ next }) => next), ...(state.otherwise === undefined ? [] : [state.otherwise.next])];
  }
  return "next" in state && state.next !== undefined ? [state.next, ...caught] : caught;
}

function isEnd(state: State): boolean {
  return state.type === "Succeed" || state.type === "Fail" || ("next" in state && state.next === undefined);
}

function reachableFrom(start: string, states: StateGraph["states"]): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const pending = [start]; pending.length > 0;) {
    const state = states.get(pending.pop() ?? "");
    if (state === undefined || reached.has(state.name)) continue;
    reached.add(state.name);
    pending.push(...targetsOf(state));
  }
  return reached;
}
