/**
 * The console of a running stage, asked over loopback as a browser would ask. Does not prove what the page makes of it:
 * engines/browser does.
 */
import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { PutRecordCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Graph } from "../../local/graph/graph";
import { textOf } from "../../local/graph/graph";
import { drawJourney, type Journey } from "../model/journey";
import type { RealTime, Rejection, ResourceDetail, RoleAccess, Snapshot, StationSamples } from "../model/wire";
import { renderLocal, withConsole, type WatchedStage } from "../testing/watched-stage";

let graph: Graph;
before(async () => {
  graph = await renderLocal();
});

/** Takes a place at the live feed, before anything else happens. */
async function openFeed({ stage }: WatchedStage): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(new URL("/console/api/live", stage.url), { agent: false }, resolve).on("error", reject);
  });
  assert.equal(response.headers["content-type"], "text/event-stream; charset=utf-8");
  return response;
}

/** Reads server-sent events until one is as wanted; the connection is closed then. */
async function listen<T>(feed: IncomingMessage, wanted: (event: string, data: unknown) => T | undefined): Promise<T> {
  let rest = "";
  for await (const chunk of feed) {
    rest += String(chunk);
    const frames = rest.split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const [, event = "", data = ""] = /event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      const found = event === "" ? undefined : wanted(event, JSON.parse(data));
      if (found !== undefined) return found;
    }
  }
  throw new Error("the feed ended");
}

const beacons = (site: string, impressions: number, clicks: number) => [
  ...Array.from({ length: impressions }, () => ({ site, action: "Impression" })),
  ...Array.from({ length: clicks }, () => ({ site, action: "Click" })),
];

describe("who may ask the console", () => {
  it("is everybody on this machine, by any of its names and ports", async () => {
    await withConsole(graph, async ({ ask }) => {
      for (const host of ["127.0.0.1", "127.0.0.1:4566", "localhost:80", "[::1]:1"]) {
        assert.equal((await ask("/", { headers: { host } })).status, 200, host);
      }
    });
  });

  it("is nobody who comes by another name, on whatever path", async () => {
    await withConsole(graph, async ({ ask }) => {
      for (const path of ["/", "/index.html", "/console/api/journey", "/console/api/live", "/console/icon.svg"]) {
        for (const host of ["evil.example", "127.0.0.1.evil.example:4566", "localhost."]) {
          const { status, body } = await ask(path, { headers: { host } });
          assert.equal(status, 403, `${path} as ${host}`);
          assert.ok(!body.includes("stations"));
        }
      }
      const { body } = await ask("/", { headers: { host: "evil.example" } });
      assert.match(body, /got \\"evil\.example\\", allowed 127\.0\.0\.1, localhost/);
    });
  });

  it("is no page of another origin", async () => {
    await withConsole(graph, async ({ ask, stage }) => {
      const { host } = new URL(stage.url);
      assert.equal((await ask("/console/api/journey", { headers: { origin: `http://${host}` } })).status, 200);
      for (const origin of ["http://evil.example", "null", `http://${host}.evil.example`, "http://127.0.0.1:1"]) {
        const { status, headers } = await ask("/console/api/journey", { headers: { origin } });
        assert.equal(status, 403, origin);
        assert.equal(headers["access-control-allow-origin"], undefined);
      }
      const fetched = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
      assert.equal((await ask("/console/api/journey", { headers: fetched })).status, 403);
    });
  });

  it("may change something only with the token, by POST", async () => {
    await withConsole(graph, async ({ ask, token }) => {
      const path = "/console/api/replay";
      const body = JSON.stringify({ id: "none" });
      assert.equal((await ask(path, { method: "POST", body })).status, 401);
      for (const wrong of ["", "x", `${token}x`, token.slice(1)]) {
        const headers = { authorization: `Bearer ${wrong}` };
        assert.equal((await ask(path, { method: "POST", body, headers })).status, 401, wrong);
      }
      const headers = { authorization: `Bearer ${token}` };
      assert.equal(
        (await ask(path, { method: "POST", body, headers: { ...headers, origin: "http://evil.example" } })).status,
        403,
      );
      assert.equal((await ask(path, { method: "POST", body: "{", headers })).status, 400);
      assert.equal((await ask(path, { method: "POST", body, headers })).status, 404);
      assert.equal((await ask(path, { headers })).status, 405);
      assert.equal((await ask("/console/api/journey", { method: "DELETE" })).status, 405);
    });
  });

  it("is answered with a policy that allows nothing inline and nothing from elsewhere", async () => {
    await withConsole(graph, async ({ ask }) => {
      const page = await ask("/");
      for (const { headers } of [
        page,
        await ask("/console/api/journey"),
        await ask("/console/none"),
        await ask("/", { headers: { host: "x" } }),
      ]) {
        const policy = String(headers["content-security-policy"]);
        assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
        assert.doesNotMatch(policy, /unsafe|\*|https?:/);
        assert.equal(headers["x-content-type-options"], "nosniff");
      }
      assert.doesNotMatch(page.body, /<script>|<style|style=|onclick|https?:\/\//);
    });
  });
});

describe("the page", () => {
  it("is one document, one script and one style sheet, all by relative paths", async () => {
    await withConsole(graph, async ({ ask }) => {
      const { body } = await ask("/");
      const assets = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? "");
      assert.deepEqual(assets.map((path) => path.replace(/-\w{8}\./, ".")).sort(), [
        "console/icon.svg",
        "console/page.js",
        "console/style.css",
      ]);
      for (const path of assets) {
        const asset = await ask(`/${path}`);
        assert.equal(asset.status, 200, path);
        if (/-\w{8}\./.test(path)) assert.match(String(asset.headers["cache-control"]), /immutable/);
      }
    });
  });

  it("leaves everything else to whoever it belongs to", async () => {
    await withConsole(graph, async ({ ask }) => {
      assert.equal((await ask("/nowhere")).body, "nothing is served here\n");
      assert.equal((await ask("/v1/beacon?browseraction=Click", { headers: { host: "shop.example" } })).status, 200);
    });
  });
});

describe("what the console shows", () => {
  it("counts on each arrow what really went over it", async () => {
    await withConsole(graph, async (watched) => {
      const { read, send, clock } = watched;
      await send(...beacons("shop.example", 20, 3));
      await clock.advance(15_000);
      const journey = await read<Journey>("journey");
      const { counts, alarms } = await listen(await openFeed(watched), (event, data) =>
        event === "snapshot" ? (data as Snapshot) : undefined,
      );
      const countOf = (from: string, to: string): number | undefined => {
        const nameOf = (id: string): string | undefined => journey.stations.find((station) => station.id === id)?.name;
        const arrow = journey.arrows.find((each) => nameOf(each.from) === from && nameOf(each.to) === to);
        return counts[arrow?.id ?? ""]?.[0];
      };
      assert.equal(countOf("visitors", "beacons"), 23);
      assert.equal(countOf("beacons", "input"), 23);
      assert.equal(countOf("input", "detect"), 23);
      assert.equal(countOf("input", "archive"), 23);
      assert.equal(countOf("producer", "input"), 0);
      assert.equal(countOf("detect", "anomalies"), 0);
      assert.equal(alarms.length, graph.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").length);
      const late = alarms.find(({ name }) => name === "alarms-detect-late");
      assert.ok(late?.stations.some((id) => id.endsWith("::detect")));
    });
  });

  it("tells of a window, its alert and the mail as they happen, and of all that were before", async () => {
    await withConsole(graph, async (watched) => {
      const { read, send, clock } = watched;
      for (let round = 0; round < 30; round++) {
        await send(...beacons("shop.example", 20, 2 + (round % 2)));
        await clock.advance(10_000);
      }
      const told: string[] = [];
      const happened = listen(await openFeed(watched), (event, data) => {
        if (event === "snapshot" || event === "beat") return undefined;
        told.push(event === "alert" ? (data as RealTime["alerts"][number]).subject : event);
        return told.includes("letter") && told.includes("window") ? told : undefined;
      });
      await send(...beacons("shop.example", 20, 16));
      await clock.advance(12_000);
      assert.ok((await happened).includes("Anomaly: click-through rate of shop.example"));

      const { windows, alerts, letters, cutoff } = await read<RealTime>("real-time");
      assert.equal(cutoff, 2);
      assert.equal(windows.length, 31);
      assert.equal(
        windows.reduce((sum, { impressions, clicks }) => sum + impressions + clicks, 0),
        30 * 22.5 + 36,
      );
      assert.equal(windows.at(-1)?.anomalous, true);
      assert.match(alerts[0]?.explanation ?? "", /unusually high: 80\.0 %/);
      assert.ok(letters.some(({ subject, topic }) => subject === alerts[0]?.subject && topic === "people"));
    });
  });

  it("shows the last records of a stream, a log, a table and a bucket", async () => {
    await withConsole(graph, async ({ read, send, clock }) => {
      await send(...beacons("shop.example", 3, 0), ...beacons("news.example", 2, 1));
      await clock.advance(400_000);
      const { stations } = await read<Journey>("journey");
      const samplesOf = (name: string): Promise<StationSamples> =>
        read(`samples?station=${encodeURIComponent(stations.find((station) => station.name === name)?.id ?? "")}`);
      const input = await samplesOf("input");
      assert.equal(input.samples.length, 6);
      assert.ok(input.samples.every(({ text }) => text.includes("browseraction")));
      assert.ok((await samplesOf("detect")).samples.some(({ text }) => text.includes("site-window")));
      assert.ok((await samplesOf("forests")).samples.some(({ place }) => place.startsWith("shop.example")));
      const raw = await samplesOf("raw");
      assert.equal(raw.samples.flatMap(({ text }) => text.trim().split("\n")).length, 6);
      assert.deepEqual((await samplesOf("people")).samples, []);
    });
  });

  it("shows a resource with what it was declared with, and none that is not there", async () => {
    await withConsole(graph, async ({ read, ask }) => {
      const stream = graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "input");
      const detail = await read<ResourceDetail>(`resource?urn=${encodeURIComponent(stream.urn)}`);
      assert.equal(detail.arn, stream.outputs["arn"]);
      assert.match(detail.source ?? "", /^infra\/store\/event-stream\.ts:\d+$/);
      assert.equal((await ask("/console/api/resource?urn=none")).status, 404);
      assert.equal((await ask("/console/api/samples?station=none")).status, 404);
      const { status, body } = await ask("/console/api/toString");
      assert.equal(status, 404);
      assert.match(body, /got toString, allowed journey/);
    });
  });

  it("shows which permissions were used by now", async () => {
    await withConsole(graph, async ({ read, send }) => {
      const usedBy = async (role: string): Promise<number | undefined> =>
        (await read<RoleAccess[]>("permissions")).find((each) => each.role === role)?.used;
      assert.equal(await usedBy("beacons"), 0);
      await send(...beacons("shop.example", 1, 0));
      assert.equal(await usedBy("beacons"), 2);
    });
  });

  it("goes on with another graph: tells pages, counts anew, and hears of its mails", async () => {
    await withConsole(graph, async (watched) => {
      const { stage, client, send } = watched;
      await send(...beacons("shop.example", 5, 0));
      const told: string[] = [];
      const happened = listen(await openFeed(watched), (event) => {
        told.push(event);
        return event === "letter" ? told : undefined;
      });
      await stage.apply(await renderLocal({ "clickstream:beaconRate": "9000" }));
      const topic = stage.graph.only("aws:sns/topic:Topic", ({ name }) => name === "people");
      const message = { TopicArn: textOf(topic.outputs, "arn"), Message: "hello" };
      await new SNSClient(client()).send(new PublishCommand(message));
      assert.ok((await happened).includes("graph"));
      const { counts } = await listen(await openFeed(watched), (event, data) =>
        event === "snapshot" ? (data as Snapshot) : undefined,
      );
      const { arrows } = drawJourney(stage.graph);
      const [visits, letters] = ["visitors", "people"].map((what) =>
        arrows.find(({ from, to }) =>
          what === "visitors" ? from.startsWith("outside:web") : to.endsWith("::people") && to.startsWith("outside:"),
        ),
      );
      assert.equal(counts[visits?.id ?? ""]?.[0], 0);
      assert.equal(counts[letters?.id ?? ""]?.[0], 2);
    });
  });

  it("says that no release stage is attached", async () => {
    await withConsole(graph, async ({ read }) => {
      assert.deepEqual(await read("releases"), { state: "none", pipelines: [], machines: [] });
    });
  });
});

describe("a rejected record", () => {
  const putBad = async ({ client }: WatchedStage, data: string): Promise<void> => {
    const StreamName = textOf(graph.stackOutputs, "inputStreamName");
    await new KinesisClient(client()).send(
      new PutRecordCommand({ StreamName, PartitionKey: "x", Data: Buffer.from(data) }),
    );
  };

  it("is shown with its reason, goes back once, and is remembered as put back", async () => {
    await withConsole(graph, async (watched) => {
      const { read, ask, clock, token } = watched;
      await putBad(watched, "no json at all");
      await clock.advance(15_000);
      const [first] = await read<Rejection[]>("rejections");
      assert.deepEqual(
        [first?.code, first?.text, first?.component, first?.replayedAt],
        ["not-json", "no json at all", "detect", null],
      );

      const replay = () =>
        ask("/console/api/replay", {
          method: "POST",
          headers: { authorization: `Bearer ${token}` },
          body: JSON.stringify({ id: first?.id }),
        });
      const put = await replay();
      assert.equal(put.status, 200, put.body);
      const again = await replay();
      assert.deepEqual([again.status, again.body], [409, '{"error":"the record was put back before"}']);

      await clock.advance(15_000);
      const after = await read<Rejection[]>("rejections");
      // What was wrong with it still is: it comes back as a record of its own.
      assert.equal(after.length, 2);
      assert.equal(after.filter(({ replayedAt }) => replayedAt !== null).length, 1);
    });
  });

  it("is only found where functions keep rejected records", async () => {
    await withConsole(graph, async ({ ask, token, send, clock }) => {
      await send(...beacons("shop.example", 1, 0));
      await clock.advance(400_000);
      const bucket = textOf(graph.stackOutputs, "rawBucketName");
      for (const place of [
        [bucket, "year=2026/", 0],
        ["another", "rejected/a", 0],
        [bucket, "rejected/none", 0],
        "x",
      ]) {
        const id = Buffer.from(JSON.stringify(place)).toString("base64url");
        const headers = { authorization: `Bearer ${token}` };
        const { status } = await ask("/console/api/replay", { method: "POST", headers, body: JSON.stringify({ id }) });
        assert.equal(status, 404, JSON.stringify(place));
      }
    });
  });
});
