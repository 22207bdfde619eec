/**
 * The stage's one port on loopback. It takes HTTP/1.1 and clear-text HTTP/2 alike (the Kinesis client of the AWS SDK
 * speaks the latter by default), tells signed AWS calls from web requests, and hands over whole requests.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { StageError } from "../diagnostics";
import type { Reply, Request } from "./http";

/** Answers one request; never rejects. */
export type RequestHandler = (request: Request) => Promise<Reply>;

/** Largest request body: S3 objects come whole. */
const LARGEST_BODY = 256 * 2 ** 20;

/** Every HTTP/2 connection begins with this line (RFC 9113, section 3.4). */
const HTTP2_PREFACE = Buffer.from("PRI * HTTP/2.0");

export class EndpointServer {
  readonly #handler: RequestHandler;
  readonly #sockets = new Set<Socket>();
  readonly #http1 = createHttpServer((message, response) => void this.#serve(message, response));
  readonly #http2 = createHttp2Server((message, response) => void this.#serve(message, response));
  // A client may end its side once it has asked, and is answered all the same.
  readonly #front: Server = createServer({ allowHalfOpen: true }, (socket) => this.#sniff(socket));

  constructor(handler: RequestHandler) {
    this.#handler = handler;
    this.#http1.keepAliveTimeout = 65_000;
    this.#http1.requestTimeout = 60_000;
  }

  /**
   * Listens on 127.0.0.1.
   * @param port 0 for any free port
   * @returns the port
   * @throws StageError when the port is taken or not allowed
   */
  async listen(port: number): Promise<number> {
    await listenOn(this.#http2, 0);
    await listenOn(this.#front, port);
    return (this.#front.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const servers = [this.#front, this.#http2].filter((server) => server.listening);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.#sockets.forEach((socket) => socket.destroy());
    await Promise.all(closed);
  }

  #sniff(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    socket.once("data", (first) => {
      socket.pause();
      if (first.subarray(0, HTTP2_PREFACE.length).equals(HTTP2_PREFACE)) {
        // An HTTP/2 session reads its socket below the stream, where bytes put back are not seen: give it a fresh one.
        const inner = connect((this.#http2.address() as AddressInfo).port, "127.0.0.1");
        inner.setNoDelay(true);
        inner.on("error", () => socket.destroy());
        inner.on("close", () => socket.destroy());
        socket.on("close", () => inner.destroy());
        inner.write(first);
        socket.pipe(inner).pipe(socket);
        return;
      }
      socket.unshift(first);
      this.#http1.emit("connection", socket);
      socket.resume();
    });
  }

  async #serve(
    message: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void> {
    const body = await readBody(message);
    if (body === undefined) {
      response.statusCode = 413;
      response.end();
      return;
    }
    const { status, headers, body: content, stream } = await this.#handler(readRequest(message, body));
    if (stream !== undefined) {
      (response as ServerResponse).writeHead(status, headers as OutgoingHttpHeaders);
      // Whoever listens to a stream leaves when it likes: that is no error.
      pipeline(stream, response as ServerResponse, () => undefined);
      return;
    }
    const length = typeof content === "string" ? Buffer.byteLength(content) : content.length;
    const own = status === 204 || headers["content-length"] !== undefined ? {} : { "content-length": length };
    (response as ServerResponse).writeHead(status, { ...headers, ...own } as OutgoingHttpHeaders);
    (response as ServerResponse).end(message.method === "HEAD" ? undefined : content);
  }
}

/**
 * Listens for a moment, so that a taken port is known before much is done for a stage that could not use it.
 * @throws StageError as {@link EndpointServer.listen}
 */
export async function tryPort(port: number): Promise<void> {
  const server = createServer();
  await listenOn(server, port);
  await new Promise((resolve) => server.close(resolve));
}

function listenOn(
  server: {
    listen(port: number, host: string, done: () => void): unknown;
    once(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
    removeAllListeners(event: string): unknown;
  },
  port: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const reason =
        error.code === "EADDRINUSE"
          ? `port ${port} is in use: stop what listens there, or choose another with --port (0 for any free one)`
          : `cannot listen on 127.0.0.1:${port}: ${error.message}`;
      reject(new StageError(reason));
    });
    server.listen(port, "127.0.0.1", () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

/** The whole body, or nothing when it is too large or the client went away. */
function readBody(message: IncomingMessage | Http2ServerRequest): Promise<Buffer | undefined> {
  if (message.method === "GET" || message.method === "HEAD") {
    message.resume();
    return Promise.resolve(Buffer.alloc(0));
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
    });
    message.on("end", () => {
      if (size > LARGEST_BODY) resolve(undefined);
      else resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
    message.on("error", () => resolve(undefined));
  });
}

function readRequest(message: IncomingMessage | Http2ServerRequest, body: Buffer): Request {
  const url = message.url ?? "/";
  const mark = url.indexOf("?");
  const rawQuery = mark < 0 ? "" : url.slice(mark + 1);
  let query: URLSearchParams | undefined;
  const headers = message.headers as Record<string, string | undefined>;
  return {
    method: message.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery,
    get query() {
      return (query ??= new URLSearchParams(rawQuery));
    },
    headers: headers["host"] === undefined ? { ...headers, host: headers[":authority"] } : headers,
    body,
    remoteAddress: message.socket.remoteAddress ?? "127.0.0.1",
  };
}
