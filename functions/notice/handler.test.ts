/** The notice function around its ports. Does not prove the index behind them, nor the schedule (local/ runs both). */
import assert from "node:assert/strict";
import type { Anomaly } from "../lib/anomaly";
import type { WatchedSite } from "./domain";
import { createNoticeHandler } from "./handler";

function world(sites: WatchedSite[]) {
  const raised: Anomaly[] = [];
  let failing = false;
  const notice = createNoticeHandler({
    sites: {
      async *lastHeardUntil(time) {
        yield sites.filter(({ lastWindow }) => lastWindow <= time);
      },
      disarm: async (site) => {
        if (failing) throw new Error("the table is away");
        sites.splice(sites.indexOf(site), 1);
      },
    },
    raise: async (anomaly) => void raised.push(anomaly),
    silenceSeconds: 60,
    print: () => undefined,
    metricNamespace: "clickstream/test",
  });
  return { notice, raised, fail: (value: boolean) => (failing = value) };
}

const time = (seconds: number): { time: string } => ({ time: new Date(seconds * 1000).toISOString() });

describe("The notice function", () => {
  it("raises a site that said nothing for as long as silence takes, once", async () => {
    const { notice, raised } = world([
      { site: "quiet", lastWindow: 100_000 },
      { site: "busy", lastWindow: 150_000 },
    ]);
    assert.deepEqual(await notice(time(159)), { silent: 0 });
    assert.deepEqual(await notice(time(160)), { silent: 1 });
    assert.deepEqual(await notice(time(161)), { silent: 0 });
    assert.deepEqual(raised, [
      {
        kind: "no-data",
        id: "no-data/quiet/100000",
        site: "quiet",
        windowStart: 100_000,
        windowEnd: 160_000,
        clicks: 0,
      },
    ]);
  });

  it("raises the same silence under the same id when it failed in between", async () => {
    const { notice, raised, fail } = world([{ site: "quiet", lastWindow: 100_000 }]);
    fail(true);
    await assert.rejects(notice(time(160)));
    fail(false);
    await notice(time(220));
    assert.deepEqual([...new Set(raised.map(({ id }) => id))], ["no-data/quiet/100000"]);
  });

  it("refuses an event without a time", async () => {
    await assert.rejects(world([]).notice({ time: "never" }), /a schedule's event has a time/);
  });
});
