/** Draws a machine: each state a box, each way from one to another an arrow. Failures that lead to the same end are dotted. */
import type { Machine, State } from "./language";

interface Way {
  readonly to: string;
  readonly kind: "next" | "caught";
}

/** A mermaid flowchart. */
export function drawMachine({ StartAt, States }: Machine): string {
  const names = Object.keys(States);
  const idOf = (name: string): string => `s${names.indexOf(name)}`;
  const boxes = Object.entries(States).map(([name, state]) => `  ${idOf(name)}${shapeOf(name, state)}`);
  const arrows = Object.entries(States).flatMap(([name, state]) =>
    waysFrom(state).map(({ to, kind }) => `  ${idOf(name)} ${kind === "next" ? "-->" : "-.->"} ${idOf(to)}`),
  );
  return ["flowchart TD", `  start([input]) --> ${idOf(StartAt)}`, ...boxes, ...arrows].join("\n");
}

/** Every state that a state can lead to, each once. */
export function waysFrom(state: State): Way[] {
  const next = nextOf(state);
  const caught = state.Type === "Task" ? state.Catch.map(({ Next }) => Next) : [];
  return [
    ...[...new Set(next)].map((to) => ({ to, kind: "next" as const })),
    ...[...new Set(caught)].filter((to) => !next.includes(to)).map((to) => ({ to, kind: "caught" as const })),
  ];
}

function nextOf(state: State): string[] {
  switch (state.Type) {
    case "Task":
    case "Wait":
    case "Pass":
      return [state.Next];
    case "Choice":
      return [...state.Choices.map(({ Next }) => Next), state.Default];
    case "Succeed":
    case "Fail":
      return [];
  }
}

function shapeOf(name: string, { Type }: State): string {
  switch (Type) {
    case "Choice":
      return `{"${name}"}`;
    case "Wait":
      return `[/"${name}"/]`;
    case "Succeed":
    case "Fail":
      return `(["${name}"])`;
    case "Task":
    case "Pass":
      return `["${name}"]`;
  }
}
