/**
 * A queue on its own, in virtual time: the laws that hold whatever receivers do, and what it tells those who watch.
 * Does not prove: the wire, permissions (sqs.test.ts), a killed process (the journal's own tests).
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { VirtualClock } from "../../clock";
import { Journal } from "../../durable/journal";
import { NoticeBoard } from "../context";
import { Deadlines } from "./deadlines";
import { LiveQueue } from "./live-queue";
import type { Message } from "./queue";
import { QueueStore, type Change, type Snapshot } from "./queue-store";
import type { Receipt } from "./receipt";
import type { QueueSettings } from "./settings";

const settings = (name: string, redrive?: QueueSettings["redrive"]): QueueSettings => ({
  name,
  arn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  waitSeconds: 0,
  longestMessage: 262_144,
  key: undefined,
  policy: undefined,
  redrive,
});

const JOBS = settings("jobs");
const DEAD = settings("dead");

interface Bench {
  readonly clock: VirtualClock;
  readonly notices: NoticeBoard;
  readonly measured: string[];
  /** Opens the queues on what the folder holds; those opened before are closed. */
  readonly open: (jobs: QueueSettings) => Promise<{ jobs: LiveQueue; dead: LiveQueue; store: QueueStore }>;
}

/** Queues on a folder of their own, which is gone afterwards. */
async function withBench(run: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "queue-"));
  const clock = new VirtualClock(1_000_000);
  const notices = new NoticeBoard();
  const measured: string[] = [];
  const context = {
    clock,
    notices,
    measure: (metric: { name: string; value: number }) => void measured.push(`${metric.name} ${metric.value}`),
  };
  let close = async (): Promise<void> => {};
  const open: Bench["open"] = async (jobSettings) => {
    await close();
    const store = new QueueStore();
    const journal = await Journal.open<Snapshot, Change>(folder, store, { sync: false, compactAfterChanges: 10 });
    const queues = [jobSettings, DEAD].map(
      (each): LiveQueue => new LiveQueue(each, store, journal, context, () => queues[1] as LiveQueue),
    );
    close = async () => {
      queues.forEach((queue) => queue.close());
      await journal.close();
    };
    return { jobs: queues[0] as LiveQueue, dead: queues[1] as LiveQueue, store };
  };
  try {
    await run({ clock, notices, measured, open });
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}

const send = (queue: LiveQueue, body: string, delaySeconds = 0): Promise<Message> =>
  queue.send({ body, attributes: {}, delaySeconds }, "tests");
const receiptOf = ({ id, receipts }: Message): Receipt => ({ queue: "jobs", message: id, count: receipts });

type Step =
  | { readonly do: "send"; readonly delay: number }
  | { readonly do: "receive"; readonly most: number; readonly visibility: number }
  | { readonly do: "delete"; readonly which: number }
  | { readonly do: "hide"; readonly which: number; readonly seconds: number }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "reopen" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("send" as const), delay: fc.constantFrom(0, 0, 0, 2) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("receive" as const),
        most: fc.integer({ min: 1, max: 4 }),
        visibility: fc.nat(4),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), which: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("hide" as const), which: fc.nat(30), seconds: fc.nat(4) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
  ),
  { maxLength: 40 },
);

describe("LiveQueue", () => {
  it("gives each message to one receiver at a time, and never again once it was deleted, through any history", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        await withBench(async ({ clock, open }) => {
          let { jobs } = await open(JOBS);
          const sent = new Set<string>();
          const deleted = new Set<string>();
          const latest = new Map<string, number>();
          /** Until when nobody else may see a message. */
          const hidden = new Map<string, number>();
          const held: Message[] = [];
          const take = async (most: number, visibility: number): Promise<readonly Message[]> => {
            const messages = await jobs.receive(most, visibility, 0);
            assert.ok(messages.length <= most);
            for (const message of messages) {
              assert.ok(sent.has(message.id), "a message nobody sent");
              assert.equal(message.body, `body of ${message.sent}`);
              assert.ok(!deleted.has(message.id), "a deleted message");
              assert.ok((hidden.get(message.id) ?? 0) <= clock.now(), "a message somebody else holds");
              assert.equal(message.receipts, (latest.get(message.id) ?? 0) + 1);
              latest.set(message.id, message.receipts);
              hidden.set(message.id, clock.now() + visibility * 1000);
            }
            held.push(...messages);
            return messages;
          };
          const drop = async (message: Message): Promise<void> => {
            await jobs.delete(receiptOf(message));
            if (latest.get(message.id) === message.receipts) deleted.add(message.id);
          };
          for (const step of history) {
            if (step.do === "send") {
              const { id } = await send(jobs, `body of ${clock.now()}`, step.delay);
              sent.add(id);
              hidden.set(id, clock.now() + step.delay * 1000);
            } else if (step.do === "receive") await take(step.most, step.visibility);
            else if (step.do === "wait") await clock.advance(step.seconds * 1000);
            else if (step.do === "reopen") ({ jobs } = await open(JOBS));
            else {
              const message = held[step.which % Math.max(1, held.length)];
              if (message === undefined) continue;
              if (step.do === "delete") await drop(message);
              else {
                const current = !deleted.has(message.id) && latest.get(message.id) === message.receipts;
                const inFlight = current && (hidden.get(message.id) ?? 0) > clock.now();
                const hiding = jobs.changeVisibility(receiptOf(message), step.seconds);
                if (inFlight) await hiding;
                else await assert.rejects(hiding, { code: "InvalidParameterValue" });
                if (inFlight) hidden.set(message.id, clock.now() + step.seconds * 1000);
              }
            }
          }
          // Nothing is lost: what was not deleted can be received and deleted, once.
          await clock.advance(10_000);
          for (let messages = await take(10, 30); messages.length > 0; messages = await take(10, 30)) {
            for (const message of messages) await drop(message);
          }
          assert.deepEqual(deleted, sent);
          assert.deepEqual(await jobs.counts(), { visible: 0, delayed: 0, inFlight: 0 });
        });
      }),
      { numRuns: 60 },
    );
  });

  it("never hands out a message more often than its redrive policy says, and loses none on its way", async () => {
    const often = { deadLetterTargetArn: DEAD.arn, maxReceiveCount: 2 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.boolean()), { maxLength: 15 }),
        async (rounds) => {
          await withBench(async ({ clock, open }) => {
            let { jobs, dead } = await open(settings("jobs", often));
            const sent: string[] = [];
            const finished: string[] = [];
            for (let i = 0; i < 5; i++) sent.push((await send(jobs, String(i))).id);
            for (const [most, deletes, reopens] of rounds) {
              const messages = await jobs.receive(most, 1, 0);
              assert.ok(messages.every(({ receipts }) => receipts <= 2));
              const [first] = messages;
              if (deletes && first !== undefined) {
                await jobs.delete(receiptOf(first));
                finished.push(first.id);
              }
              await clock.advance(1000);
              if (reopens) ({ jobs, dead } = await open(settings("jobs", often)));
            }
            const visible = (await jobs.counts()).visible + (await dead.counts()).visible;
            assert.equal(visible + finished.length, sent.length);
            const letters = await dead.receive(10, 30, 0);
            assert.ok(
              letters.every(
                ({ id, deadLetterOf }) => sent.includes(id) && !finished.includes(id) && deadLetterOf === JOBS.arn,
              ),
            );
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("reports how many messages are visible whenever that changes, and whenever it is tended", async () => {
    await withBench(async ({ clock, open, measured }) => {
      const { jobs } = await open(JOBS);
      await jobs.tend();
      assert.deepEqual(measured.splice(0), ["ApproximateNumberOfMessagesVisible 0"]);
      await send(jobs, "x");
      assert.deepEqual(measured.splice(0), ["ApproximateNumberOfMessagesVisible 1", "NumberOfMessagesSent 1"]);
      await jobs.receive(1);
      assert.deepEqual(measured.splice(0), ["ApproximateNumberOfMessagesVisible 0"]);
      await clock.advance(30_000);
      assert.deepEqual(measured.splice(0), ["ApproximateNumberOfMessagesVisible 1"]);
      await jobs.tend();
      assert.deepEqual(measured.splice(0), ["ApproximateNumberOfMessagesVisible 1"]);
    });
  });

  it("tells those who listen when a message becomes visible, now or later", async () => {
    await withBench(async ({ clock, open, notices }) => {
      const { jobs } = await open(JOBS);
      const heard: number[] = [];
      notices.listen(JOBS.arn, () => heard.push(clock.now()));
      await send(jobs, "now");
      await send(jobs, "later", 5);
      assert.deepEqual(heard, [1_000_000]);
      await clock.advance(5000);
      assert.deepEqual(heard, [1_000_000, 1_005_000]);
    });
  });

  it("takes no more than the stage can hold in memory", async () => {
    await withBench(async ({ open }) => {
      const { jobs, store } = await open(JOBS);
      const large = { body: "x".repeat(2 ** 20), attributes: {}, sender: "tests", sent: 0, visibleAt: 0, receipts: 0 };
      for (let i = 0; i < 128; i++) store.queue("elsewhere").put({ ...large, id: String(i) });
      await assert.rejects(send(jobs, "x"), {
        code: "OverLimit",
        message: /at most 134217728 bytes of messages, and its queues hold 134217728: receive and delete some first/,
      });
      store.queue("elsewhere").remove("0");
      await send(jobs, "x");
      store.queue("elsewhere").clear();
    });
  });
});

describe("Deadlines", () => {
  it("yields what is due in order of time, whatever was set anew or taken out", () => {
    const change = fc.oneof(
      fc.record({ thing: fc.nat(8), at: fc.nat(20) }),
      fc.record({ thing: fc.nat(8), at: fc.constant(undefined) }),
      fc.record({ thing: fc.constant(undefined), at: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
        const deadlines = new Deadlines<number>();
        let model: { thing: number; at: number }[] = [];
        for (const { thing, at } of changes) {
          if (thing === undefined) {
            const due = model.filter((entry) => entry.at <= at);
            const expected = due.reduce<(typeof due)[number] | undefined>(
              (best, entry) => (best === undefined || entry.at < best.at ? entry : best),
              undefined,
            );
            assert.equal(deadlines.takeDue(at), expected?.thing);
            model = model.filter((entry) => entry !== expected);
          } else {
            model = model.filter((entry) => entry.thing !== thing);
            if (at === undefined) deadlines.delete(thing);
            else {
              deadlines.set(thing, at);
              model.push({ thing, at });
            }
          }
          assert.equal(deadlines.size, model.length);
          assert.equal(deadlines.next, model.length === 0 ? undefined : Math.min(...model.map((entry) => entry.at)));
        }
      }),
    );
  });
});
