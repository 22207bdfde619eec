/**
 * The ways in, under the monitor. That the templates hold against hostile input is executed in local/services/apigateway;
 * whether AWS accepts the arguments is not proven here.
 */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { at, census, foundation, policyOf } from "../../test/foundation";
import { render } from "../../test/stage";
import type { Graph } from "../../local/graph/graph";
import { EventStream } from "../store/event-stream";
import { LakeBucket } from "../store/lake-bucket";
import { BeaconApi, planBeaconApi, type BeaconApiArgs } from "./beacon-api";
import { DataGenerator, planDataGenerator } from "./data-generator";
import { ExternalProducer, planExternalProducer } from "./external-producer";
import { planRawArchive, RawArchive } from "./raw-archive";
import { RequestFirewall } from "./request-firewall";

const limits = { rateLimit: 100, burstLimit: 200 };

const renderApi = (args: Partial<BeaconApiArgs> = {}): Promise<Graph> =>
  render(() => {
    const on = foundation();
    new BeaconApi("beacons", { on, stream: new EventStream("input", { on, capacity: 1 }), ...limits, ...args });
  });

describe("The beacon API", () => {
  it("hands GET /beacon to PutRecord of its stream, as a role that may do just that", async () => {
    const graph = await renderApi();
    const integration = graph.only("aws:apigateway/integration:Integration", ({ inputs }) => inputs["type"] === "AWS");
    assert.equal(integration.inputs["uri"], "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord");
    assert.equal(integration.inputs["passthroughBehavior"], "NEVER");
    assert.equal(
      integration.inputs["credentials"],
      graph.only("aws:iam/role:Role", ({ name }) => name === "beacons").outputs["arn"],
    );
    assert.deepEqual(policyOf(graph, "beacons")["WriteinputStream"]?.Action, ["kinesis:PutRecord"]);
    const stream = String(graph.only("aws:kinesis/stream:Stream").outputs["name"]);
    assert.match(String(at(integration, "requestTemplates.application/json")), new RegExp(`"StreamName":"${stream}"`));
  });

  it("asks for browseraction before it does anything", async () => {
    const graph = await renderApi();
    const method = graph.only("aws:apigateway/method:Method", ({ inputs }) => inputs["httpMethod"] === "GET");
    assert.deepEqual(method.inputs["requestParameters"], {
      "method.request.querystring.browseraction": true,
      "method.request.querystring.id": false,
    });
    assert.equal(
      method.inputs["requestValidatorId"],
      graph.only("aws:apigateway/requestValidator:RequestValidator").id,
    );
  });

  it("is throttled, logs no query and no body, and needs no credentials", async () => {
    const graph = await renderApi({ allowedOrigin: "https://www.example.com" });
    const settings = graph.only("aws:apigateway/methodSettings:MethodSettings");
    assert.equal(at(settings, "settings.throttlingRateLimit"), 100);
    assert.equal(at(settings, "settings.dataTraceEnabled"), false);
    const format = String(at(graph.only("aws:apigateway/stage:Stage"), "accessLogSettings.format"));
    assert.doesNotMatch(format, /query|body|\$input|identity\.user/i);
    const origins = graph
      .ofType("aws:apigateway/integrationResponse:IntegrationResponse")
      .map(
        ({ inputs }) =>
          (inputs["responseParameters"] as Record<string, string>)[
            "method.response.header.Access-Control-Allow-Origin"
          ],
      );
    assert.deepEqual([...new Set(origins)], ["'https://www.example.com'"]);
    const headers = graph
      .ofType("aws:apigateway/integrationResponse:IntegrationResponse")
      .flatMap(({ inputs }) => Object.keys(inputs["responseParameters"] ?? {}));
    assert.ok(!headers.some((header) => /credentials/i.test(header)));
  });

  it("is deployed anew when a template changes, and only then", async () => {
    const digest = async (args: Partial<BeaconApiArgs>): Promise<unknown> =>
      at((await renderApi(args)).only("aws:apigateway/deployment:Deployment"), "triggers.definition");
    assert.equal(await digest({}), await digest({ rateLimit: 7 }));
    assert.notEqual(await digest({}), await digest({ allowedOrigin: "https://www.example.com" }));
  });

  it("stands behind a firewall only where one is asked for", async () => {
    assert.equal(census(await renderApi())["aws:wafv2/webAcl:WebAcl"], undefined);
    const acl = (await renderApi({ requestsPerAddress: 1000 })).only("aws:wafv2/webAcl:WebAcl");
    assert.equal(at(acl, "rules.0.statement.rateBasedStatement.limit"), 1000);
  });

  it("is refused with every problem at once", async () => {
    assert.throws(() => planBeaconApi("beacons", { rateLimit: 0, burstLimit: 0, allowedOrigin: "example.com/path" }), {
      message:
        "BeaconApi beacons: rateLimit must be at least 1 request per second, got 0; burstLimit must be at least 1 request, got 0; " +
        'allowedOrigin must be "*" or an origin such as https://www.example.com, got "example.com/path"',
    });
    await assert.rejects(
      render(() => new RequestFirewall("x", { target: "arn", requestsPerAddress: 5 })),
      /RequestFirewall x: requestsPerAddress must be 10\.\.2000000000, got 5/,
    );
  });
});

describe("The raw archive", () => {
  it("writes what the stream carries as gzip lines by hour of arrival, and failures apart", async () => {
    const graph = await render(() => {
      const on = foundation();
      new RawArchive("archive", {
        on,
        source: new EventStream("input", { on, capacity: 1 }),
        bucket: new LakeBucket("raw", { on }),
      });
    });
    const delivery = graph.only("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream");
    const s3 = at(delivery, "extendedS3Configuration") as Record<string, unknown>;
    assert.equal(
      s3["prefix"],
      "beacons/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
    );
    assert.equal(
      s3["errorOutputPrefix"],
      "failed/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
    );
    assert.deepEqual([s3["bufferingInterval"], s3["bufferingSize"], s3["compressionFormat"]], [60, 50, "GZIP"]);
    const policy = policyOf(graph, "archive");
    const arn = String(graph.only("aws:s3/bucket:Bucket").outputs["arn"]);
    assert.deepEqual(policy["WriterawBucketbeacons"]?.Resource, [`${arn}/beacons/*`]);
    assert.deepEqual(policy["WriterawBucketfailed"]?.Resource, [`${arn}/failed/*`]);
    assert.ok(Object.values(policy).every(({ Action }) => !Action.includes("s3:DeleteObject")));
  });

  it("is refused outside what Firehose buffers", () => {
    assert.throws(() => planRawArchive("archive", { interval: "30 seconds", size: "200 MiB" }), {
      message:
        'RawArchive archive: interval must be "60 seconds".."900 seconds", got "30 seconds"; size must be "1 MiB".."128 MiB", got "200 MiB"',
    });
  });
});

describe("A producer outside AWS", () => {
  const renderProducer = (user: boolean): Promise<Graph> =>
    render(() => {
      const on = foundation();
      new ExternalProducer("producer", {
        on,
        stream: new EventStream("input", { on, capacity: 1 }),
        externalId: "partner-42",
        user,
      });
    });

  it("may put on one stream and nothing else, and presents its external id", async () => {
    const graph = await renderProducer(false);
    const policy = policyOf(graph, "producer");
    assert.deepEqual(Object.keys(policy).sort(), ["KeyThroughKinesis", "WriteinputStream"]);
    assert.deepEqual(policy["WriteinputStream"]?.Action, ["kinesis:PutRecord", "kinesis:PutRecords"]);
    assert.match(String(graph.only("aws:iam/role:Role").inputs["assumeRolePolicy"]), /"sts:ExternalId":"partner-42"/);
    assert.equal(census(graph)["aws:iam/user:User"], undefined);
  });

  it("gets a user with a secret key only where that is asked for", async () => {
    const graph = await renderProducer(true);
    assert.deepEqual(Object.keys(policyOf(graph, "producer", "aws:iam/userPolicy:UserPolicy")).sort(), [
      "KeyThroughKinesis",
      "WriteinputStream",
    ]);
    assert.equal(census(graph)["aws:iam/accessKey:AccessKey"], 1);
  });

  it("is refused with an id or account that IAM would refuse", () => {
    assert.throws(
      () => planExternalProducer("producer", { account: "42", externalId: "a b" }),
      /account must be twelve digits, got "42"; externalId must be 2\.\.1224 of the characters/,
    );
  });
});

describe("The data generator", () => {
  it("signs one user in, who may put on this stage's stream, and keeps the password secret", async () => {
    const graph = await render(() => {
      const on = foundation();
      const access = [new EventStream("input", { on, capacity: 1 }).canWrite("sends sample records")];
      new DataGenerator("generator", {
        on,
        access,
        userName: "generator",
        password: pulumi.secret("Sample-traffic-1"),
      });
    });
    const user = graph.only("aws:cognito/user:User");
    assert.deepEqual(user.secrets, ["password"]);
    assert.equal(at(graph.only("aws:cognito/identityPool:IdentityPool"), "allowUnauthenticatedIdentities"), false);
    const policy = policyOf(graph, "generator");
    assert.deepEqual(Object.keys(policy).sort(), ["KeyThroughKinesis", "ListStreams", "WriteinputStream"]);
    assert.deepEqual(policy["ListStreams"], {
      Sid: "ListStreams",
      Effect: "Allow",
      Action: ["kinesis:ListStreams"],
      Resource: ["*"],
    });
    assert.match(
      String(graph.only("clickstream:ingest:DataGenerator").outputs["url"]),
      /producer\.html\?upid=.+&ipid=.+&cid=.+&r=eu-west-1$/,
    );
  });

  it("is refused with a name nobody can sign in with", () => {
    assert.throws(
      () => planDataGenerator("generator", { userName: "two words" }),
      /userName must be 1\.\.128 characters without spaces, got "two words"/,
    );
  });
});
