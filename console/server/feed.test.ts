/** The live feed: every reader at its own pace, nothing held for a slow one. Does not prove what is put into it. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot, Window } from "../model/wire";
import { Feed, type FeedReader } from "./feed";

const window = (site: string): Window => ({
  site,
  start: 0,
  end: 10_000,
  impressions: 1,
  clicks: 0,
  rate: 0,
  score: null,
  anomalous: false,
});
const snapshot = (at: number, padding = ""): Snapshot => ({
  at,
  since: 0,
  counts: { [`a${padding}`]: [at, 0] },
  alarms: [],
});

interface Frame {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
}

/** What a reader has been given so far. */
async function take(reader: FeedReader): Promise<Frame[]> {
  await sleep(1);
  const chunks: string[] = [];
  for (let chunk = reader.read() as Buffer | null; chunk !== null; chunk = reader.read() as Buffer | null) {
    chunks.push(chunk.toString());
    await sleep(1);
  }
  return chunks
    .join("")
    .split("\n\n")
    .filter((frame) => frame !== "" && !frame.startsWith("retry"))
    .map((frame) => {
      const fields = new Map(
        frame.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]),
      );
      const [id, event, data] = [fields.get("id"), fields.get("event"), fields.get("data")];
      return {
        ...(id === undefined ? {} : { id }),
        ...(event === undefined ? {} : { event }),
        ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }),
      };
    });
}

const open: FeedReader[] = [];
afterEach(() => open.splice(0).forEach((reader) => reader.destroy()));

function readFrom(feed: Feed, lastEventId?: string): FeedReader {
  const reader = feed.read(lastEventId);
  assert.ok(reader !== undefined);
  open.push(reader);
  return reader;
}

describe("the live feed", () => {
  it("gives events in order, each with its place, and of snapshots the latest", async () => {
    const feed = new Feed();
    const reader = readFrom(feed);
    await take(reader);
    feed.publish({ type: "window", data: window("a") });
    feed.publish({ type: "window", data: window("b") });
    feed.show(snapshot(1));
    feed.show(snapshot(2));
    const frames = await take(reader);
    const sites = frames.filter(({ event }) => event === "window").map(({ data }) => (data as Window).site);
    assert.deepEqual(sites, ["a", "b"]);
    assert.deepEqual(frames.findLast(({ event }) => event === "snapshot")?.data, snapshot(2));
    assert.equal(new Set(frames.flatMap(({ id }) => id ?? [])).size, 2);
  });

  it("goes on behind the event that a reader saw last", async () => {
    const feed = new Feed();
    const first = readFrom(feed);
    feed.publish({ type: "window", data: window("a") });
    const seen = (await take(first)).at(-1)?.id;
    first.destroy();
    feed.publish({ type: "window", data: window("b") });
    const frames = await take(readFrom(feed, seen));
    assert.deepEqual(
      frames.map(({ event, data }) => [event, (data as Window).site]),
      [["window", "b"]],
    );
  });

  for (const [name, place] of [
    ["of another run", "00000000-3"],
    ["that is none", "nonsense"],
    ["with a number that is none", "0-9e99"],
  ] as const) {
    it(`tells a reader with a place ${name} to ask for everything anew`, async () => {
      const feed = new Feed();
      feed.publish({ type: "window", data: window("a") });
      const reader = readFrom(feed, place);
      assert.deepEqual(await take(reader), [{ event: "reset", data: {} }]);
      feed.publish({ type: "window", data: window("b") });
      assert.equal((await take(reader))[0]?.event, "window");
    });
  }

  it("tells a reader to ask anew when the ring has moved on past its place", async () => {
    const feed = new Feed({ ring: 8 });
    const first = readFrom(feed);
    feed.publish({ type: "window", data: window("a") });
    const seen = (await take(first)).at(-1)?.id;
    for (let number = 0; number < 50; number++) feed.publish({ type: "window", data: window(`s${number}`) });
    assert.deepEqual(
      (await take(readFrom(feed, seen))).map(({ event }) => event),
      ["reset"],
    );
  });

  it("holds no more than a bounded rest for a reader that takes nothing, and gives it the latest in the end", async () => {
    const feed = new Feed({ ring: 100 });
    const reader = readFrom(feed);
    const padding = "x".repeat(10_000);
    for (let number = 1; number <= 2_000; number++) {
      feed.show(snapshot(number, padding));
      feed.publish({ type: "window", data: window("a") });
      if (number % 100 === 0) await sleep(0);
    }
    assert.ok(reader.readableLength < 64 * 1024, `${reader.readableLength} bytes wait`);
    const frames = await take(reader);
    assert.ok(frames.length < 300, `${frames.length} frames`);
    assert.deepEqual(frames.findLast(({ event }) => event === "snapshot")?.data, snapshot(2_000, padding));
    assert.ok(frames.some(({ event }) => event === "reset"));
  });

  it("is heard of even when nothing happens", async () => {
    const reader = readFrom(new Feed({ beat: 5 }));
    await take(reader);
    await sleep(30);
    assert.ok((await take(reader)).some(({ event }) => event === "beat"));
  });

  it("takes only so many readers, and another once one has left", async () => {
    const feed = new Feed({ mostReaders: 2 });
    const first = readFrom(feed);
    readFrom(feed);
    assert.equal(feed.read(), undefined);
    first.destroy();
    await sleep(1);
    readFrom(feed);
    assert.equal(feed.readers, 2);
  });
});
