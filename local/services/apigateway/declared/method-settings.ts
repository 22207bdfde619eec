/** Limits per method that a stage sets: for one method, or for all that have none of their own. */
import { StageError } from "../../../diagnostics";
import { numberOf, textOf, type Resource } from "../../../graph/graph";
import type { Properties } from "../../../graph/value";
import { reading, recordOf, refuseUnread, refuseUnreadIn } from "./declaration";

/** Steady requests per second and the largest burst; each method has its own bucket, also where all share a setting. */
export interface Limit {
  readonly rate: number;
  readonly burst: number;
}

/** @param path as declared, with its leading slash; empty for the root */
export type LimitsByMethod = (path: string, method: string) => Limit | undefined;

const ALL = "*/*";

/** What AWS gives an account where a setting names only one of the two. Source: API Gateway quotas. */
const ACCOUNT_LIMIT: Limit = { rate: 10_000, burst: 5_000 };

/**
 * @param methods the methods that a setting may name
 * @throws StageError naming the settings that the local stage would not honour
 */
export function readLimits(
  resources: readonly Resource[],
  methods: readonly { readonly path: string; readonly name: string }[],
): LimitsByMethod {
  const known = new Set([ALL, ...methods.flatMap(({ path, name }) => keysOf(path, name))]);
  const limits = new Map<string, Limit | undefined>();
  for (const resource of resources) {
    reading(resource, () => {
      const methodPath = textOf(resource.inputs, "methodPath");
      if (!known.has(methodPath))
        throw new StageError(`methodPath ${methodPath} names no method; there are ${[...known].join(", ")}`);
      limits.set(methodPath, readLimit(resource));
    });
  }
  return (path, method) => limits.get(keysOf(path, method).find((key) => limits.has(key)) ?? ALL);
}

/** How a setting may name a method: `pets/{id}/GET`, or as the API writes it, `~1pets~1{id}/GET`. */
function keysOf(path: string, method: string): readonly string[] {
  const keys = [`${path.slice(1)}/${method}`, `${path.replaceAll("/", "~1") || "~1"}/${method}`];
  return path === "" ? keys.slice(1) : keys;
}

function readLimit(resource: Resource): Limit | undefined {
  refuseUnread(resource, "restApi", "stageName", "methodPath", "settings");
  const settings = withoutIdleCache(recordOf(resource.inputs, "settings"));
  // Metrics per method are more of the same; the local stage publishes those per stage.
  refuseUnreadIn(resource, settings, ["throttlingRateLimit", "throttlingBurstLimit", "metricsEnabled", "loggingLevel"]);
  if ((settings["loggingLevel"] ?? "OFF") !== "OFF") {
    throw new StageError("the local stage writes no execution logs: set loggingLevel to OFF");
  }
  const rate = numberOf(settings, "throttlingRateLimit", -1);
  const burst = numberOf(settings, "throttlingBurstLimit", -1);
  if (rate < 0 && burst < 0) return undefined;
  return { rate: rate < 0 ? ACCOUNT_LIMIT.rate : rate, burst: burst < 0 ? ACCOUNT_LIMIT.burst : burst };
}

/** Without caching, how a cache would behave does not matter. */
function withoutIdleCache(settings: Properties): Properties {
  if (settings["cachingEnabled"] === true) return settings;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !/^cach|CacheControl/.test(name)));
}
