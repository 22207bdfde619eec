/** One request on its way through an API, and what templates, gateway responses and access logs see of it: `$context`. */
import { randomUUID } from "node:crypto";
import type { Request } from "../../endpoint/http";
import type { AccountFacts } from "../model";
import type { GatewayFailure } from "./gateway-failure";
import { readQuery } from "./query";
import { HostObject, type Value } from "./velocity/value";

/** Where an API runs. */
export interface StagePlace {
  readonly facts: AccountFacts;
  readonly apiId: string;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** What a request's method and path led to. */
export interface Destination {
  readonly resourceId: string;
  /** The path as declared: `/pets/{id}`. */
  readonly resourcePath: string;
  readonly pathParameters: ReadonlyMap<string, string>;
}

/** How a request ended, for those who report it. */
export interface Ending {
  readonly status: number;
  readonly length: number;
  /** Milliseconds. */
  readonly latency: number;
}

export class Exchange extends HostObject {
  readonly title = "$context";
  readonly requestId: string = randomUUID();
  destination: Destination | undefined;
  /** Why API Gateway itself refused the request. */
  failure: GatewayFailure | undefined;
  ending: Ending | undefined;
  integration: { readonly status: number; readonly latency: number } | undefined;
  #query: ReadonlyMap<string, readonly string[]> | undefined;
  #params: Params | undefined;
  #identity: Map<string, Value> | undefined;
  #responseOverride: Map<string, Value> | undefined;

  constructor(
    readonly request: Request,
    readonly place: StagePlace,
    /** Milliseconds since the epoch. */
    readonly startedAt: number,
  ) {
    super();
  }

  /** Values by name, in the order sent. */
  get query(): ReadonlyMap<string, readonly string[]> {
    return (this.#query ??= readQuery(this.request.rawQuery));
  }

  /** `$input.params()`. */
  get params(): Params {
    return (this.#params ??= {
      path: new Map(this.destination?.pathParameters ?? []),
      querystring: new Map([...this.query].map(([name, values]) => [name, values.at(-1) ?? ""])),
      header: HeaderMap.of(this.request.headers),
    });
  }

  /** What a response template sets: `status`, and headers in `header`. */
  get responseOverride(): Map<string, Value> {
    return (this.#responseOverride ??= new Map<string, Value>([["header", new Map<string, Value>()]]));
  }

  get sourceIp(): string {
    return this.request.remoteAddress.replace(/^::ffff:/, "");
  }

  get userAgent(): string | undefined {
    return this.request.headers["user-agent"];
  }

  /** The host that the client asked for. */
  get domainName(): string {
    return (this.request.headers["host"] ?? "").replace(/:\d*$/, "");
  }

  /** `05/Jan/2026:10:00:00 +0000`, as web servers log it. */
  get requestTime(): string {
    const [, day, month, year, time] =
      /^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/.exec(new Date(this.startedAt).toUTCString()) ?? [];
    return `${day}/${month}/${year}:${time} +0000`;
  }

  get extendedRequestId(): string {
    return `${Buffer.from(this.requestId.replaceAll("-", ""), "hex").subarray(0, 11).toString("base64")}`;
  }

  property(name: string): Value {
    switch (name) {
      case "accountId":
        return this.place.facts.account;
      case "apiId":
        return this.place.apiId;
      case "deploymentId":
        return this.place.deploymentId;
      case "domainName":
        return this.domainName;
      case "domainPrefix":
        return this.domainName.split(".")[0] ?? "";
      case "error":
        return this.failure?.variables ?? null;
      case "extendedRequestId":
        return this.extendedRequestId;
      case "httpMethod":
        return this.request.method;
      case "identity":
        return (this.#identity ??= new Map<string, Value>([
          ["sourceIp", this.sourceIp],
          ["userAgent", this.userAgent ?? null],
        ]));
      case "integrationLatency":
        return this.integration?.latency ?? null;
      case "integrationStatus":
        return this.integration?.status ?? null;
      case "path":
        return this.request.path;
      case "protocol":
        return "HTTP/1.1";
      case "requestId":
        return this.requestId;
      case "requestTime":
        return this.requestTime;
      case "requestTimeEpoch":
        return this.startedAt;
      case "resourceId":
        return this.destination?.resourceId ?? null;
      case "resourcePath":
        return this.destination?.resourcePath ?? null;
      case "responseLatency":
        return this.ending?.latency ?? null;
      case "responseLength":
        return this.ending?.length ?? null;
      case "responseOverride":
        return this.responseOverride;
      case "stage":
        return this.place.stageName;
      case "status":
        return this.ending?.status ?? null;
      default:
        return null;
    }
  }

  call(name: string): Value {
    return this.refuseCall(name);
  }
}

/** The names under which `$context` holds something, for formats that may name no other. */
export const CONTEXT_NAMES = [
  ...["accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "error.message", "error.messageString"],
  ...["error.responseType", "extendedRequestId", "httpMethod", "identity.sourceIp", "identity.userAgent"],
  ...["integrationLatency", "integrationStatus", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch"],
  ...["resourceId", "resourcePath", "responseLatency", "responseLength", "stage", "status"],
] as const;

export interface Params {
  readonly path: Map<string, Value>;
  readonly querystring: Map<string, Value>;
  readonly header: Map<string, Value>;
}

/** Header names know no case; the names listed are as the endpoint has them, in lower case. */
class HeaderMap extends Map<string, Value> {
  static of(headers: Request["headers"]): HeaderMap {
    const map = new HeaderMap();
    for (const name in headers) {
      const value: unknown = headers[name];
      // HTTP/2 writes its request line among the headers; only Set-Cookie, which no request has, is no text.
      if (typeof value === "string" && !name.startsWith(":")) map.set(name, value);
    }
    return map;
  }

  override get(name: string): Value | undefined {
    return super.get(name) ?? super.get(name.toLowerCase());
  }

  override has(name: string): boolean {
    return super.has(name) || super.has(name.toLowerCase());
  }
}
