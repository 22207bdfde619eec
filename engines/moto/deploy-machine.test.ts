/**
 * The deploy machine of a release in moto's interpreter, its expressions by another implementation of JSONata: given the
 * answers that its tasks had on the local stage, it takes the same path, asks for the same, and ends alike.
 * Does not prove anything about the tasks themselves.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  type HistoryEvent,
} from "@aws-sdk/client-sfn";
import { readFaults } from "../../local/faults/settings";
import { textOf, type Graph } from "../../local/graph/graph";
import { begin, DESTRUCTIVE, finish, renderRelease, SAFE, SAMPLE } from "../../test/release";
import { FACTS, withStage } from "../../test/stage";
import { startServer, type RunningServer } from "../endpoints/server";
import { engineSetting } from "../harness/contract";
import { noteFigure } from "../harness/figures";

/** An execution as its history tells it. */
interface Told {
  readonly status: string | undefined;
  /** States in the order in which they were entered, and what each task asked for. */
  readonly path: readonly string[];
  readonly asked: readonly unknown[];
  readonly end: unknown;
}

interface Recording {
  readonly input: string;
  readonly told: Told;
  /** What tasks were answered, attempt by attempt. */
  readonly answers: Readonly<Record<string, readonly object[]>>;
}

const RELEASES = [
  { name: "new-stack", template: SAMPLE, what: "a new stack" },
  { name: "safe-update", template: SAFE, what: "a safe update, with CloudFormation busy" },
  { name: "refused-update", template: DESTRUCTIVE, what: "a refused update" },
  { name: "no-change", template: SAFE, what: "nothing to change" },
] as const;

/** So that tasks are tried again. */
const BUSY = readFaults({ calls: [{ on: "cloudformation:CreateChangeSet", fault: "throttle", most: 2 }] });

describe("the deploy machine in moto's interpreter", () => {
  let folder: string;
  let graph: Graph;
  let server: RunningServer;
  let machine: SFNClient;
  let stateMachineArn: string;
  const recordings = new Map<string, Recording>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "replays-"));
    graph = await renderRelease();
    await withStage(
      graph,
      async (test) => {
        const client = new SFNClient(test.client());
        for (const { name, template } of RELEASES) {
          const executionArn = await begin(test, name, template);
          await finish(test, executionArn);
          const events = await historyOf(client, executionArn);
          const { input = "" } = await client.send(new DescribeExecutionCommand({ executionArn }));
          recordings.set(name, { input, told: await tell(client, executionArn), answers: answersIn(events) });
        }
      },
      { faults: BUSY },
    );
    const replays = join(folder, "replays.json");
    const answers = [...recordings].map(([name, recording]) => [name, recording.answers]);
    await writeFile(replays, JSON.stringify(Object.fromEntries(answers)));
    server = await startServer((port) => ({
      command: engineSetting("ENGINE_MOTO_PYTHON"),
      given: [join(__dirname, "interpreter.py"), `${port}`, replays],
      env: { MOTO_ACCOUNT_ID: FACTS.account, AWS_DEFAULT_REGION: FACTS.region },
    }));
    const config = { stepfunctions: { execute_state_machine: true } };
    await fetch(`${server.url}/moto-api/config`, { method: "POST", body: JSON.stringify(config) });
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    machine = new SFNClient({ endpoint: server.url, region: FACTS.region, credentials });
    const declared = graph.only("aws:sfn/stateMachine:StateMachine").inputs;
    const created = await machine.send(
      new CreateStateMachineCommand({
        name: "deploy",
        definition: textOf(declared, "definition"),
        roleArn: textOf(declared, "roleArn"),
      }),
    );
    stateMachineArn = created.stateMachineArn ?? assert.fail("no state machine");
  });
  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, what } of RELEASES) {
    it(`goes the same way for ${what}`, async () => {
      const { input, told } = recordings.get(name) ?? assert.fail(name);
      const { executionArn = "" } = await machine.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      assert.deepEqual(await tell(machine, executionArn), told);
      noteFigure(`deploy machine, ${what}`, `${told.path.length} states, ${told.asked.length} requests, equal`);
    });
  }
});

async function historyOf(client: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const asked = { executionArn, includeExecutionData: true, maxResults: 1000 };
  return (await client.send(new GetExecutionHistoryCommand(asked))).events ?? [];
}

const LONGEST_EXECUTION = 60_000;

async function tell(client: SFNClient, executionArn: string): Promise<Told> {
  const deadline = Date.now() + LONGEST_EXECUTION;
  for (;;) {
    const { status, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "RUNNING" && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    const events = await historyOf(client, executionArn);
    return {
      status,
      path: events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []),
      asked: events.flatMap(({ taskScheduledEventDetails: scheduled }) =>
        scheduled?.parameters === undefined ? [] : [JSON.parse(scheduled.parameters) as unknown],
      ),
      end: output === undefined ? { error, cause } : (JSON.parse(output) as unknown),
    };
  }
}

function answersIn(events: readonly HistoryEvent[]): Record<string, object[]> {
  const answers: Record<string, object[]> = {};
  let state = "";
  for (const { stateEnteredEventDetails, taskSucceededEventDetails, taskFailedEventDetails } of events) {
    state = stateEnteredEventDetails?.name ?? state;
    if (taskSucceededEventDetails !== undefined)
      (answers[state] ??= []).push({ return: JSON.parse(taskSucceededEventDetails.output ?? "null") as unknown });
    if (taskFailedEventDetails !== undefined)
      (answers[state] ??= []).push({ error: taskFailedEventDetails.error, cause: taskFailedEventDetails.cause });
  }
  return answers;
}
