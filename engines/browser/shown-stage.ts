/**
 * A running stage to look at: minutes of traffic have gone by before the first check, in virtual time; from then on time
 * is the machine's.
 */
import { BeaconClient } from "../../bin/traffic/beacon-client";
import { textOf } from "../../local/graph/graph";
import { deploy, DESTRUCTIVE, renderRelease, SAFE, SAMPLE } from "../../test/release";
import { withStage, type TestStage } from "../../test/stage";
import { renderLocal, withConsole, type WatchedStage } from "../../console/testing/watched-stage";

/** Windows that have closed before: enough for every site's scores to be trusted. */
const WINDOWS = 30;
const WINDOW_MS = 10_000;
const SITES = ["news.example", "play.example", "shop.example"] as const;
const IMPRESSIONS = 50;

export interface ShownStage {
  readonly watched: WatchedStage;
  /** Milliseconds since the epoch, as the stage has it. */
  readonly now: () => number;
  /** Sends beacons now. */
  readonly send: (site: string, impressions: number, clicks: number) => Promise<void>;
  /** Ends the stage, leaving pages alone. */
  readonly close: () => Promise<void>;
}

/** @param busy whether traffic goes by, before and from now on */
export async function showStage({ busy = true }: { busy?: boolean } = {}): Promise<ShownStage> {
  const graph = await renderLocal();
  const before = busy ? WINDOWS * WINDOW_MS : 0;
  const start = Math.floor((Date.now() - before) / WINDOW_MS) * WINDOW_MS - before / WINDOWS;
  const held = await holdOpen<WatchedStage>((run) => withConsole(graph, run, { start }));
  const watched = held.value;
  const client = new BeaconClient(
    new URL(new URL(textOf(graph.stackOutputs, "beaconUrl")).pathname, watched.stage.url),
    8,
  );
  const send = async (site: string, impressions: number, clicks: number): Promise<void> => {
    const beacons = [...Array<string>(impressions).fill("Impression"), ...Array<string>(clicks).fill("Click")];
    await Promise.all(beacons.map((action) => client.send({ site, action })));
  };
  if (busy) await letTimeGoBy(watched, send);
  const time = followTheClock(watched);
  const traffic = busy ? setInterval(() => void sendUsual(send).catch(() => undefined), 200) : undefined;
  return {
    watched,
    now: () => watched.clock.now(),
    send,
    close: async () => {
      clearInterval(traffic);
      await time.stop();
      client.close();
      await held.release();
    },
  };
}

/** Usual traffic with a slow swell, so that curves have a shape; one record that nobody can read. */
async function letTimeGoBy({ clock, client, graph }: WatchedStage, send: ShownStage["send"]): Promise<void> {
  const { KinesisClient, PutRecordCommand } = await import("@aws-sdk/client-kinesis");
  for (let window = 0; window < WINDOWS; window++) {
    for (const [index, site] of SITES.entries()) {
      const clicks = Math.round(5 + 1.6 * Math.sin(window / 2.3 + index * 2) + ((window * 7 + index * 3) % 3));
      await send(site, IMPRESSIONS, clicks);
    }
    if (window === 20) {
      await new KinesisClient(client()).send(
        new PutRecordCommand({
          StreamName: textOf(graph.stackOutputs, "inputStreamName"),
          PartitionKey: "partner",
          Data: Buffer.from('{"browseraction":"Swipe","site":"shop.example"}'),
        }),
      );
    }
    if (window === 26) await send("shop.example", 0, 22);
    await clock.advance(WINDOW_MS);
  }
}

/** Five impressions a second on each site, one in ten clicked on. A stage that is being closed takes no more. */
async function sendUsual(send: ShownStage["send"]): Promise<void> {
  await Promise.all(SITES.map((site) => send(site, 1, Math.random() < 0.1 ? 1 : 0)));
}

/** Turns the stage's clock by as much as the machine's has moved. */
function followTheClock({ clock }: WatchedStage): { stop: () => Promise<void> } {
  const [wall, own] = [Date.now(), clock.now()];
  let turning: Promise<void> = Promise.resolve();
  let isTurning = false;
  const timer = setInterval(() => {
    if (isTurning) return;
    isTurning = true;
    turning = clock.advanceTo(own + Date.now() - wall).finally(() => (isTurning = false));
  }, 20);
  return {
    stop: async () => {
      clearInterval(timer);
      await turning;
    },
  };
}

/** A release stage beside it, on which the deploy machine went its three paths. */
export async function showReleases({ watched }: ShownStage): Promise<{ readonly close: () => Promise<void> }> {
  const graph = await renderRelease();
  const held = await holdOpen<TestStage>((run) => withStage(graph, run, { start: Date.now() - 3_600_000 }));
  await deploy(held.value, "release-1", SAMPLE);
  await deploy(held.value, "release-2", SAFE);
  await deploy(held.value, "release-3", DESTRUCTIVE);
  watched.console.showReleases(() => held.value.stage);
  return { close: held.release };
}

/** Keeps open what is only open while a function runs. */
async function holdOpen<T>(
  enter: (run: (value: T) => Promise<void>) => Promise<void>,
): Promise<{ readonly value: T; readonly release: () => Promise<void> }> {
  const leave = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<T>();
  const ended = enter((value) => {
    entered.resolve(value);
    return leave.promise;
  });
  ended.catch((error: unknown) => entered.reject(error));
  return {
    value: await entered.promise,
    release: () => {
      leave.resolve();
      return ended;
    },
  };
}
