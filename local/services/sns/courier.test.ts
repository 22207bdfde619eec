/**
 * Deliveries to queues and functions, with another side that fails in every way, and the mailbox's bounds.
 * Does not prove: what queue and function do with a message once they took it.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualClock } from "../../clock";
import { Journal } from "../../durable/journal";
import type { ServiceContext } from "../context";
import { AwsError } from "../service";
import { Courier, retryDelay } from "./courier";
import { Mailbox, type Mail } from "./mailbox";
import { notify } from "./notification";
import { Outbox, type Change, type Delivery, type Snapshot } from "./outbox";
import type { Publication } from "./publication";
import type { Subscription, Topic } from "./topic";

const TOPIC = "arn:aws:sns:eu-west-1:000000000000:machines";
const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:worker";

const topic: Topic = {
  arn: TOPIC,
  name: "machines",
  displayName: "",
  policy: undefined,
  key: undefined,
  subscriptions: [],
};
const subscription: Subscription = {
  arn: `${TOPIC}:one`,
  topicArn: TOPIC,
  protocol: "lambda",
  endpoint: FUNCTION,
  raw: false,
  wants: () => true,
};
const publication: Publication = {
  id: "message-1",
  time: Date.UTC(2026, 0, 5),
  topicArn: TOPIC,
  subject: undefined,
  message: "hello",
  messages: new Map(),
  attributes: { n: { DataType: "Number", StringValue: "1" } },
};

interface Call {
  readonly caller: string;
  readonly called: string;
  readonly input: unknown;
  readonly context: unknown;
  readonly at: number;
}

/** Hands a delivery to a courier, whose calls are answered in turn: with an error, or with success for `undefined`. */
async function withCourier(
  answers: readonly (Error | undefined)[],
  run: (bench: { calls: Call[]; clock: VirtualClock; outbox: Outbox; said: string[] }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "courier-"));
  const clock = new VirtualClock(0);
  const said: string[] = [];
  const calls: Call[] = [];
  const context: Pick<ServiceContext, "clock" | "facts" | "say" | "dispatch"> = {
    clock,
    facts: { account: "000000000000", region: "eu-west-1", partition: "aws" },
    say: (line) => said.push(line),
    dispatch: async (caller, service, operation, input, given) => {
      const answer = answers[calls.length];
      calls.push({ caller: caller.arn, called: `${service}:${operation}`, input, context: given, at: clock.now() });
      if (answer !== undefined) throw answer;
      return {};
    },
  };
  const outbox = new Outbox();
  const journal = await Journal.open<Snapshot, Change>(folder, outbox, { sync: false });
  const courier = new Courier(context, journal);
  const notification = notify(subscription, topic, publication);
  assert.ok("delivery" in notification);
  await journal.record({ type: "publish", mails: [], deliveries: [notification.delivery] });
  courier.send(outbox.pending);
  try {
    await run({ calls, clock, outbox, said });
  } finally {
    await courier.close();
    await journal.close();
    await rm(folder, { recursive: true });
  }
}

const broken = new AwsError("ServiceUnavailable", "not now", 503);

describe("Courier", () => {
  it("calls a function as the service, for the topic, with the event that Lambda gets", async () => {
    await withCourier([], async ({ calls, clock, outbox }) => {
      await clock.settle();
      assert.equal(calls.length, 1);
      const { input, ...call } = calls[0] as Call;
      assert.deepEqual(call, {
        caller: "sns.amazonaws.com",
        called: "lambda:Invoke",
        context: { "aws:SourceArn": TOPIC, "aws:SourceAccount": "000000000000" },
        at: 0,
      });
      const { Payload, ...rest } = input as { Payload: string };
      assert.deepEqual(rest, { FunctionName: FUNCTION, InvocationType: "Event" });
      assert.deepEqual(JSON.parse(Payload), {
        Records: [
          {
            EventSource: "aws:sns",
            EventVersion: "1.0",
            EventSubscriptionArn: `${TOPIC}:one`,
            Sns: {
              Type: "Notification",
              MessageId: "message-1",
              TopicArn: TOPIC,
              Subject: null,
              Message: "hello",
              Timestamp: "2026-01-05T00:00:00.000Z",
              MessageAttributes: { n: { Type: "Number", Value: "1" } },
            },
          },
        ],
      });
      assert.deepEqual(outbox.pending, []);
    });
  });

  it("tries again what could not be taken, at once and then less and less often, until it arrives", async () => {
    await withCourier(Array<Error>(8).fill(broken), async ({ calls, clock, outbox, said }) => {
      await clock.advance(60_000);
      assert.deepEqual(
        calls.map(({ at }) => at),
        [0, 0, 0, 0, 1000, 2000, 3000, 4395, 6341],
      );
      assert.deepEqual(outbox.load, { deliveries: 0, characters: 0 });
      assert.deepEqual(said, []);
    });
  });

  it("gives up what was refused, and says so", async () => {
    await withCourier(
      [new AwsError("ResourceNotFoundException", "Function not found", 404)],
      async ({ calls, clock, outbox, said }) => {
        await clock.advance(60_000);
        assert.equal(calls.length, 1);
        assert.deepEqual(outbox.pending, []);
        assert.deepEqual(said, [
          `a message of ${TOPIC} did not reach the subscription ${TOPIC}:one: ResourceNotFoundException: Function not found`,
        ]);
      },
    );
  });

  it("waits for whoever is throttled, and keeps what was not delivered when it closes", async () => {
    const throttled = new AwsError("TooManyRequestsException", "slow down", 429);
    let left: readonly Delivery[] = [];
    await withCourier(Array<Error>(100).fill(throttled), async ({ clock, outbox }) => {
      await clock.advance(5000);
      left = outbox.pending;
    });
    assert.equal(left.length, 1);
  });

  it("makes 100,015 attempts after the first, over 23 days", () => {
    let [attempts, time] = [0, 0];
    for (let delay = retryDelay(1); delay !== undefined; delay = retryDelay(++attempts + 1)) time += delay;
    assert.equal(attempts, 100_015);
    assert.equal(Math.floor(time / 86_400_000), 23);
    assert.deepEqual([retryDelay(6), retryDelay(15), retryDelay(16)], [1000, 20_000, 20_000]);
  });
});

describe("Mailbox", () => {
  const mail = (id: string, text = id): Mail => ({
    id,
    time: 0,
    kind: "email",
    to: "a@example.com",
    subject: "s",
    text,
    topic: TOPIC,
  });

  it("keeps the newest 10,000 mails", () => {
    const mailbox = new Mailbox();
    for (let i = 0; i < 101; i++) mailbox.put(Array.from({ length: 100 }, (_, j) => mail(String(100 * i + j))));
    assert.equal(mailbox.mails.length, 10_000);
    assert.deepEqual([mailbox.mails[0]?.id, mailbox.mails.at(-1)?.id], ["100", "10099"]);
  });

  it("keeps no more than 64 Mi characters, however few mails that are", () => {
    const mailbox = new Mailbox();
    const long = "x".repeat(2 ** 18);
    for (let i = 0; i < 300; i++) mailbox.put([mail(String(i), long)]);
    assert.equal(mailbox.mails.length, 256);
    assert.equal(mailbox.mails[0]?.id, "44");
  });

  it("tells listeners until they stop", () => {
    const mailbox = new Mailbox();
    const heard: string[] = [];
    const stop = mailbox.onMail(({ id }) => heard.push(id));
    mailbox.announce([mail("1"), mail("2")]);
    stop();
    mailbox.announce([mail("3")]);
    assert.deepEqual(heard, ["1", "2"]);
  });
});
