/**
 * The local stage of the platform, through its front door and seen by independent AWS clients, in virtual time.
 * Does not prove that AWS behaves as the stage models it, nor load and crashes.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-kinesis";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { BeaconClient, type Beacon } from "../bin/traffic/beacon-client";
import { textOf, type Graph } from "../local/graph/graph";
import type { SnsService } from "../local/services/sns/service";
import { render, withStage, type TestStage } from "../test/stage";
import { platform } from "./platform";
import { readStage } from "./stage";
import { readStageFiles } from "./stage-files";

const renderLocal = (changes: Record<string, string> = {}): Promise<Graph> => {
  const { values, secretKeys } = readStageFiles(join(__dirname, ".."), "local");
  const config = { ...values, ...changes };
  return render(() => ({ ...platform(readStage("local", { values: config, secretKeys })) }), {
    stack: "local",
    config,
    secretKeys: [...secretKeys],
  });
};

const frontDoor = ({ stage, graph }: TestStage): URL =>
  new URL(new URL(textOf(graph.stackOutputs, "beaconUrl")).pathname, stage.url);

/** Every record of a stream, as any client reads it. */
async function readStream({ client, graph }: TestStage, output: string): Promise<string[]> {
  const kinesis = new KinesisClient(client());
  const StreamName = textOf(graph.stackOutputs, output);
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const records: string[] = [];
  for (const { ShardId } of Shards) {
    let { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: "TRIM_HORIZON" }),
    );
    for (;;) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      if ((page.Records ?? []).length === 0) break;
      records.push(
        ...(page.Records ?? []).map(({ Data = new Uint8Array() }) =>
          new TextDecoder("utf-8", { fatal: true }).decode(Data),
        ),
      );
      ShardIterator = page.NextShardIterator;
    }
  }
  kinesis.destroy();
  return records;
}

/** A request line and headers as they are, for what no HTTP client would send; answers the status. */
function sendRaw(url: URL, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => socket.write(request));
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      answer += chunk;
      socket.end();
    });
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)));
    socket.on("error", reject);
  });
}

const HOSTILE: readonly string[] = [
  '"',
  "'",
  "\\",
  "\\'",
  '\\"',
  '","browseraction":"Click","site":"forged.example',
  "\n{}\n",
  "\u0000\u0001\u001f\u007f",
  "\u2028\u2029",
  "ünï-漢字-🎉-\ud800",
  "$util.base64Encode($x)",
  "#set($action = 'Click')",
  "#if(true)#end",
  "$!{context.requestId}",
  "##comment",
  "#[[raw]]#",
  "%22%00%ff",
  "</script><script>",
  "x".repeat(256),
  "x".repeat(257),
];

describe("The front door", () => {
  it("puts exactly the acknowledged beacons on the stream, each valid JSON with what was sent", async () => {
    const graph = await renderLocal();
    await withStage(graph, async (test) => {
      const url = frontDoor(test);
      const client = new BeaconClient(url, 8);
      const plain: Beacon[] = Array.from({ length: 300 }, (_, n) => ({
        action: n % 3 === 0 ? "Click" : "Impression",
        site: `site-${n % 7}.example`,
        id: `plain-${n}`,
      }));
      const strange: Beacon[] = HOSTILE.flatMap((text) => [
        { action: text },
        { action: "Click", id: text },
        { action: "Click", userAgent: text.replace(/[^\x20-\x7e]/g, "?"), id: `agent of ${text.length}` },
      ]);
      const sent = [...plain, ...strange];
      const replies = await Promise.all(sent.map((beacon) => client.send(beacon)));
      client.close();
      const accepted = sent.filter((_, index) => replies[index]?.status === 200);
      for (const [index, { status, body }] of replies.entries()) {
        assert.ok([200, 400].includes(status), `${JSON.stringify(sent[index])}: ${status}`);
        assert.equal((JSON.parse(body) as { accepted: boolean }).accepted, status === 200);
      }
      assert.ok(plain.every((beacon) => accepted.includes(beacon)));
      assert.ok(
        accepted.every(
          ({ action, id = "" }) => (action === "Click" || action === "Impression") && [...id].length <= 257,
        ),
      );

      const records = (await readStream(test, "inputStreamName")).map(
        (record) => JSON.parse(record) as Record<string, unknown>,
      );
      assert.equal(records.length, accepted.length);
      const members = ["browseraction", "id", "request_id", "site", "source_ip", "time", "user_agent"];
      for (const record of records)
        assert.deepEqual(
          Object.keys(record).filter((member) => !members.includes(member)),
          [],
        );
      const essence = (each: { action: unknown; id: unknown }): string => JSON.stringify([each.action, each.id]);
      const sentIds = accepted.map(({ action, id }) =>
        essence({
          action,
          id: (id ?? "") === "" ? undefined : new URLSearchParams([["id", id ?? ""]]).get("id")?.toWellFormed(),
        }),
      );
      assert.deepEqual(
        records.map(({ browseraction, id }) => essence({ action: browseraction, id })).sort(),
        sentIds.sort(),
      );
      assert.ok(!records.some(({ site }) => site === "forged.example"));
    });
  });

  it("takes the site from the domain it served, whatever a query, a header or a path says", async () => {
    await withStage(await renderLocal(), async (test) => {
      const url = frontDoor(test);
      const line = (path: string, ...headers: string[]): string =>
        [`GET ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n");
      const path = `${url.pathname}?browseraction=Click`;
      const statuses = [
        await sendRaw(url, line(`${path}&Host=forged.example`, "Host: true.example")),
        await sendRaw(url, line(`${path}&id=1&id=2`, "Host: true.example:4566", "X-Forwarded-Host: forged.example")),
        await sendRaw(url, line(`${path}&%zz=1&a=%`, "Host: true.example")),
        await sendRaw(url, line(path, 'Host: a"b\\c')),
        await sendRaw(url, line(path, `Host: ${"long.".repeat(80)}example`)),
        await sendRaw(url, line(`${url.pathname}/../beacon?browseraction=Click`, "Host: true.example")),
        await sendRaw(url, line(`${url.pathname}?browseraction=Click&browseraction=Nonsense`, "Host: true.example")),
        await sendRaw(url, line(path, "Host: true.example", "Content-Type: text/plain")),
      ];
      assert.deepEqual(statuses.slice(0, 3), [200, 200, 200]);
      assert.ok(
        statuses.every((status) => status === 200 || (status >= 400 && status < 500)),
        String(statuses),
      );
      const records = (await readStream(test, "inputStreamName")).map(
        (record) => JSON.parse(record) as { site: string },
      );
      assert.equal(records.length, statuses.filter((status) => status === 200).length);
      assert.ok(records.every(({ site }) => site !== "forged.example"));
      assert.equal(records.filter(({ site }) => site === "true.example").length >= 3, true);
    });
  });

  it("answers 429 beyond its rate, and lets no more in", async () => {
    await withStage(
      await renderLocal({ "clickstream:beaconRate": "10", "clickstream:beaconBurst": "20" }),
      async (test) => {
        const client = new BeaconClient(frontDoor(test), 8);
        const replies = await Promise.all(
          Array.from({ length: 50 }, () => client.send({ action: "Click", site: "a.example" })),
        );
        client.close();
        const statuses = replies.map(({ status }) => status);
        assert.equal(statuses.filter((status) => status === 200).length, 20);
        assert.equal(statuses.filter((status) => status === 429).length, 30);
        assert.equal((await readStream(test, "inputStreamName")).length, 20);
      },
    );
  });
});

describe("The platform", () => {
  const mailsTo = ({ stage, graph }: TestStage, topic: string): string[] => {
    const arn = textOf(graph.only("aws:sns/topic:Topic", ({ name }) => name === topic).outputs, "arn");
    return (stage.service("sns") as SnsService).mailbox
      .filter((mail) => mail.topic === arn && mail.kind === "email")
      .map(({ subject = "" }) => subject);
  };

  it("tells of a site that goes silent once, and again when it has spoken in between", async () => {
    await withStage(await renderLocal(), async (test) => {
      const client = new BeaconClient(frontDoor(test), 2);
      const speak = async (): Promise<void> => {
        await client.send({ action: "Impression", site: "quiet.example" });
        await test.clock.advance(15_000);
      };
      await speak();
      await test.clock.advance(10 * 60_000);
      assert.deepEqual(mailsTo(test, "people"), ["No data from quiet.example"]);
      await speak();
      await test.clock.advance(10 * 60_000);
      assert.deepEqual(mailsTo(test, "people"), ["No data from quiet.example", "No data from quiet.example"]);
      client.close();
    });
  });

  it("alarms its operators when nothing arrives, and tells them when it does again", async () => {
    await withStage(await renderLocal(), async (test) => {
      const client = new BeaconClient(frontDoor(test), 2);
      for (let minute = 0; minute < 3; minute++) {
        await client.send({ action: "Impression", site: "a.example" });
        await test.clock.advance(60_000);
      }
      const noData = (): string[] =>
        mailsTo(test, "operators")
          .filter((subject) => subject.includes("alarms-no-data"))
          .map((subject) => subject.split(":")[0] ?? "");
      assert.equal(mailsTo(test, "operators").length, noData().length, "no other alarm says that it is well");
      const before = noData().length;
      await test.clock.advance(20 * 60_000);
      assert.deepEqual(noData().slice(before), ["ALARM"]);
      await client.send({ action: "Impression", site: "a.example" });
      await test.clock.advance(2 * 60_000);
      assert.deepEqual(noData().slice(before), ["ALARM", "OK"]);
      client.close();
    });
  });

  it("lets the producer's role put on the input stream, by its external id, and do nothing else", async () => {
    await withStage(
      await renderLocal(),
      async (test) => {
        const { graph, client } = test;
        const sts = new STSClient(client());
        const assume = (ExternalId: string) =>
          sts.send(
            new AssumeRoleCommand({
              RoleArn: textOf(graph.stackOutputs, "producerRoleArn"),
              RoleSessionName: "partner",
              ExternalId,
            }),
          );
        await assert.rejects(assume("guessed"), { name: "AccessDenied" });
        const { Credentials } = await assume("clickstream-producer");
        const kinesis = new KinesisClient({
          ...client(),
          credentials: {
            accessKeyId: Credentials?.AccessKeyId ?? "",
            secretAccessKey: Credentials?.SecretAccessKey ?? "",
            sessionToken: Credentials?.SessionToken ?? "",
          },
        });
        const put = (output: string) =>
          kinesis.send(
            new PutRecordCommand({
              StreamName: textOf(graph.stackOutputs, output),
              PartitionKey: "p",
              Data: Buffer.from("{}"),
            }),
          );
        await put("inputStreamName");
        await assert.rejects(put("anomalyStreamName"), { name: "AccessDeniedException" });
        await assert.rejects(
          kinesis.send(new ListShardsCommand({ StreamName: textOf(graph.stackOutputs, "inputStreamName") })),
          { name: "AccessDeniedException" },
        );
        sts.destroy();
        kinesis.destroy();
      },
      { deniedCallsExpected: "the producer tries what it may not do" },
    );
  });
});
