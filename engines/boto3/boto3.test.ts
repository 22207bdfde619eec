/**
 * The local stage, driven by boto3 as a stranger would: threads, paginators, waiters, exact decimals.
 * Does not prove anything about services that the script does not call.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openLocalWorld, type LocalEndpoint } from "../endpoints/local";
import { REGION } from "../endpoints/world";
import { runToEnd } from "../harness/child";
import { engineSetting } from "../harness/contract";

const EXPECTED: Readonly<Record<string, unknown>> = {
  "an object of 12 MiB goes up in parts, on several threads, and comes back whole": true,
  "a paginator lists every key once": [0, 1, 2, 3, 4, 5, 6].map((number) => `page/${number}`),
  "a waiter sees an object that is there": "seen",
  "a signed address is refused, for the stage reads signatures in headers only": 404,
  "a key that is not there": "error: NoSuchKey",
  "records come back from their shards in order": ["0", "1", "2", "3", "4"],
  "a table takes exact decimals and gives them back": [true, ["a", "b"], { deep: [true, null] }],
  "a table is queried with conditions that the client builds": [6, 8, 10, 12, 14],
  "a topic reaches a queue": ["an order"],
  "a state machine runs to its end": "SUCCEEDED",
  "an event is put": 0,
  "the caller is known": true,
  "a metric is put, in the protocol that this client prefers": "put",
};

describe("boto3 on the local stage", () => {
  let local: LocalEndpoint;
  let answers: Readonly<Record<string, unknown>>;

  before(async () => {
    local = await openLocalWorld();
    const { url, account, credentials } = local;
    const ended = await runToEnd(engineSetting("ENGINE_BOTO3_PYTHON"), [join(__dirname, "stranger.py"), url, account], {
      milliseconds: 120_000,
      env: {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_DEFAULT_REGION: REGION,
        AWS_MAX_ATTEMPTS: "1",
      },
    });
    assert.ok(ended.how === "done", JSON.stringify(ended));
    answers = JSON.parse(ended.stdout) as typeof answers;
  });
  after(() => local?.close());

  for (const [claim, expected] of Object.entries(EXPECTED)) it(claim, () => assert.deepEqual(answers[claim], expected));

  it("says nothing that nobody expects", () =>
    assert.deepEqual(Object.keys(answers).sort(), Object.keys(EXPECTED).sort()));
});
