/**
 * CloudWatch Logs on loopback, driven by the unmodified SDK client.
 * Does not prove: that AWS answers alike; subscriptions, queries and metric filters, which the stage does not model.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { render, START, withStage, type TestStage } from "../../../test/stage";
import { roleSession } from "../../iam/principal";

const GROUP = "/shop/detect";

const program = (): void => {
  const group = new aws.cloudwatch.LogGroup("detect", { name: GROUP, retentionInDays: 1 });
  new aws.cloudwatch.LogStream("delivery", { name: "delivery", logGroupName: group.name });
  new aws.cloudwatch.LogGroup("other");
  const role = new aws.iam.Role("writer", {
    name: "writer",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  new aws.iam.RolePolicy("writer", {
    role: role.name,
    policy: group.arn.apply((arn) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${arn}:*` }],
      }),
    ),
  });
};

async function withLogs(
  run: (logs: CloudWatchLogsClient, test: TestStage) => Promise<void>,
  folder?: string,
): Promise<void> {
  await withStage(
    await render(program),
    async (test) => {
      const logs = new CloudWatchLogsClient(test.client());
      try {
        await run(logs, test);
      } finally {
        logs.destroy();
      }
    },
    folder === undefined ? {} : { folder },
  );
}

async function put(
  logs: CloudWatchLogsClient,
  stream: string,
  messages: readonly string[],
  timestamp = START,
): Promise<void> {
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: GROUP,
      logStreamName: stream,
      logEvents: messages.map((message) => ({ message, timestamp })),
    }),
  );
}

async function filter(logs: CloudWatchLogsClient, input: object = {}): Promise<(string | undefined)[]> {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...input }));
  return events.map(({ message }) => message);
}

const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

describe("CloudWatch Logs", () => {
  it("gives back every event of a stream, forward and backward, page by page", async () => {
    await withLogs(async (logs) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "a" }));
      for (let page = 0; page < 5; page++) {
        await put(logs, "a", letters(25).slice(page * 5, page * 5 + 5));
        await put(logs, "delivery", ["in between"]);
      }
      for (const startFromHead of [true, false]) {
        const read: string[] = [];
        let nextToken: string | undefined;
        for (;;) {
          const page = await logs.send(
            new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "a", startFromHead, limit: 7, nextToken }),
          );
          const messages = (page.events ?? []).map(({ message }) => message ?? "");
          if (startFromHead) read.push(...messages);
          else read.unshift(...messages);
          const following = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
          if (following === nextToken) break;
          nextToken = following;
        }
        assert.deepEqual(read, letters(25));
      }
    });
  });

  it("finds events of all streams by time, stream and pattern", async () => {
    await withLogs(async (logs, { clock }) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "a" }));
      await put(logs, "a", ["ERROR one", '{"level":"WARN"}']);
      await clock.advance(60_000);
      await put(logs, "delivery", ["ERROR two"], clock.now());
      assert.deepEqual(await filter(logs), ["ERROR one", '{"level":"WARN"}', "ERROR two"]);
      assert.deepEqual(await filter(logs, { filterPattern: "ERROR" }), ["ERROR one", "ERROR two"]);
      assert.deepEqual(await filter(logs, { filterPattern: '{ $.level = "WARN" }' }), ['{"level":"WARN"}']);
      assert.deepEqual(await filter(logs, { logStreamNames: ["delivery"] }), ["ERROR two"]);
      assert.deepEqual(await filter(logs, { startTime: START + 1 }), ["ERROR two"]);
      assert.deepEqual(await filter(logs, { endTime: START + 60_000 }), ["ERROR one", '{"level":"WARN"}']);
      const { nextToken, events } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 2 }));
      assert.equal(events?.length, 2);
      assert.deepEqual(await filter(logs, { nextToken, limit: 2 }), ["ERROR two"]);
      await assert.rejects(filter(logs, { filterPattern: "[a, b]" }), { name: "InvalidParameterException" });
    });
  });

  it("has the groups and streams that the program declares, and the streams that writers make", async () => {
    await withLogs(async (logs) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "2026/01/05/[$LATEST]1" }));
      await put(logs, "delivery", ["x"]);
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop" }));
      assert.deepEqual(
        logGroups.map(({ logGroupName, retentionInDays, arn }) => ({ logGroupName, retentionInDays, arn })),
        [{ logGroupName: GROUP, retentionInDays: 1, arn: `arn:aws:logs:eu-west-1:000000000000:log-group:${GROUP}:*` }],
      );
      const { logStreams = [] } = await logs.send(
        new DescribeLogStreamsCommand({ logGroupName: GROUP, orderBy: "LastEventTime", descending: true }),
      );
      assert.deepEqual(
        logStreams.map(({ logStreamName, lastEventTimestamp }) => [logStreamName, lastEventTimestamp]),
        [
          ["delivery", START],
          ["2026/01/05/[$LATEST]1", undefined],
        ],
      );
    });
  });

  it("refuses groups and streams that are not there, or there already", async () => {
    await withLogs(async (logs) => {
      const missing = { name: "ResourceNotFoundException" };
      await assert.rejects(put(logs, "nowhere", ["x"]), {
        ...missing,
        message: "The specified log stream does not exist.",
      });
      const elsewhere = { logGroupName: "elsewhere", logStreamName: "a" };
      await assert.rejects(logs.send(new CreateLogStreamCommand(elsewhere)), {
        ...missing,
        message: "The specified log group does not exist.",
      });
      await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: "elsewhere" })), {
        message: /declare an aws.cloudwatch.LogGroup/,
      });
      const twice = { name: "ResourceAlreadyExistsException" };
      await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: GROUP })), twice);
      await assert.rejects(
        logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "delivery" })),
        twice,
      );
    });
  });

  it("keeps streams and events when the stage is opened again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stage-"));
    await withLogs(async (logs) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "a" }));
      await put(logs, "a", ["kept"]);
    }, folder);
    await withLogs(async (logs) => {
      assert.deepEqual(await filter(logs, { logStreamNames: ["a"] }), ["kept"]);
      const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
      assert.deepEqual(
        logStreams.map(({ logStreamName }) => logStreamName),
        ["a", "delivery"],
      );
    }, folder);
    await rm(folder, { recursive: true });
  });

  it("shows nothing that is older than the group's retention", async () => {
    await withLogs(async (logs, { clock }) => {
      await put(logs, "delivery", ["old"]);
      await clock.advance(25 * 3_600_000);
      await put(logs, "delivery", ["new"], clock.now());
      assert.deepEqual(await filter(logs), ["new"]);
      const { rejectedLogEventsInfo } = await logs.send(
        new PutLogEventsCommand({
          logGroupName: GROUP,
          logStreamName: "delivery",
          logEvents: [{ timestamp: START, message: "late" }],
        }),
      );
      assert.deepEqual(rejectedLogEventsInfo, { expiredLogEventEndIndex: 1 });
    });
  });

  it("lets a role write to the group that it is granted, and not read it", async () => {
    await withLogs(async (_, test) => {
      const logs = new CloudWatchLogsClient(test.client(roleSession("arn:aws:iam::000000000000:role/writer", "tests")));
      await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "mine" }));
      await put(logs, "mine", ["x"]);
      await assert.rejects(filter(logs), {
        name: "AccessDeniedException",
        message:
          "User: arn:aws:sts::000000000000:assumed-role/writer/tests is not authorized to perform: logs:FilterLogEvents on resource: " +
          `arn:aws:logs:eu-west-1:000000000000:log-group:${GROUP}:log-stream: because no identity-based policy allows the logs:FilterLogEvents action`,
      });
      assert.deepEqual(test.stage.permissions.roles.find(({ role }) => role.endsWith("::writer"))?.unused, []);
      logs.destroy();
    });
  });

  it("shows every line to whoever runs the stage", async () => {
    await withLogs(async (logs, { logged }) => {
      await put(logs, "delivery", ["one", "two\n  three\n"]);
      assert.deepEqual(logged, ["one", "two", "  three"]);
    });
  });

  it("is not opened with a log group whose key does not let it in", async () => {
    const encrypted = await render(() => {
      new aws.cloudwatch.LogGroup("secret", { kmsKeyId: "arn:aws:kms:eu-west-1:000000000000:key/1" });
    });
    await assert.rejects(
      withStage(encrypted, async () => undefined),
      {
        name: "StageError",
        message: /^LogGroup secret \(.*\): User: logs.amazonaws.com is not authorized to perform: kms:Encrypt/,
      },
    );
  });

  it("is not opened with a log group of a class that it does not run", async () => {
    const rare = await render(() => {
      new aws.cloudwatch.LogGroup("rare", { logGroupClass: "INFREQUENT_ACCESS" });
    });
    await assert.rejects(
      withStage(rare, async () => undefined),
      { name: "StageError", message: /^LogGroup rare .*STANDARD only/ },
    );
  });
});
