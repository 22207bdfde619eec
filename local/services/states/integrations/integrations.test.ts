/**
 * What integrations ask of services and make of their answers and refusals, with a stand-in for the services.
 * Does not prove: that a service answers so; tasks.test.ts calls those of the stage.
 */
import assert from "node:assert/strict";
import { FACTS, START } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import { roleSession } from "../../../iam/principal";
import { AwsError } from "../../service";
import { Answers } from "../answers";
import type { ExecutionRecord } from "../execution-record";
import { Flow } from "../interpreter/flow";
import type { Json } from "../language/json";
import { StateFailure } from "../language/failure";
import { integrationOf } from "./catalog";
import { failureOf } from "./errors";
import type { IntegrationCall } from "./integration";
import { fromAnswer, toRequest } from "./members";
import { taskKindOf } from "./task-kind";

interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

const callWith = (work: Json, answers: readonly unknown[], asked: Asked[], clock: VirtualClock): IntegrationCall => ({
  work,
  session: roleSession("arn:aws:iam::000000000000:role/states", "m-"),
  executionArn: "arn:aws:states:eu-west-1:000000000000:execution:m:one",
  machineArn: "arn:aws:states:eu-west-1:000000000000:stateMachine:m",
  stage: {
    clock,
    facts: FACTS,
    dispatch: async (_, service, operation, input) => {
      asked.push({ operation: `${service}:${operation}`, input });
      return answers[asked.length - 1] ?? assert.fail(`nobody expected ${service}:${operation}`);
    },
  },
});

describe("A build as a task", () => {
  const { integration } = integrationOf("arn:aws:states:::codebuild:startBuild.sync");
  const build = (buildStatus: string): object => ({ id: "b:1", buildStatus, startTime: START / 1000 });
  const answersOf = (...statuses: string[]): object[] => [
    { build: build("IN_PROGRESS") },
    ...statuses.map((status) => ({ builds: [build(status)] })),
  ];
  const work = { ProjectName: "p", EnvironmentVariablesOverride: [{ Name: "A", Value: "1", Type: "PLAINTEXT" }] };

  const run = async (answers: readonly object[], asked: Asked[]): Promise<Json> => {
    const clock = new VirtualClock(START);
    const call = callWith(work, answers, asked, clock);
    const finished = Flow.begin(clock, new AbortController().signal, async (flow) => {
      const answer = await integration.request(call);
      return integration.job?.finish(answer, call, flow) ?? null;
    });
    finished.catch(() => undefined);
    await clock.advance(60_000);
    return finished;
  };

  it("is started in CodeBuild's style, looked at until it ends, and given as it ended", async () => {
    const asked: Asked[] = [];
    const output = await run(answersOf("IN_PROGRESS", "SUCCEEDED"), asked);
    const Build = { Id: "b:1", BuildStatus: "SUCCEEDED", StartTime: "2026-01-05T10:00:00.000Z" };
    assert.deepEqual(output, { Build });
    const look = { operation: "codebuild:BatchGetBuilds", input: { ids: ["b:1"] } };
    const environmentVariablesOverride = [{ name: "A", value: "1", type: "PLAINTEXT" }];
    const started = { operation: "codebuild:StartBuild", input: { projectName: "p", environmentVariablesOverride } };
    assert.deepEqual(asked, [started, look, look]);
  });

  for (const status of ["FAILED", "FAULT", "TIMED_OUT", "STOPPED"]) {
    it(`fails when it is ${status}, with the build as its cause`, () =>
      assert.rejects(run(answersOf(status), []), (error) => {
        assert.ok(error instanceof StateFailure);
        assert.equal(error.error, "States.TaskFailed");
        assert.match(error.cause ?? "", new RegExp(`"BuildStatus":"${status}"`));
        return true;
      }));
  }

  it("is stopped when nobody waits for it any more", async () => {
    const asked: Asked[] = [];
    const call = callWith(work, [{}], asked, new VirtualClock(START));
    await integration.job?.cancel({ Build: { Id: "b:1" } }, call);
    assert.deepEqual(asked, [{ operation: "codebuild:StopBuild", input: { id: "b:1" } }]);
  });
});

describe("Events as a task", () => {
  const { integration } = integrationOf("arn:aws:states:::events:putEvents");
  const work = { Entries: [{ Source: "shop", DetailType: "Sold", Detail: { n: 1 }, Resources: ["own"] }] };

  it("name the execution and the machine", async () => {
    const asked: Asked[] = [];
    const call = callWith(work, [{ FailedEntryCount: 0, Entries: [] }], asked, new VirtualClock(START));
    await integration.request(call);
    const Resources = ["own", call.executionArn, call.machineArn];
    const entry = { Source: "shop", DetailType: "Sold", Detail: '{"n":1}', Resources };
    assert.deepEqual(asked[0]?.input, { Entries: [entry] });
  });

  it("fail when one of them is not taken", () => {
    const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] };
    const call = callWith(work, [answer], [], new VirtualClock(START));
    return assert.rejects(integration.request(call), { error: "EventBridge.FailedEntry" });
  });
});

describe("A service's refusal", () => {
  const CASES: readonly (readonly [string, string])[] = [
    ["ChangeSetNotFound", "CloudFormation.ChangeSetNotFoundException"],
    ["AlreadyExistsException", "CloudFormation.AlreadyExistsException"],
    ["InvalidChangeSetStatus", "CloudFormation.InvalidChangeSetStatusException"],
    ["SomeFault", "CloudFormation.SomeException"],
    ["AWS.SimpleQueueService.NonExistentQueue", "CloudFormation.NonExistentQueueException"],
    ["ValidationError", "CloudFormation.CloudFormationException"],
    ["AccessDenied", "CloudFormation.CloudFormationException"],
    ["Throttling", "CloudFormation.CloudFormationException"],
  ];
  for (const [code, name] of CASES) {
    it(`${code} is ${name}`, () => {
      const failure = failureOf("CloudFormation", "CloudFormationException", new AwsError(code, "why"));
      assert.equal(failure.error, name);
      assert.match(failure.cause ?? "", /^why \(Service: CloudFormation, Status Code: 400, Request ID: /);
    });
  }
});

describe("A service that fails inside of the stage", () => {
  it("has refused by its general name, for Retry to know, and somebody is told", async () => {
    const said: string[] = [];
    const clock = new VirtualClock(START);
    const { session, executionArn, machineArn } = callWith({}, [], [], clock);
    const answers = new Answers({} as ExecutionRecord, { record: async () => undefined });
    const dispatch = (): Promise<never> => Promise.reject(new Error("out of order"));
    const stage = { clock, facts: FACTS, dispatch, say: (line: string) => said.push(line) };
    const owner = { executionArn, machineArn, session, answers };
    const kind = taskKindOf("arn:aws:states:::aws-sdk:s3:getObject", owner, stage);
    const rest = { branch: "", token: undefined, heartbeatSeconds: undefined, submitted: undefined };
    const onSubmitted = async (): Promise<void> => undefined;
    const performed = Flow.begin(clock, new AbortController().signal, (flow) =>
      kind.perform({ ...rest, work: {}, flow, onSubmitted }),
    );
    await assert.rejects(performed, { error: "S3.S3Exception" });
    assert.deepEqual(said, ["Error: out of order"]);
  });
});

describe("Members of requests and answers", () => {
  it("take the style of the service, but for the keys of maps", () => {
    const work = { JobId: "1", OutputVariables: { Own: "x" }, Nested: [{ InnerName: 1 }] };
    assert.deepEqual(toRequest(work, "camel"), {
      jobId: "1",
      outputVariables: { Own: "x" },
      nested: [{ innerName: 1 }],
    });
    assert.deepEqual(toRequest(work, "pascal"), work);
  });

  it("are texts in a form", () => {
    const work = { Flag: true, Count: 5, Text: "t", List: [1, { Inner: false }] };
    assert.deepEqual(toRequest(work, "form"), { Flag: "true", Count: "5", Text: "t", List: ["1", { Inner: "false" }] });
  });

  it("come in PascalCase, with times as ISO 8601 and bytes as text", () => {
    const answer = {
      startDate: START / 1000,
      count: START / 1000,
      lastModified: new Date(START),
      body: Buffer.from("text"),
      attributes: new Map([["Own", "x"]]),
      nothing: undefined,
      list: [{ innerName: null }, { toJSON: () => ({ writtenLate: 1 }) }],
    };
    assert.deepEqual(fromAnswer(answer), {
      StartDate: "2026-01-05T10:00:00.000Z",
      Count: START / 1000,
      LastModified: "2026-01-05T10:00:00.000Z",
      Body: "text",
      Attributes: { Own: "x" },
      List: [{ InnerName: null }, { WrittenLate: 1 }],
    });
  });
});
