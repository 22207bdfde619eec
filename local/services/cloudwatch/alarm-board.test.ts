/**
 * Alarms on a clock: when they change state, whom they tell, and what they remember.
 * Does not prove: that a topic takes the message, which needs the topic's service; see cloudwatch.test.ts.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../clock";
import { AwsError } from "../service";
import type { Alarm } from "./alarm";
import { AlarmBoard, type AlarmContext } from "./alarm-board";
import { MetricStore } from "./metric-store";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5, 10);
const TOPIC = "arn:aws:sns:eu-west-1:000000000000:operators";
const ALARM: Alarm = {
  name: "errors",
  arn: "arn:aws:cloudwatch:eu-west-1:000000000000:alarm:errors",
  description: "Function detect fails",
  metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "detect" } },
  statistic: "Sum",
  periodMinutes: 1,
  rule: {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: "notBreaching",
  },
  actions: { OK: [TOPIC], ALARM: [TOPIC], INSUFFICIENT_DATA: [] },
  actionsEnabled: true,
};

describe("The alarm board", () => {
  let folder: string;
  let clock: VirtualClock;
  let store: MetricStore;
  let board: AlarmBoard;
  let published: { caller: string; message: Record<string, string>; context: unknown }[];
  let said: string[];
  let refusal: Error | undefined;

  const context = (): AlarmContext => ({
    clock,
    durable: { sync: false, onNotice: () => undefined },
    facts: { account: "000000000000", region: "eu-west-1", partition: "aws" },
    say: (line) => said.push(line),
    dispatch: async (caller, service, operation, input, given) => {
      assert.deepEqual([service, operation], ["sns", "Publish"]);
      if (refusal !== undefined) throw refusal;
      published.push({ caller: caller.arn, message: input as Record<string, string>, context: given });
      return {};
    },
  });
  const open = async (alarm: Alarm = ALARM): Promise<AlarmBoard> => AlarmBoard.open(context(), [alarm], store, folder);
  const fail = (times: number): void => {
    const aggregate = { count: 1, sum: times, min: times, max: times };
    assert.equal(store.add(ALARM.metric, aggregate, clock.now(), clock.now()), undefined);
  };
  const nextMinute = async (): Promise<void> => {
    await clock.advance(MINUTE);
    await board.evaluate(clock.now());
  };
  const states = (): string[] => published.map(({ message }) => message["Subject"]?.split(":")[0] ?? "");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "alarms-"));
    clock = new VirtualClock(START);
    store = new MetricStore();
    [published, said, refusal] = [[], [], undefined];
    board = await open();
  });

  afterEach(async () => {
    await board.close();
    await rm(folder, { recursive: true });
  });

  it("begins without data, and tells of the first state it finds", async () => {
    assert.equal(board.recordOf("errors").state, "INSUFFICIENT_DATA");
    await nextMinute();
    assert.equal(board.recordOf("errors").state, "OK");
    assert.deepEqual(states(), ["OK"]);
  });

  it("tells of a change once, and of the way back", async () => {
    await nextMinute();
    fail(2);
    for (let minute = 0; minute < 6; minute++) await nextMinute();
    assert.deepEqual(states(), ["OK", "ALARM", "OK"]);
  });

  it("tells topics as CloudWatch, for the alarm, in CloudWatch's words", async () => {
    fail(2);
    await nextMinute();
    const [{ caller, message, context: given } = assert.fail("nothing was published")] = published;
    assert.equal(caller, "cloudwatch.amazonaws.com");
    assert.deepEqual(given, { "aws:SourceArn": ALARM.arn, "aws:SourceAccount": "000000000000" });
    assert.equal(message["TopicArn"], TOPIC);
    assert.equal(message["Subject"], 'ALARM: "errors" in EU (Ireland)');
    assert.deepEqual(JSON.parse(message["Message"] ?? ""), {
      AlarmName: "errors",
      AlarmDescription: "Function detect fails",
      AWSAccountId: "000000000000",
      AlarmConfigurationUpdatedTimestamp: "2026-01-05T10:00:00.000+0000",
      NewStateValue: "ALARM",
      NewStateReason:
        "Threshold Crossed: 1 out of the last 1 datapoints [2.0 (05/01/26 10:00:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).",
      StateChangeTime: "2026-01-05T10:01:00.000+0000",
      Region: "EU (Ireland)",
      AlarmArn: ALARM.arn,
      OldStateValue: "INSUFFICIENT_DATA",
      OKActions: [TOPIC],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "Errors",
        Namespace: "AWS/Lambda",
        StatisticType: "Statistic",
        Statistic: "SUM",
        Unit: null,
        Dimensions: [{ value: "detect", name: "FunctionName" }],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 0,
        TreatMissingData: "notBreaching",
        EvaluateLowSampleCountPercentile: "",
      },
    });
  });

  it("tells nobody while its actions are switched off", async () => {
    await board.close();
    board = await open({ ...ALARM, actionsEnabled: false });
    fail(1);
    await nextMinute();
    assert.equal(board.recordOf("errors").state, "ALARM");
    assert.deepEqual(published, []);
  });

  it("keeps states over a restart, and does not tell them again", async () => {
    fail(1);
    await nextMinute();
    await board.close();
    board = await open();
    await board.resume();
    const { state, since, before } = board.recordOf("errors");
    assert.deepEqual([state, since, before], ["ALARM", START + MINUTE, "INSUFFICIENT_DATA"]);
    assert.deepEqual(states(), ["ALARM"]);
  });

  it("tells after a restart what it could not tell before", async () => {
    fail(1);
    refusal = new Error("the stage went down");
    await assert.rejects(nextMinute(), refusal);
    refusal = undefined;
    await board.close();
    board = await open();
    await board.resume();
    await board.resume();
    assert.deepEqual(states(), ["ALARM"]);
  });

  it("says when a topic does not take it, remembers it, and goes on", async () => {
    refusal = new AwsError("AuthorizationError", "not you", 403);
    await nextMinute();
    assert.deepEqual(said, [`alarm errors could not tell ${TOPIC}: not you`]);
    assert.deepEqual(
      board.recordOf("errors").history.map(({ type, summary }) => [type, summary]),
      [
        ["Action", `Failed to execute action ${TOPIC}. Received error: "not you"`],
        ["StateUpdate", "Alarm updated from INSUFFICIENT_DATA to OK"],
        ["ConfigurationUpdate", 'Alarm "errors" created'],
      ],
    );
  });

  it("begins anew with an alarm that was gone in between", async () => {
    await nextMinute();
    await board.close();
    await (await open({ ...ALARM, name: "other" })).close();
    board = await open();
    assert.equal(board.recordOf("errors").state, "INSUFFICIENT_DATA");
  });

  it("slides windows longer than a minute along every minute", async () => {
    await board.close();
    board = await open({
      ...ALARM,
      name: "slow",
      periodMinutes: 5,
      rule: { ...ALARM.rule, threshold: 3, missing: "breaching", comparison: "LessThanThreshold" },
    });
    fail(2);
    await clock.advance(3 * MINUTE);
    fail(2);
    const seen: string[] = [];
    for (let minute = 0; minute < 4; minute++) {
      await nextMinute();
      seen.push(board.recordOf("slow").state);
    }
    // Both values are in the last five minutes at 10:04 and 10:05, one of them from 10:06 on.
    assert.deepEqual(seen, ["OK", "OK", "ALARM", "ALARM"]);
  });
});
