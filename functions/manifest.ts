/**
 * Every function of the platform: where it begins, what it runs on, and the environment it needs. This is all that
 * infrastructure knows of functions.
 */
import type { EnvContract } from "./lib/env";

export interface FunctionManifest {
  /** Entry file, relative to the project's folder; it exports `handler`. */
  readonly entry: `functions/${string}/main.ts`;
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly env: EnvContract;
}

/** The one runtime of all functions: the Node release that also runs the project's scripts. */
export const FUNCTION_RUNTIME = "nodejs24.x";

export const functions = {
  detect: {
    entry: "functions/detect/main.ts",
    description: "Counts beacons per site and window, scores the click-through rate, raises anomalies",
    memoryMiB: 512,
    timeoutSeconds: 30,
    env: {
      FOREST_TABLE: "text",
      ANOMALY_STREAM: "text",
      REJECTED_BUCKET: "text",
      ANOMALY_CUTOFF: "number",
      ANOMALY_RULES: "text",
      ANOMALY_TREES: "number",
      ANOMALY_SAMPLES: "number",
      ANOMALY_TIME_DECAY: "number",
      RETRY_HORIZON_SECONDS: "number",
      METRIC_NAMESPACE: "text",
    },
  },
  notice: {
    entry: "functions/notice/main.ts",
    description: "Notices sites that went silent and raises one no-data alert for each",
    memoryMiB: 256,
    timeoutSeconds: 30,
    env: {
      FOREST_TABLE: "text",
      FOREST_TABLE_INDEX: "text",
      ANOMALY_STREAM: "text",
      SILENCE_SECONDS: "number",
      METRIC_NAMESPACE: "text",
    },
  },
  alert: {
    entry: "functions/alert/main.ts",
    description: "Tells people about anomalies, each once, and records them",
    memoryMiB: 256,
    timeoutSeconds: 30,
    env: { ALERT_TABLE: "text", ALERT_TOPIC: "text", PROCESSED_BUCKET: "text", METRIC_NAMESPACE: "text" },
  },
  trigger: {
    entry: "functions/trigger/main.ts",
    description: "Starts the deploy machine for a pipeline's action, and tells the pipeline how it ends",
    memoryMiB: 256,
    timeoutSeconds: 60,
    env: { STATE_MACHINE: "text" },
  },
  prepare: {
    entry: "functions/prepare/main.ts",
    description: "Takes a stack's template and parameters out of the pipeline's artifact",
    memoryMiB: 512,
    timeoutSeconds: 60,
    env: { RELEASE_BUCKET: "text", TEMPLATE_HOST: "text" },
  },
  inspect: {
    entry: "functions/inspect/main.ts",
    description: "Judges change sets and previews, and compares what was done with what was judged",
    memoryMiB: 1024,
    timeoutSeconds: 300,
    env: { RELEASE_BUCKET: "text" },
  },
} as const satisfies Record<string, FunctionManifest>;

export type FunctionName = keyof typeof functions;
