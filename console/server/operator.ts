/** Calls AWS operations as whoever runs the stage. */
import type { LocalStage } from "../../local/stage";

export type Operator = <Output>(service: string, operation: string, input: unknown) => Promise<Output>;

/** What the console needs of a stage. */
export type ConsoleStage = Pick<
  LocalStage,
  | "graph"
  | "clock"
  | "url"
  | "permissions"
  | "authorizer"
  | "dispatch"
  | "service"
  | "onCall"
  | "onMeasure"
  | "onLog"
  | "onGraph"
  | "serveWeb"
>;

/** Whichever graph the stage runs by then. */
export function operatorOf(stage: Pick<ConsoleStage, "dispatch" | "authorizer">): Operator {
  return async <Output>(service: string, operation: string, input: unknown) =>
    (await stage.dispatch(stage.authorizer.operator, service, operation, input)) as Output;
}
