/**
 * EventBridge on a virtual clock, with a stand-in for the functions that it calls.
 * Does not prove: that a function's policy lets EventBridge in, which the dispatch of a whole stage decides.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { FACTS, render, START } from "../../../test/stage";
import { VirtualClock } from "../../clock";
import type { Graph } from "../../graph/graph";
import { operator } from "../../iam/principal";
import type { Measurement } from "../context";
import { AwsError, type Check } from "../service";
import { EventsService, type EventsContext } from "./service";

const MINUTE = 60_000;
const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:notice";
const RULE = "arn:aws:events:eu-west-1:000000000000:rule/notice";
const CALL = { caller: operator(FACTS.account), requestId: "" };

const minutely =
  (target: Partial<aws.cloudwatch.EventTargetArgs> = {}) =>
  (): void => {
    const rule = new aws.cloudwatch.EventRule("notice", { name: "notice", scheduleExpression: "rate(1 minute)" });
    new aws.cloudwatch.EventTarget("notice", { rule: rule.name, arn: FUNCTION, ...target });
  };

const onRelease = (): void => {
  const eventPattern = JSON.stringify({ source: ["shop"], detail: { state: ["done"] } });
  const rule = new aws.cloudwatch.EventRule("release", { name: "release", eventPattern });
  new aws.cloudwatch.EventTarget("release", { rule: rule.name, arn: FUNCTION, inputPath: "$.detail.state" });
};

describe("EventBridge", () => {
  let folder: string;
  let clock: VirtualClock;
  let service: EventsService | undefined;
  let calls: { at: number; input: { FunctionName: string; Payload: string }; context: unknown }[];
  let measured: Measurement[];
  let said: string[];
  let answer: () => unknown;

  const context = (graph: Graph): EventsContext => ({
    graph,
    clock,
    facts: FACTS,
    durable: { sync: false, onNotice: () => undefined },
    folder: (...names) => join(folder, ...names),
    measure: (metric) => measured.push(metric),
    say: (line) => said.push(line),
    assume: () => assert.fail("no rule here has a role"),
    dispatch: async (caller, name, operation, input, given) => {
      assert.deepEqual([caller.arn, name, operation], ["events.amazonaws.com", "lambda", "Invoke"]);
      const result = answer();
      calls.push({ at: (clock.now() - START) / MINUTE, input: input as (typeof calls)[0]["input"], context: given });
      return result;
    },
  });
  const open = async (program: () => void): Promise<EventsService> => {
    await service?.close();
    service = await EventsService.open(context(await render(program)));
    service.start();
    return service;
  };
  const run = async (opened: EventsService, name: string, input: object): Promise<unknown> => {
    const operation = opened.operations[name] ?? assert.fail(`no operation ${name}`);
    return operation.run(operation.parse(input), CALL);
  };
  const put = async (opened: EventsService, ...Entries: object[]): Promise<unknown> => {
    const result = await run(opened, "PutEvents", { Entries });
    await clock.settle();
    return result;
  };
  const counted = (name: string): number => measured.filter((metric) => metric.name === name).length;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "events-"));
    clock = new VirtualClock(START);
    [service, calls, measured, said] = [undefined, [], [], []];
    answer = () => ({ StatusCode: 202 });
  });

  afterEach(async () => {
    await service?.close();
    await rm(folder, { recursive: true });
  });

  it("sends a scheduled event to the rule's target at each tick, for the rule", async () => {
    await open(minutely());
    await clock.advance(3.5 * MINUTE);
    assert.deepEqual(
      calls.map(({ at }) => at),
      [1, 2, 3],
    );
    const [{ input, context: given } = assert.fail()] = calls;
    const { Payload, ...rest } = input;
    assert.deepEqual(rest, { FunctionName: FUNCTION, InvocationType: "Event" });
    const { id, ...event } = JSON.parse(Payload) as { id: string };
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(event, {
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "000000000000",
      time: "2026-01-05T10:01:00Z",
      region: "eu-west-1",
      resources: [RULE],
      detail: {},
    });
    assert.deepEqual(given, { "aws:SourceArn": RULE, "aws:SourceAccount": "000000000000" });
    assert.deepEqual([counted("TriggeredRules"), counted("Invocations"), counted("FailedInvocations")], [3, 3, 0]);
  });

  it("does not make up for ticks that the stage slept through", async () => {
    await open(minutely());
    await service?.close();
    service = undefined;
    await clock.advance(10.5 * MINUTE);
    assert.deepEqual(calls, []);
    await open(minutely());
    await clock.advance(MINUTE);
    assert.deepEqual(
      calls.map(({ at }) => at),
      [11],
    );
  });

  it("does not fire a rule that is switched off", async () => {
    await open(() => {
      new aws.cloudwatch.EventRule("off", { name: "off", scheduleExpression: "rate(1 minute)", state: "DISABLED" });
      new aws.cloudwatch.EventTarget("off", { rule: "off", arn: FUNCTION });
    });
    await clock.advance(5 * MINUTE);
    assert.deepEqual(calls, []);
  });

  it("gives a target its own input", async () => {
    await open(minutely({ input: '{"own":true}' }));
    await clock.advance(MINUTE);
    assert.equal(calls[0]?.input.Payload, '{"own":true}');
  });

  it("tries again, ever more slowly, while a target cannot take an event", async () => {
    await open(onRelease);
    let failures = 3;
    answer = () => {
      if (failures-- > 0) throw new AwsError("TooManyRequestsException", "slowly", 429);
      return {};
    };
    if (service !== undefined)
      await put(service, { Source: "shop", DetailType: "Release", Detail: '{"state":"done"}' });
    assert.equal(calls.length, 0);
    await clock.advance(1_000 + 2_000 + 3_999);
    assert.equal(calls.length, 0);
    await clock.advance(1);
    assert.deepEqual([calls.length, counted("Invocations"), counted("FailedInvocations")], [1, 1, 0]);
    assert.deepEqual(said, []);
  });

  it("gives up at once when it is refused, and says so", async () => {
    await open(minutely());
    answer = () => {
      throw new AwsError("AccessDeniedException", "not you", 403);
    };
    await clock.advance(1.5 * MINUTE);
    assert.deepEqual(said, [`rule notice gave up on ${FUNCTION} after 1 attempt: not you`]);
    assert.equal(counted("FailedInvocations"), 1);
  });

  it("gives up after the attempts and the age that the target allows", async () => {
    answer = () => {
      throw new AwsError("ServiceException", "broken", 500);
    };
    await open(() => {
      const rule = { rule: "release", arn: FUNCTION };
      new aws.cloudwatch.EventRule("release", { name: "release", eventPattern: '{"source":["shop"]}' });
      new aws.cloudwatch.EventTarget("few", { ...rule, targetId: "few", retryPolicy: { maximumRetryAttempts: 2 } });
      new aws.cloudwatch.EventTarget("short", {
        ...rule,
        targetId: "short",
        retryPolicy: { maximumEventAgeInSeconds: 60 },
      });
    });
    if (service !== undefined) await put(service, { Source: "shop", DetailType: "Release", Detail: "{}" });
    await clock.advance(10 * MINUTE);
    assert.deepEqual(said, [
      `rule release gave up on ${FUNCTION} after 3 attempts: broken`,
      // 1 + 2 + 4 + 8 + 16 seconds; the next pause would end after a minute.
      `rule release gave up on ${FUNCTION} after 6 attempts: broken`,
    ]);
  });

  it("goes on with what it had not delivered when it is opened again, once", async () => {
    await open(onRelease);
    answer = () => {
      throw new Error("the stage is going down");
    };
    if (service !== undefined)
      await put(service, { Source: "shop", DetailType: "Release", Detail: '{"state":"done"}' });
    await service?.close();
    service = undefined;
    answer = () => ({});
    for (let opening = 0; opening < 2; opening++) {
      await open(onRelease);
      await clock.settle();
      assert.deepEqual(
        calls.map(({ input }) => input.Payload),
        ['"done"'],
      );
    }
  });

  it("brings an event to the rules whose pattern it matches", async () => {
    const opened = await open(onRelease);
    const release = { Source: "shop", DetailType: "Release" };
    await put(opened, { ...release, Detail: '{"state":"begun"}' }, { ...release, Detail: '{"state":"done"}' });
    assert.deepEqual(
      calls.map(({ input }) => input.Payload),
      ['"done"'],
    );
  });

  it("answers for each entry that it does not take", async () => {
    const opened = await open(onRelease);
    const good = { Source: "shop", DetailType: "Release", Detail: "{}" };
    const { FailedEntryCount, Entries } = (await put(
      opened,
      good,
      { ...good, Source: undefined },
      { ...good, Source: "aws.s3" },
      { ...good, Detail: "[1]" },
      { ...good, EventBusName: "other" },
    )) as { FailedEntryCount: number; Entries: { ErrorCode?: string; EventId?: string }[] };
    assert.equal(FailedEntryCount, 4);
    assert.deepEqual(
      Entries.map(({ ErrorCode }) => ErrorCode),
      [undefined, "InvalidArgument", "NotAuthorizedForSourceException", "MalformedDetail", "ResourceNotFoundException"],
    );
  });

  it("asks for permission on the bus, for the source and type of each event", async () => {
    const opened = await open(onRelease);
    const operation = opened.operations["PutEvents"] ?? assert.fail();
    const checks = operation.checks(operation.parse({ Entries: [{ Source: "shop", DetailType: "Release" }] }), CALL);
    assert.deepEqual(checks, [
      {
        action: "events:PutEvents",
        resource: "arn:aws:events:eu-west-1:000000000000:event-bus/default",
        context: { "events:source": "shop", "events:detail-type": "Release" },
      },
    ] satisfies Check[]);
  });

  it("shows its rules and their targets", async () => {
    const opened = await open(minutely({ targetId: "notice" }));
    const rule = {
      Name: "notice",
      Arn: RULE,
      Description: undefined,
      State: "ENABLED",
      ScheduleExpression: "rate(1 minute)",
      EventPattern: undefined,
      EventBusName: "default",
    };
    assert.deepEqual(await run(opened, "ListRules", {}), { Rules: [rule] });
    assert.deepEqual(await run(opened, "DescribeRule", { Name: "notice" }), rule);
    const targets = await run(opened, "ListTargetsByRule", { Rule: "notice" });
    assert.deepEqual(targets, { Targets: [{ Id: "notice", Arn: FUNCTION }] });
    await assert.rejects(run(opened, "DescribeRule", { Name: "none" }), { code: "ResourceNotFoundException" });
  });

  for (const [what, program, message] of [
    [
      "a target that it does not call",
      minutely({ arn: "arn:aws:sqs:eu-west-1:000000000000:q" }),
      /calls functions, topics and pipelines/,
    ],
    [
      "a target with a transformer",
      minutely({ inputTransformer: { inputTemplate: '"x"' } }),
      /does not model inputTransformer/,
    ],
    [
      "a target with a queue for the dead",
      minutely({ deadLetterConfig: { arn: "arn:q" } }),
      /does not model deadLetterConfig/,
    ],
    ["a target with input that is no JSON", minutely({ input: "{" }), /JSON/],
    ["a target of no rule", minutely({ rule: "other" }), /its rule other is not in the graph/],
    [
      "a schedule that is none",
      () => void new aws.cloudwatch.EventRule("odd", { scheduleExpression: "daily" }),
      /schedule daily/,
    ],
    ["a rule without when", () => void new aws.cloudwatch.EventRule("odd", {}), /needs a scheduleExpression/],
    [
      "a pattern that is none",
      () => void new aws.cloudwatch.EventRule("odd", { eventPattern: "{}}" }),
      /event pattern/,
    ],
    [
      "another bus",
      () => void new aws.cloudwatch.EventRule("odd", { eventBusName: "mine", eventPattern: "{}" }),
      /bus default only/,
    ],
  ] as const) {
    it(`is not opened with ${what}`, async () => {
      const graph = await render(program);
      await assert.rejects(
        EventsService.open(context(graph)),
        ({ name, message: text }: Error) =>
          name === "StageError" && /^Event(Rule|Target) \w+ \(/.test(text) && message.test(text),
      );
    });
  }
});
