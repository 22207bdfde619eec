/** A local stage for a test: a piece of a program, rendered and run on a temporary folder in virtual time. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../local/clock";
import type { Credentials } from "../local/endpoint/credentials";
import type { FaultSettings } from "../local/faults/settings";
import type { Graph } from "../local/graph/graph";
import type { Principal } from "../local/iam/principal";
import { renderGraph } from "../local/monitor/in-process";
import type { AccountFacts } from "../local/services/model";
import { models } from "../local/services/models";
import { LocalStage, type StageOptions } from "../local/stage";
import { gatherLedgers, type GatherOptions } from "./ledgers/gather";

export const FACTS: AccountFacts = { account: "000000000000", region: "eu-west-1", partition: "aws" };

/** When virtual time begins: a whole minute. */
export const START = Date.UTC(2026, 0, 5, 10, 0, 0);

/** Renders a piece of a program under the stage's own monitor. */
export function render(
  program: () => unknown,
  {
    stack = "test",
    config = {},
    secretKeys = [],
  }: { stack?: string; config?: Record<string, string>; secretKeys?: string[] } = {},
): Promise<Graph> {
  return renderGraph(
    { project: "clickstream", stack, root: join(__dirname, ".."), facts: FACTS, models, config, secretKeys },
    program,
  );
}

export interface TestStage {
  readonly stage: LocalStage;
  readonly graph: Graph;
  readonly clock: VirtualClock;
  /** What the stage said to the person in front of it. */
  readonly said: string[];
  /** What functions wrote to their logs. */
  readonly logged: string[];
  /** Configuration of an SDK client that calls as the operator, or as another principal. */
  readonly client: (principal?: Principal) => ClientConfig;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

export interface StageTestOptions extends GatherOptions {
  /** Keeps its state beyond the test. @default - a folder of its own */
  readonly folder?: string;
  /** When virtual time begins. */
  readonly start?: number;
  /** What is to go wrong. */
  readonly faults?: FaultSettings;
  /** Whether state is synced to disk. @default false */
  readonly sync?: boolean;
  /** Folder whose commands come first for builds. */
  readonly buildTools?: string;
}

/**
 * Opens a stage whose ledger counts in the verdict over a whole run. Whoever opens it closes it; where no stage is needed
 * longer than a test, {@link withStage} does both.
 */
export async function openStage(
  graph: Graph,
  options: StageOptions,
  gathering: GatherOptions = {},
): Promise<LocalStage> {
  const stage = await LocalStage.open(graph, options);
  gatherLedgers(stage, gathering);
  return stage;
}

/** Runs a graph for the length of a test; `folder` keeps its state beyond it. */
export async function withStage(
  graph: Graph,
  run: (test: TestStage) => Promise<void>,
  { folder, start = START, faults, sync = false, buildTools, ...gathering }: StageTestOptions = {},
): Promise<void> {
  const own = folder === undefined ? await mkdtemp(join(tmpdir(), "stage-")) : undefined;
  const clock = new VirtualClock(start);
  const said: string[] = [];
  const logged: string[] = [];
  const options: StageOptions = {
    facts: FACTS,
    clock,
    folder: folder ?? own ?? "",
    port: 0,
    sync,
    say: (line) => said.push(line),
    onLog: (_, line) => logged.push(line),
    ...(faults === undefined ? {} : { faults }),
    ...(buildTools === undefined ? {} : { buildTools }),
  };
  const stage = await openStage(graph, options, gathering);
  const client = (principal?: Principal): ClientConfig => {
    const { accessKeyId, secretAccessKey, sessionToken }: Credentials =
      principal === undefined
        ? stage.operator
        : stage.credentials.issue(principal, { temporary: principal.kind === "role" });
    return {
      endpoint: stage.url,
      region: FACTS.region,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    };
  };
  try {
    await run({ stage, graph, clock, said, logged, client });
  } finally {
    await stage.close();
    if (own !== undefined) await rm(own, { recursive: true, force: true });
  }
}
