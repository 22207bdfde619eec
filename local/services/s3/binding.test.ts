/**
 * How requests become calls and answers become documents, for what the SDK's client does not send by itself.
 * Does not prove: signatures (local/endpoint).
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Request } from "../../endpoint/http";
import { AwsError } from "../service";
import { s3Binding } from "./binding";
import { checksumOf } from "./checksum";
import { hiddenByMarker } from "./errors";
import { ROUTES } from "./wire/routes";

function request(line: string, headers: Record<string, string> = {}, body = ""): Request {
  const [method = "", url = ""] = line.split(" ");
  const [path = "", rawQuery = ""] = url.split("?");
  const query = new URLSearchParams(rawQuery);
  return { method, path, rawQuery, query, headers, body: Buffer.from(body), remoteAddress: "127.0.0.1" };
}

function read(line: string, headers: Record<string, string> = {}, body = ""): unknown {
  return s3Binding.read(request(line, headers, body));
}

function refusal(line: string, headers: Record<string, string> = {}, body = ""): string {
  try {
    read(line, headers, body);
  } catch (error) {
    return error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
  }
  return "none";
}

describe("S3's protocol", () => {
  it("reads bucket and key from the path, as they are encoded", () => {
    const key = (path: string) => (read(`GET ${path}`) as { input: { Key: string } }).input.Key;
    assert.equal(key("/b/a%2Fb%20c+d"), "a/b c+d");
    assert.equal(key("/b//a"), "/a");
    assert.equal(key("/b/../x"), "../x");
    assert.equal(key("/b/a?versionId=1"), "a");
    assert.match(refusal("GET /b/%E0%A4%A"), /^InvalidURI/);
    assert.match(refusal("GET /b/%FF"), /^InvalidURI/);
  });

  it("refuses what it would otherwise ignore", () => {
    assert.match(refusal("GET /b/x?acl"), /^NotImplemented: .*the parameter acl of GetObject/);
    assert.match(refusal("GET /b?cors"), /^NotImplemented: .*GET of a bucket with cors/);
    assert.match(refusal("GET /b"), /^NotImplemented/);
    assert.match(refusal("GET /b?list-type=1"), /^InvalidArgument/);
    assert.match(refusal("PUT /b"), /^NotImplemented/);
    assert.match(refusal("PUT /b/x", { "x-amz-grant-read": "x" }), /^NotImplemented: .*x-amz-grant-read/);
    assert.match(refusal("PUT /b/x", { "x-amz-website-redirect-location": "/" }), /^NotImplemented/);
    assert.match(refusal("PATCH /b/x"), /^NotImplemented/);
  });

  it("lets a presigned URL and headers about the connection pass", () => {
    const presigned =
      "X-Amz-Algorithm=A&X-Amz-Credential=c&X-Amz-Date=d&X-Amz-Expires=9&X-Amz-SignedHeaders=host&X-Amz-Signature=s";
    const headers = {
      "content-type": "text/plain",
      "cache-control": "no-cache",
      "user-agent": "curl",
      range: "bytes=0-1",
    };
    assert.deepEqual(read(`GET /b/x?${presigned}&x-id=GetObject`, headers), {
      operation: "GetObject",
      input: { Bucket: "b", Key: "x", Range: "bytes=0-1" },
    });
  });

  it("takes the headers that a presigned URL carries as parameters", () => {
    const line = "PUT /b/x?X-Amz-Signature=s&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&x-amz-meta-a=b&x-amz-tagging=c%3Dd";
    assert.deepEqual(read(line, {}, "hello"), {
      operation: "PutObject",
      input: { Bucket: "b", Key: "x", Metadata: { a: "b" }, Tagging: "c=d", Body: Buffer.from("hello") },
    });
    assert.match(refusal("PUT /b/x?x-amz-checksum-crc32=AAAAAA%3D%3D", {}, "hello"), /^BadDigest/);
    assert.match(refusal("PUT /b/x?x-amz-grant-read=x"), /^NotImplemented/);
  });

  it("proves the body by its hash, and chunks by what stands behind them", () => {
    const hash = createHash("sha256").update("hello").digest("hex");
    assert.equal(refusal("PUT /b/x", { "x-amz-content-sha256": hash }, "hello"), "none");
    assert.match(refusal("PUT /b/x", { "x-amz-content-sha256": hash }, "hell0"), /^XAmzContentSHA256Mismatch/);

    const streamed = {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
      "x-amz-trailer": "x-amz-checksum-crc32c",
      "content-encoding": "aws-chunked,gzip",
    };
    const body = (trailer: string) =>
      `5;chunk-signature=${"0".repeat(64)}\r\nhello\r\n0;chunk-signature=${"0".repeat(64)}\r\n${trailer}\r\n`;
    const good = checksumOf("CRC32C", Buffer.from("hello"));
    assert.deepEqual(read("PUT /b/x", streamed, body(`x-amz-checksum-crc32c:${good}\r\n`)), {
      operation: "PutObject",
      input: { Bucket: "b", Key: "x", ContentEncoding: "gzip", Body: Buffer.from("hello"), ChecksumCRC32C: good },
    });
    assert.match(refusal("PUT /b/x", streamed, body("x-amz-checksum-crc32c:AAAAAA==\r\n")), /^BadDigest/);
    assert.match(refusal("PUT /b/x", streamed, body("")), /^MalformedTrailerError/);
    const unannounced = { ...streamed, "x-amz-decoded-content-length": "five" };
    assert.match(refusal("PUT /b/x", unannounced, body("")), /^InvalidArgument/);
  });

  it("takes entity headers for what makes an object only", () => {
    const headers = { "content-type": "text/plain" };
    const input = (line: string, more = {}) => (read(line, { ...headers, ...more }) as { input: object }).input;
    assert.deepEqual(input("POST /b/x?uploads=", { "x-amz-meta-a": "b" }), {
      Bucket: "b",
      Key: "x",
      ContentType: "text/plain",
      Metadata: { a: "b" },
    });
    assert.deepEqual(input("DELETE /b/x?uploadId=u"), { Bucket: "b", Key: "x", UploadId: "u" });
    assert.match(refusal("GET /b/x", { "x-amz-meta-a": "b" }), /^NotImplemented: .*x-amz-meta-a/);
  });

  it("gives a checksum of the finished object to who completes it, and verifies one of the document", () => {
    const document =
      "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>";
    const { input } = read("POST /b/x?uploadId=u", { "x-amz-checksum-crc32": "AAAAAA==" }, document) as {
      input: object;
    };
    assert.equal((input as { ChecksumCRC32?: string }).ChecksumCRC32, "AAAAAA==");
    const deletion = "<Delete><Object><Key>k</Key></Object></Delete>";
    assert.match(refusal("POST /b?delete", { "x-amz-checksum-crc32": "AAAAAA==" }, deletion), /^BadDigest/);
  });

  it("writes refusals as documents, with S3's own codes, and nothing beside 304", () => {
    const { status, headers, body } = s3Binding.fail(hiddenByMarker("a<b", "m1"), "request-1");
    assert.equal(status, 404);
    assert.equal(headers["x-amz-delete-marker"], "true");
    assert.match(
      String(body),
      /\?>\n<Error><Code>NoSuchKey<\/Code>.*<Key>a&lt;b<\/Key><RequestId>request-1<\/RequestId><\/Error>$/,
    );
    const unknown = s3Binding.fail(new AwsError("UnrecognizedClientException", "-", 403), "r");
    assert.match(String(unknown.body), /<Code>InvalidAccessKeyId</);
    assert.equal(s3Binding.fail(new AwsError("NotModified", "-", 304), "r").body, "");
  });

  it("names each operation in one place", () => {
    const names = ROUTES.map(({ operation }) => operation);
    assert.equal(new Set(names).size, names.length);
  });
});
