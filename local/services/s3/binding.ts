/**
 * S3's REST protocol: the operation in method, path and parameters, members in headers, parameters and bodies, documents
 * in XML. Buckets stand in the path, as clients put them for an endpoint that is an address.
 */
import type { Reply, Request } from "../../endpoint/http";
import { AwsError, type Binding } from "../service";
import { invalidArgument, notImplemented, S3Error } from "./errors";
import {
  AMZ_PREFIX,
  ANSWER_AMZ_HEADERS,
  ANSWER_HEADERS,
  HEADERS,
  HEADERS_OF_NEW_OBJECT,
  METADATA_PREFIX,
  PARAMETERS,
  TRANSPORT_HEADERS,
} from "./wire/members";
import { readPayload } from "./wire/payload";
import { ROUTE_OF, ROUTES, type Answer, type Route } from "./wire/routes";
import { readXml, writeXml } from "./wire/xml";

type Members = Record<string, unknown>;

export const s3Binding: Binding = {
  read(sent) {
    const request = withHeadersFromQuery(sent);
    const target = readTarget(request.path);
    const route = findRoute(request, target.on);
    const input = {
      ...target.names,
      ...readHeaders(request, route),
      ...readParameters(request, route),
      ...readBody(request, route),
    };
    return { operation: route.operation, input };
  },

  reply(operation, output, requestId) {
    const route = ROUTE_OF.get(operation);
    if (route === undefined) throw notImplemented(operation);
    const members = (output ?? {}) as Members;
    const status = route.status ?? (members["ContentRange"] !== undefined && route.method === "GET" ? 206 : 200);
    return { status, ...writeAnswer(route.answer, members, { "x-amz-request-id": requestId }) };
  },

  fail(error, requestId) {
    const headers = { "x-amz-request-id": requestId, ...(error instanceof S3Error ? error.headers : {}) };
    if (error.status === 304) return { status: 304, headers, body: "" };
    const { message, members } = error;
    const described = { Code: CODES[error.code] ?? error.code, Message: message, ...members, RequestId: requestId };
    return xmlReply(error.status, headers, "Error", described);
  },
};

/** What S3 calls errors that every service knows under another name. */
const CODES: Readonly<Record<string, string>> = {
  ExpiredTokenException: "ExpiredToken",
  InternalFailure: "InternalError",
  InvalidClientTokenId: "InvalidToken",
  UnknownOperationException: "NotImplemented",
  UnrecognizedClientException: "InvalidAccessKeyId",
  ValidationException: "InvalidArgument",
};

/** `/bucket/any/key`: slashes behind the second are part of the key. */
function readTarget(path: string): { on: Route["on"]; names: Members } {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  if (bucket === "") return { on: "account", names: {} };
  if (key === "") return { on: "bucket", names: { Bucket: decode(bucket) } };
  return { on: "object", names: { Bucket: decode(bucket), Key: decode(key) } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** A presigned URL carries S3's own headers as parameters. */
function withHeadersFromQuery(request: Request): Request {
  const carried = [...request.query].filter(([name]) => isHeader(name));
  if (carried.length === 0) return request;
  const headers = Object.fromEntries(carried.map(([name, value]) => [name.toLowerCase(), value]));
  return { ...request, headers: { ...headers, ...request.headers } };
}

function isHeader(parameter: string): boolean {
  return parameter.toLowerCase().startsWith(AMZ_PREFIX);
}

function findRoute({ method, query, headers }: Request, on: Route["on"]): Route {
  const route = ROUTES.find(
    (each) =>
      each.on === on &&
      each.method === method &&
      (each.parameter === undefined || query.has(each.parameter)) &&
      (each.header === undefined || headers[each.header] !== undefined),
  );
  if (route !== undefined) return route;
  const parameters = [...query.keys()].filter((name) => !isHeader(name));
  const asked = parameters.length === 0 ? "" : ` with ${parameters.join(", ")}`;
  throw notImplemented(`${method} of ${on === "bucket" ? "a bucket" : `an ${on}`}${asked}`);
}

function readHeaders({ headers }: Request, { describes }: Route): Members {
  const known = describes ? HEADERS_OF_NEW_OBJECT : HEADERS;
  const members: Members = {};
  const metadata: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const member = known.get(name);
    if (value === undefined) continue;
    if (member !== undefined) members[member] = value;
    else if (describes && name.startsWith(METADATA_PREFIX)) metadata[name.slice(METADATA_PREFIX.length)] = value;
    else if (name.startsWith(AMZ_PREFIX) && !TRANSPORT_HEADERS.has(name)) throw notImplemented(`the header ${name}`);
  }
  return withoutChunking(Object.keys(metadata).length === 0 ? members : { ...members, Metadata: metadata });
}

/** `aws-chunked` is how the bytes travelled; what else the content is encoded with is the object's. */
function withoutChunking(members: Members): Members {
  const { ContentEncoding, ...others } = members;
  if (typeof ContentEncoding !== "string") return members;
  const kept = ContentEncoding.split(",").map((coding) => coding.trim());
  const codings = kept.filter((coding) => coding !== "aws-chunked" && coding !== "").join(",");
  return codings === "" ? others : { ...others, ContentEncoding: codings };
}

function readParameters({ query }: Request, route: Route): Members {
  const members: Members = {};
  for (const [name, value] of query) {
    const member = PARAMETERS.get(name);
    if (member !== undefined) members[member] = value;
    else if (name !== route.parameter && !PARAMETERS.has(name) && !isHeader(name)) {
      throw notImplemented(`the parameter ${name} of ${route.operation}`);
    }
  }
  if (query.get("list-type") !== null && query.get("list-type") !== "2") {
    throw invalidArgument("list-type", query.get("list-type") ?? "", "2");
  }
  return members;
}

function readBody(request: Request, { body, checksumsObject }: Route): Members {
  if (body === undefined) return {};
  const { content, checksums } = readPayload(request, checksumsObject === true);
  if (body === "content") return { Body: content, ...checksums };
  const document = { [body.member]: body.read(readXml(content.toString("utf8"))) };
  return checksumsObject ? { ...document, ...checksums } : document;
}

function writeAnswer(
  answer: Answer | undefined,
  members: Members,
  common: Readonly<Record<string, string>>,
): Omit<Reply, "status"> {
  const headers = { ...common };
  const rest: Members = {};
  const inDocument = answer?.kind === "xml" && answer.member === undefined;
  for (const name in members) {
    const value = members[name];
    if (value === undefined) continue;
    const plain = inDocument && !answer.headers?.includes(name) ? undefined : ANSWER_HEADERS.get(name);
    const header = ANSWER_AMZ_HEADERS.get(name) ?? plain;
    if (header === undefined) rest[name] = value;
    else headers[header] = headerOf(value);
  }
  for (const [name, value] of Object.entries((rest["Metadata"] ?? {}) as Record<string, string>)) {
    headers[`${METADATA_PREFIX}${name}`] = value;
  }
  switch (answer?.kind) {
    case undefined:
      return { headers, body: "" };
    case "content":
      return { headers: { "content-type": "binary/octet-stream", ...headers }, body: rest["Body"] as Buffer };
    case "text":
      return { headers: { "content-type": "application/json", ...headers }, body: String(rest[answer.member]) };
    case "xml":
      return xmlBody(headers, answer.root, answer.member === undefined ? rest : rest[answer.member]);
  }
}

function headerOf(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}

function xmlReply(status: number, headers: Record<string, string>, root: string, value: unknown): Reply {
  return { status, ...xmlBody(headers, root, value) };
}

function xmlBody(headers: Record<string, string>, root: string, value: unknown): Omit<Reply, "status"> {
  return { headers: { ...headers, "content-type": "application/xml" }, body: writeXml(root, value) };
}
