/**
 * The limits of AWS that our plans check before anything is deployed. Source: the quota page of each service's
 * developer guide.
 */
import type { Duration } from "./units";

/** Kinesis Data Streams: how long a stream keeps records. */
export const STREAM_RETENTION: { readonly least: Duration; readonly most: Duration } = {
  least: "24 hours",
  most: "365 days",
};

/** Kinesis Data Streams: shards of a provisioned stream; the most is the default quota of the smaller regions. */
export const STREAM_SHARDS = { least: 1, most: 200 } as const;

/** Lambda: length of a tumbling window; 0 would mean none. */
export const TUMBLING_WINDOW: { readonly least: Duration; readonly most: Duration } = {
  least: "1 second",
  most: "900 seconds",
};

/** Lambda: records of one batch from a stream. */
export const STREAM_BATCH = { least: 1, most: 10_000 } as const;

/** Firehose: how long and how much a delivery to S3 is buffered. */
export const DELIVERY_INTERVAL: { readonly least: Duration; readonly most: Duration } = {
  least: "60 seconds",
  most: "900 seconds",
};
export const DELIVERY_SIZE_MIB = { least: 1, most: 128 } as const;

/** IAM: characters of a role's name, of which a prefix must leave room for the logical name and seven random digits. */
export const ROLE_NAME_LENGTH = 64;

/** IAM: characters of all inline policies of a role, white space not counted. */
export const INLINE_POLICY_LENGTH = 10_240;

/** Random Cut Forest of Kinesis Data Analytics for SQL, whose ranges ours keeps. */
export const FOREST_TREES = { least: 1, most: 1000 } as const;
export const FOREST_SAMPLES = { least: 10, most: 1000 } as const;
