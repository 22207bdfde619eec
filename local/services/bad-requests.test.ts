/**
 * What every operation of every service answers to requests that are wrong: an error of AWS's form, never a failure of
 * the stage. Does not prove which of two mistakes AWS names first, nor limits that lie behind the shape of an input.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Graph } from "../graph/graph";
import { renderLocal } from "../../test/journey";
import { signed, type PlainRequest } from "../../test/signed-request";
import { render, withStage, type ClientConfig, type TestStage } from "../../test/stage";
import { AwsError, type Service } from "./service";

type Protocol = "json" | "query" | "rest-json" | "rest-xml";

/** A request for something that no service does, in the form of a service's protocol. */
function unknownCall({ signingName, binding }: Service): { protocol: Protocol; request: PlainRequest } {
  const request: PlainRequest = { method: "POST", path: "/", headers: {}, body: "" };
  if (signingName === "s3") return { protocol: "rest-xml", request: { ...request, method: "GET" } };
  const probe = { ...request, query: new URLSearchParams(), rawQuery: "", remoteAddress: "127.0.0.1" };
  try {
    binding.read({ ...probe, body: Buffer.from("Action=FlyToTheMoon") });
  } catch (error) {
    const target = /^X-Amz-Target must be (\w+)\./.exec(String((error as Error).message))?.[1];
    if (target === undefined)
      return { protocol: "rest-json", request: { ...request, path: "/moon/flights", body: "{}" } };
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `${target}.FlyToTheMoon` };
    return { protocol: "json", request: { ...request, headers, body: "{}" } };
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { protocol: "query", request: { ...request, headers, body: "Action=FlyToTheMoon&Version=2010-03-31" } };
}

interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** @throws AssertionError when the answer has not the form in which the protocol tells errors */
async function readRefusal(response: Response, protocol: Protocol): Promise<Refusal> {
  const { status, headers } = response;
  const body = await response.text();
  if (protocol === "query" || protocol === "rest-xml") {
    const element = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(body)?.[1] ?? "";
    assert.match(headers.get("content-type") ?? "", /xml/);
    assert.ok(element("Message") !== "" && element("RequestId") !== "", body);
    return { status, code: element("Code") };
  }
  const told = JSON.parse(body) as { __type?: string; message?: string };
  assert.ok((told.message ?? "") !== "", body);
  assert.ok(headers.has("x-amzn-requestid"));
  if (protocol === "json") assert.equal(told.__type, headers.get("x-amzn-errortype"));
  return { status, code: headers.get("x-amzn-errortype") ?? "" };
}

const EXPECTED: Readonly<Record<Protocol, Readonly<Record<"unknown" | "signature" | "key", Refusal>>>> = {
  json: {
    unknown: { status: 400, code: "UnknownOperationException" },
    signature: { status: 400, code: "InvalidSignatureException" },
    key: { status: 400, code: "UnrecognizedClientException" },
  },
  query: {
    unknown: { status: 400, code: "InvalidAction" },
    signature: { status: 403, code: "SignatureDoesNotMatch" },
    key: { status: 403, code: "InvalidClientTokenId" },
  },
  "rest-json": {
    unknown: { status: 404, code: "UnknownOperationException" },
    signature: { status: 403, code: "InvalidSignatureException" },
    key: { status: 403, code: "UnrecognizedClientException" },
  },
  "rest-xml": {
    unknown: { status: 501, code: "NotImplemented" },
    signature: { status: 403, code: "SignatureDoesNotMatch" },
    key: { status: 403, code: "InvalidAccessKeyId" },
  },
};

describe("A request that is wrong", () => {
  let graph: Graph;
  before(async () => {
    graph = await render(() => undefined);
  });

  const servicesOf = ({ stage }: TestStage): readonly Service[] => stage.services;

  it("is answered in the words of the service's protocol, whatever the service", async () => {
    await withStage(graph, async (test) => {
      const config = test.client();
      const send = async (service: Service, as: ClientConfig): Promise<Refusal> => {
        const { protocol, request } = unknownCall(service);
        const asked = protocol === "rest-xml" ? { ...request, method: "PATCH", path: "/bucket/key" } : request;
        const { method, path, body } = asked;
        const headers = signed(asked, service.signingName, as);
        return readRefusal(
          await fetch(`${as.endpoint}${path}`, { method, headers, ...(body === "" ? {} : { body }) }),
          protocol,
        );
      };
      for (const service of servicesOf(test)) {
        const { protocol } = unknownCall(service);
        const wrongSecret = { ...config.credentials, secretAccessKey: "guessed" };
        const unknownKey = { ...config.credentials, accessKeyId: "AKIAXXXXXXXXXXXXXXXX" };
        const expected = EXPECTED[protocol];
        assert.deepEqual(await send(service, config), expected.unknown, service.signingName);
        assert.deepEqual(
          await send(service, { ...config, credentials: wrongSecret }),
          expected.signature,
          service.signingName,
        );
        assert.deepEqual(
          await send(service, { ...config, credentials: unknownKey }),
          expected.key,
          service.signingName,
        );
      }
    });
  });

  it("is refused when nobody has signed it", async () => {
    await withStage(graph, async (test) => {
      for (const service of servicesOf(test)) {
        const { protocol, request } = unknownCall(service);
        const [operation] = Object.keys(service.operations);
        if (operation === undefined || protocol.startsWith("rest")) continue;
        const { path, method } = request;
        const named = (text: string): string => text.replace("FlyToTheMoon", operation);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, named(value)]),
        );
        const response = await fetch(`${test.stage.url}${path}`, { method, headers, body: named(request.body) });
        const expected =
          protocol === "json"
            ? { status: 400, code: "MissingAuthenticationTokenException" }
            : { status: 403, code: "MissingAuthenticationToken" };
        assert.deepEqual(await readRefusal(response, protocol), expected, service.signingName);
      }
      const response = await fetch(`${test.stage.url}/`, { method: "POST", body: "Action" });
      assert.equal(response.status, 404, "what is no AWS call is none of the endpoint's");
    });
  });

  it("is refused when its body is no JSON", async () => {
    await withStage(graph, async (test) => {
      const config = test.client();
      for (const service of servicesOf(test)) {
        const { protocol, request } = unknownCall(service);
        if (protocol !== "json") continue;
        const broken = { ...request, body: `{"a":` };
        const headers = signed(broken, service.signingName, config);
        const response = await fetch(`${config.endpoint}/`, { method: "POST", headers, body: broken.body });
        assert.deepEqual(await readRefusal(response, protocol), { status: 400, code: "SerializationException" });
      }
    });
  });

  it("never makes the stage fail: whatever the input, an operation answers or refuses as AWS does", async function () {
    this.timeout(120_000);
    const platform = await renderLocal();
    const real = platform.resources.flatMap(({ outputs: { name, arn, bucket, url } }) => [name, arn, bucket, url]);
    await withStage(platform, async (test) => {
      const { stage } = test;
      const value = fc.constantFrom("*", "", "a", -1, 1e99, ...real.filter((each) => typeof each === "string"));
      const member = fc.constantFrom(...MEMBERS);
      const input = fc.oneof(
        { weight: 1, arbitrary: fc.jsonValue() },
        { weight: 6, arbitrary: fc.dictionary(member, fc.oneof(fc.jsonValue(), value), { minKeys: 1 }) },
      );
      for (const { signingName, operations } of servicesOf(test)) {
        for (const operation of Object.keys(operations)) {
          const attempt = async (wire: unknown): Promise<void> => {
            try {
              await stage.dispatch(stage.operator.principal, signingName, operation, wire);
            } catch (error) {
              const what = `${signingName}:${operation} of ${JSON.stringify(wire)}: ${(error as Error).stack}`;
              assert.ok(error instanceof AwsError, what);
              assert.match(error.code, /^[A-Z][\w.]+$/, what);
              assert.ok(error.message !== "" && (error.status < 500 || error.status === 501), what);
            }
          };
          for (const wire of [undefined, null, [], "text", 1, {}]) await attempt(wire);
          await fc.assert(fc.asyncProperty(input, attempt), { numRuns: 40, seed: 7 });
        }
      }
    });
  });

  it("is told by value, place and constraint, as AWS's models word it", async () => {
    await withStage(graph, async ({ stage }) => {
      const refusal = async (input: unknown): Promise<string> => {
        const call = stage.dispatch(stage.operator.principal, "kinesis", "PutRecords", input);
        return call.then(
          () => "",
          (error: AwsError) => `${error.code}: ${error.message}`,
        );
      };
      const record = { Data: "YQ==", PartitionKey: "k" };
      assert.equal(
        await refusal({ StreamName: "s" }),
        "ValidationException: 1 validation error detected: Value null at 'records' failed to satisfy constraint: Member must not be null",
      );
      assert.equal(
        await refusal({ StreamName: "s", Records: [record, { ...record, PartitionKey: "" }] }),
        "ValidationException: 1 validation error detected: Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
      );
      assert.equal(
        await refusal({ StreamName: "s", Records: [] }),
        "ValidationException: 1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
      );
      assert.equal(
        await refusal({ StreamName: "s", Records: [{ ...record, PartitionKey: 7 }] }),
        "SerializationException: 'records.1.member.partitionKey' must be of type string",
      );
    });
  });
});

/** Names that members of inputs have, so that random inputs get past the first look. */
const MEMBERS = [
  ...["StreamName", "StreamARN", "ShardId", "ShardIterator", "ShardIteratorType", "Data", "PartitionKey", "Records"],
  ...["TableName", "Key", "Item", "ConditionExpression", "ExpressionAttributeValues", "RequestItems", "TransactItems"],
  ...["Bucket", "Prefix", "Body", "Range", "UploadId", "PartNumber", "CopySource", "Delete", "Tagging"],
  ...["TopicArn", "Message", "QueueUrl", "MessageBody", "Entries", "ReceiptHandle", "Attributes"],
  ...["KeyId", "Plaintext", "CiphertextBlob", "KeySpec", "NumberOfBytes", "RoleArn", "RoleSessionName"],
  ...["FunctionName", "Payload", "InvocationType", "DeliveryStreamName", "Record", "logGroupName", "logEvents"],
  ...[
    "Namespace",
    "MetricData",
    "MetricName",
    "StartTime",
    "EndTime",
    "Period",
    "Rule",
    "EventBusName",
    "name",
    "input",
  ],
];
