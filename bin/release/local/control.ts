/**
 * By which commands outside of this process reach the stage: the hook of the repository, and the `pulumi` of builds. Only
 * who can read the contact file is answered; the answer comes line by line.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a command is told. */
export interface Answer {
  /** For people, as it comes. */
  readonly say: (line: string) => void;
  /** For the command's standard output. */
  readonly out: (line: string) => void;
}

export interface Asked {
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Does what is asked. @returns the status with which the command ends */
export type Task = (asked: Asked, answer: Answer) => Promise<number>;

const LARGEST_BODY = 2 ** 28;

export class Control {
  readonly #token = randomBytes(32).toString("hex");
  readonly #server: Server;

  private constructor(private readonly tasks: Readonly<Record<string, Task>>) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @param contact file to write, for this user only: {"port","token"} */
  static async open(contact: string, tasks: Readonly<Record<string, Task>>): Promise<Control> {
    const control = new Control(tasks);
    await new Promise<void>((resolve, reject) => {
      control.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    const { port } = control.#server.address() as AddressInfo;
    await writeFile(contact, JSON.stringify({ port, token: control.#token }), { mode: 0o600 });
    await chmod(contact, 0o600);
    return control;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const task = this.tasks[request.url ?? ""];
    if (!this.#isKnown(request.headers.authorization)) return void response.writeHead(403).end();
    if (task === undefined || request.method !== "POST") return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    const tell = (line: object): void => void response.write(`${JSON.stringify(line)}\n`);
    const answer = { say: (say: string) => tell({ say }), out: (out: string) => tell({ out }) };
    try {
      const body = await readBody(request);
      tell({ exit: await task({ headers: request.headers, body }, answer) });
    } catch (error) {
      answer.say(error instanceof Error ? error.message : String(error));
      tell({ exit: 1 });
    }
    response.end();
  }

  #isKnown(given = ""): boolean {
    const [expected, got] = [Buffer.from(`Bearer ${this.#token}`), Buffer.from(given)];
    return expected.length === got.length && timingSafeEqual(expected, got);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw new Error(`more than ${LARGEST_BODY} bytes were sent`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
