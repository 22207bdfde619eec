/** What the parts of a template become: functions of one rendering. */
import type { Value } from "./value";

/** One rendering. */
export interface Scope {
  readonly variables: Map<string, Value>;
  /** True from #break to the end of its #foreach. */
  leaving: boolean;
}

export type Render = (scope: Scope) => string;
export type Evaluate = (scope: Scope) => Value;

/** Most turns of one #foreach. Source: API Gateway quotas, "Number of #foreach iterations in a mapping template". */
export const MOST_TURNS = 1000;
