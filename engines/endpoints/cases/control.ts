/** STS, EventBridge and Step Functions. */
import { randomUUID } from "node:crypto";
import * as events from "@aws-sdk/client-eventbridge";
import * as sfn from "@aws-sdk/client-sfn";
import * as sts from "@aws-sdk/client-sts";
import type { Case } from "../case";
import type { World } from "../world";

/** Starts the shipping machine and answers how it ended. */
async function ship(world: World, input: object): Promise<unknown> {
  const stateMachineArn = world.arn("states", "stateMachine:shipping");
  const { executionArn } = await world.sfn.send(
    new sfn.StartExecutionCommand({ stateMachineArn, name: randomUUID(), input: JSON.stringify(input) }),
  );
  for (let tries = 0; tries < 100; tries++) {
    const { status, output, error, cause } = await world.sfn.send(new sfn.DescribeExecutionCommand({ executionArn }));
    if (status !== "RUNNING") {
      world.keep("execution", executionArn);
      // Causes of the service's own errors are sentences of its own.
      const ofMachine = error?.startsWith("States.") === true ? {} : { cause };
      return { status, output: JSON.parse(output ?? "null") as unknown, error, ...ofMachine };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return "is still running";
}

export const CONTROL_CASES: readonly Case[] = [
  {
    name: "sts: who calls",
    call: async (world) => {
      const { Account, Arn } = await world.sts.send(new sts.GetCallerIdentityCommand({}));
      return { isOurs: Account === world.endpoint.account, isArn: /^arn:aws:(iam|sts)::/.test(Arn ?? "") };
    },
  },
  {
    name: "events: an event without a detail type fails by itself",
    call: async (world) => {
      const Detail = JSON.stringify({ n: 1 });
      const { FailedEntryCount, Entries } = await world.events.send(
        new events.PutEventsCommand({
          Entries: [
            { Source: "shop", DetailType: "order", Detail },
            { Source: "shop", Detail },
          ],
        }),
      );
      return { FailedEntryCount, codes: Entries?.map(({ ErrorCode }) => ErrorCode ?? "put") };
    },
  },
  {
    name: "events: a detail that is no JSON",
    call: async (world) => {
      const { FailedEntryCount, Entries } = await world.events.send(
        new events.PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "order", Detail: "no JSON" }] }),
      );
      return { FailedEntryCount, codes: Entries?.map(({ ErrorCode }) => ErrorCode ?? "put") };
    },
  },
  {
    name: "events: a rule that is not there",
    call: (world) => world.events.send(new events.DescribeRuleCommand({ Name: "none" })),
  },
  {
    name: "states: a machine passes, chooses, waits and succeeds",
    call: (world) => ship(world, { weight: 5, kind: "light" }),
  },
  {
    name: "states: a machine maps, branches and catches",
    call: (world) => ship(world, { weight: 50, kind: "heavy", parts: [1, "two", { three: 3 }] }),
  },
  {
    name: "states: the path that a machine took",
    call: async (world) => {
      const { events: history } = await world.sfn.send(
        new sfn.GetExecutionHistoryCommand({ executionArn: world.kept("execution"), maxResults: 1000 }),
      );
      return (history ?? [])
        .flatMap(({ type, stateEnteredEventDetails }) =>
          stateEnteredEventDetails?.name === undefined ? [] : [`${type} ${stateEnteredEventDetails.name}`],
        )
        .sort();
    },
  },
  {
    name: "states: a machine fails with its own error",
    call: (world) => ship(world, { weight: 500 }),
  },
  {
    name: "states: a path that leads nowhere",
    call: async (world) => ship(world, {}),
  },
  {
    name: "states: an input that is no JSON",
    call: (world) =>
      world.sfn.send(
        new sfn.StartExecutionCommand({ stateMachineArn: world.arn("states", "stateMachine:shipping"), input: "{" }),
      ),
  },
  {
    name: "states: one name twice, with another input",
    call: async (world) => {
      const start = (input: string) =>
        world.sfn.send(
          new sfn.StartExecutionCommand({
            ...{ stateMachineArn: world.arn("states", "stateMachine:shipping"), name: "once", input },
          }),
        );
      await start('{"weight":1,"kind":"light"}');
      return start('{"weight":2,"kind":"light"}');
    },
  },
  {
    name: "states: a machine that is not there",
    call: (world) =>
      world.sfn.send(new sfn.StartExecutionCommand({ stateMachineArn: world.arn("states", "stateMachine:none") })),
  },
  {
    name: "states: an execution that is not there",
    call: (world) =>
      world.sfn.send(
        new sfn.DescribeExecutionCommand({ executionArn: world.arn("states", "execution:shipping:none") }),
      ),
  },
];
