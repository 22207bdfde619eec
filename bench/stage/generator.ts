/**
 * A load generator in a process of its own, on plain sockets so that it costs less than what it measures: one request
 * under way per connection, keep-alive, no pipelining. Usage: generator.ts URL CONNECTIONS SECONDS [RATE]
 *
 * Without a rate each connection asks again as soon as it was answered. With one, requests are due at fixed moments and
 * their latency counts from then, so that a server which stalls is charged for everybody who had to wait.
 */
import { connect, type Socket } from "node:net";

export interface Load {
  /** Requests answered with 200, and with anything else. */
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const SITES = ["shop.example", "news.example", "play.example", "blog.example"];
const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

class Generator {
  readonly #latencies: number[] = [];
  #accepted = 0;
  #refused = 0;
  #sent = 0;
  /** Connections without a request, and moments at which requests are due that found none. */
  readonly #idle: Connection[] = [];
  readonly #due: number[] = [];
  #ending = false;

  constructor(
    private readonly url: URL,
    private readonly rate: number | undefined,
  ) {}

  async run(connections: number, seconds: number): Promise<Load> {
    const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(this.url)));
    const begun = performance.now();
    const before = process.cpuUsage();
    if (this.rate === undefined) open.forEach((connection) => this.#send(connection, performance.now()));
    else this.#idle.push(...open);
    await (this.rate === undefined ? pause(seconds * 1000) : this.#keepTime(this.rate, seconds));
    const elapsed = (performance.now() - begun) / 1000;
    this.#ending = true;
    const { user, system } = process.cpuUsage(before);
    open.forEach((connection) => connection.close());
    const ascending = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): number => ascending[Math.floor(ascending.length * share)] ?? Number.NaN;
    return {
      accepted: this.#accepted,
      refused: this.#refused,
      seconds: elapsed,
      cpuSeconds: (user + system) / 1e6,
      p50: at(0.5),
      p99: at(0.99),
    };
  }

  async #keepTime(rate: number, seconds: number): Promise<void> {
    const begun = performance.now();
    for (let count = 0; ;) {
      const now = performance.now();
      if (now - begun > seconds * 1000) return;
      for (; begun + (count * 1000) / rate <= now; count++) {
        const due = begun + (count * 1000) / rate;
        const connection = this.#idle.pop();
        if (connection === undefined) this.#due.push(due);
        else this.#send(connection, due);
      }
      await pause(1);
    }
  }

  #send(connection: Connection, due: number): void {
    const number = this.#sent++;
    const action = number % 10 === 0 ? "Click" : "Impression";
    const request =
      `GET ${this.url.pathname}?browseraction=${action}&id=${process.pid}-${number} HTTP/1.1\r\n` +
      `Host: ${SITES[number % SITES.length]}\r\nUser-Agent: ${AGENT}\r\nAccept: */*\r\n\r\n`;
    connection.ask(request, (status) => {
      if (this.#ending) return;
      if (status === 200) this.#accepted++;
      else this.#refused++;
      this.#latencies.push(performance.now() - due);
      if (this.rate === undefined) this.#send(connection, performance.now());
      else {
        const next = this.#due.shift();
        if (next === undefined) this.#idle.push(connection);
        else this.#send(connection, next);
      }
    });
  }
}

/** A connection with at most one request under way. */
class Connection {
  #answer = "";
  #done: (status: number) => void = () => undefined;

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname, () => resolve(new Connection(socket)));
      socket.once("error", reject);
    });
  }

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#take(chunk));
  }

  ask(request: string, done: (status: number) => void): void {
    this.#done = done;
    this.socket.write(request, "latin1");
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: string): void {
    this.#answer += chunk;
    const head = this.#answer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#answer)?.[1] ?? 0);
    if (this.#answer.length < head + 4 + length) return;
    const status = Number(this.#answer.slice(9, 12));
    this.#answer = "";
    this.#done(status);
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((wake) => setTimeout(wake, milliseconds));

const [url = "", connections, seconds, rate] = process.argv.slice(2);
void new Generator(new URL(url), rate === undefined ? undefined : Number(rate))
  .run(Number(connections), Number(seconds))
  .then((load) => console.log(JSON.stringify(load)));
