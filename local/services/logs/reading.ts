/** The operations by which clients look at log groups, streams and events. */
import { z } from "zod";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Check, type Operation } from "../service";
import { parseFilterPattern } from "./filter-pattern";
import type { LogGroup, LogStream, StoredEvent } from "./log-group";
import { MOST_EVENTS, pageAfter, pageBefore, readToken, writeToken, type LogPage, type PageRequest } from "./log-page";

const groupRef = { logGroupName: z.string().optional(), logGroupIdentifier: z.string().optional() };
const range = {
  startTime: z.int().nonnegative().optional(),
  endTime: z.int().nonnegative().optional(),
  limit: z.int().min(1).max(MOST_EVENTS).default(MOST_EVENTS),
};
const listing = { limit: z.int().min(1).max(50).default(50), nextToken: z.string().optional() };

type GroupRef = { readonly logGroupName?: string | undefined; readonly logGroupIdentifier?: string | undefined };
type Range = { readonly startTime?: number | undefined; readonly endTime?: number | undefined };

export function readingOperations(
  { clock, facts }: ServiceContext,
  groups: ReadonlyMap<string, LogGroup>,
): Record<string, Operation> {
  const { partition, region, account } = facts;
  /** Actions on a group or on all of them ask for a stream without a name, as those of AWS do. */
  const on = (action: string, group: string, stream = ""): readonly Check[] => [
    {
      action: `logs:${action}`,
      resource: `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:${stream}`,
    },
  ];
  const find = (ref: GroupRef): LogGroup => {
    const group = groups.get(nameOf(ref));
    if (group === undefined) throw notFound("group");
    return group;
  };
  const within = (group: LogGroup, { startTime = 0, endTime = Infinity }: Range) => {
    const since = Math.max(startTime, group.expiry(clock.now()));
    return ({ timestamp }: StoredEvent): boolean => timestamp >= since && timestamp < endTime;
  };

  return {
    DescribeLogGroups: operation({
      shape: z.object({
        ...listing,
        logGroupNamePrefix: z.string().optional(),
        logGroupNamePattern: z.string().optional(),
      }),
      checks: () => on("DescribeLogGroups", ""),
      run: ({ logGroupNamePrefix = "", logGroupNamePattern = "", ...page }) => {
        const found = [...groups.values()]
          .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { items, nextToken } = pageOf(found, page);
        return { logGroups: items.map(describeGroup), nextToken };
      },
    }),
    DescribeLogStreams: operation({
      shape: z.object({
        ...groupRef,
        ...listing,
        logStreamNamePrefix: z.string().optional(),
        orderBy: z.enum(["LogStreamName", "LastEventTime"]).default("LogStreamName"),
        descending: z.boolean().default(false),
      }),
      checks: (input) => on("DescribeLogStreams", nameOf(input)),
      run: ({ logStreamNamePrefix = "", orderBy, descending, ...input }) => {
        const group = find(input);
        const found = group.streams.filter(({ name }) => name.startsWith(logStreamNamePrefix));
        if (orderBy === "LastEventTime") found.sort((a, b) => (a.lastEvent ?? 0) - (b.lastEvent ?? 0));
        const { items, nextToken } = pageOf(descending ? found.reverse() : found, input);
        return { logStreams: items.map((stream) => describeStream(group, stream)), nextToken };
      },
    }),
    GetLogEvents: operation({
      shape: z.object({
        ...groupRef,
        ...range,
        logStreamName: z.string(),
        nextToken: z.string().optional(),
        startFromHead: z.boolean().default(false),
      }),
      checks: (input) => on("GetLogEvents", nameOf(input), input.logStreamName),
      run: ({ logStreamName, nextToken, startFromHead, limit, ...input }) => {
        const group = find(input);
        if (group.stream(logStreamName) === undefined) throw notFound("stream");
        const inRange = within(group, input);
        const request = { limit, accept: (event: StoredEvent) => event.stream === logStreamName && inRange(event) };
        return describePage(readPage(group, nextToken, startFromHead, request));
      },
    }),
    FilterLogEvents: operation({
      shape: z.object({
        ...groupRef,
        ...range,
        logStreamNames: z.array(z.string()).min(1).max(100).optional(),
        logStreamNamePrefix: z.string().optional(),
        filterPattern: z.string().max(1024).default(""),
        nextToken: z.string().optional(),
      }),
      checks: (input) => on("FilterLogEvents", nameOf(input)),
      run: ({ logStreamNames, logStreamNamePrefix = "", filterPattern, nextToken, limit, ...input }) => {
        const group = find(input);
        const [inRange, matches] = [within(group, input), parseFilterPattern(filterPattern)];
        const names = logStreamNames === undefined ? undefined : new Set(logStreamNames);
        const accept = (event: StoredEvent): boolean =>
          (names?.has(event.stream) ?? event.stream.startsWith(logStreamNamePrefix)) &&
          inRange(event) &&
          matches(event.message);
        const from = nextToken === undefined ? group.oldest : readToken(nextToken).index;
        const { events, end } = pageAfter(group, from, { limit, accept });
        return {
          events: events.map(describeFound),
          searchedLogStreams: [],
          ...(end < group.tip ? { nextToken: writeToken({ direction: "f", index: end }) } : {}),
        };
      },
    }),
  };
}

/** @param nextToken where to go on; without one, from the oldest event or back from the newest */
function readPage(group: LogGroup, nextToken: string | undefined, fromHead: boolean, request: PageRequest): LogPage {
  if (nextToken === undefined) {
    return fromHead ? pageAfter(group, group.oldest, request) : pageBefore(group, group.tip, request);
  }
  const { direction, index } = readToken(nextToken);
  const page = direction === "f" ? pageAfter(group, index, request) : pageBefore(group, index, request);
  const isLast = page.events.length === 0 && (direction === "f" ? page.end === group.tip : page.start === group.oldest);
  // Who reads on at an end gets the token back that it came with.
  return isLast ? { events: [], start: index, end: index } : page;
}

function describePage({ events, start, end }: LogPage): unknown {
  return {
    events: events.map(({ timestamp, ingestion, message }) => ({ timestamp, message, ingestionTime: ingestion })),
    nextForwardToken: writeToken({ direction: "f", index: end }),
    nextBackwardToken: writeToken({ direction: "b", index: start }),
  };
}

function describeFound({ stream, timestamp, message, ingestion, index }: StoredEvent): unknown {
  const eventId = String(index).padStart(56, "0");
  return { logStreamName: stream, timestamp, message, ingestionTime: ingestion, eventId };
}

function describeGroup({ name, arn, retentionDays, keyArn, bytes }: LogGroup): unknown {
  return {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: "STANDARD",
    creationTime: 0,
    metricFilterCount: 0,
    storedBytes: bytes,
    retentionInDays: retentionDays,
    kmsKeyId: keyArn,
  };
}

function describeStream(group: LogGroup, { name, created, firstEvent, lastEvent, lastIngestion }: LogStream): unknown {
  return {
    logStreamName: name,
    arn: `${group.arn}:log-stream:${name}`,
    creationTime: created,
    firstEventTimestamp: firstEvent,
    lastEventTimestamp: lastEvent,
    lastIngestionTime: lastIngestion,
    storedBytes: 0,
  };
}

/** The page of a list that a token names: the place where it begins. */
function pageOf<Item>(
  items: readonly Item[],
  { limit, nextToken }: { readonly limit: number; readonly nextToken?: string | undefined },
): { items: readonly Item[]; nextToken: string | undefined } {
  const from = nextToken === undefined ? 0 : readToken(nextToken).index;
  const to = from + limit;
  const next = to < items.length ? writeToken({ direction: "f", index: to }) : undefined;
  return { items: items.slice(from, to), nextToken: next };
}

/** By name, or by ARN with or without `:*`. */
function nameOf({ logGroupName, logGroupIdentifier }: GroupRef): string {
  const [, fromArn] = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(logGroupIdentifier ?? "") ?? [];
  return logGroupName ?? fromArn ?? logGroupIdentifier ?? "";
}

function notFound(what: "group" | "stream"): AwsError {
  return new AwsError("ResourceNotFoundException", `The specified log ${what} does not exist.`);
}
