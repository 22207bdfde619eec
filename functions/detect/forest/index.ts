/**
 * The anomaly detector: a Random Cut Forest, and the rules that turn its scores into alerts. Pure; no dependency.
 *
 *   const forest = RandomCutForest.restore(bytes);            // or new RandomCutForest({ samples: 12 })
 *   const why = forest.attribute(rate).columns[0];            // too high or too low, and against which median
 *   const { decisions, state } = decide(rules, before, forest.scoreAndUpdate(rate));
 *   const after = forest.snapshot();                          // the next scores are the same wherever it is restored
 */
export type { AdaptiveDecision, AdaptiveOptions, AdaptiveState, Fading } from "./adaptive-threshold";
export type { Attribution, ColumnAttribution } from "./attribution";
export { RandomCutForest } from "./forest";
export { RECENT_ROWS } from "./history";
export type { Row } from "./intake";
export {
  DEFAULT_PARAMETERS,
  differingParameters,
  MODES,
  PARAMETER_LIMITS,
  planParameters,
  type ForestParameters,
  type Mode,
} from "./parameters";
export { ForestError, type Problem } from "./problems";
export {
  decide,
  FRESH_RULE_STATE,
  LONGEST_LOOK_BACK,
  planRules,
  type CutoffDecision,
  type Decision,
  type RepeatedDecision,
  type Rules,
  type RuleState,
} from "./rules";
export { SNAPSHOT_VERSION } from "./snapshot";
