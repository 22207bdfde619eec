/** A browser, as far as beacons go: GET requests on connections that stay open. */
import { Agent, request } from "node:http";

export interface Beacon {
  /** What is reported; anything, so that wrong beacons can be sent too. Nothing leaves it out. */
  readonly action: string | undefined;
  /** The Host header. @default - the front door's own */
  readonly site?: string | undefined;
  readonly id?: string | undefined;
  readonly userAgent?: string;
}

export interface BeaconReply {
  readonly status: number;
  readonly body: string;
}

export class BeaconClient {
  readonly #agent: Agent;

  constructor(
    private readonly endpoint: URL,
    connections: number,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  send({ action, site, id, userAgent = "Mozilla/5.0 (sample traffic)" }: Beacon): Promise<BeaconReply> {
    const query = new URLSearchParams();
    if (action !== undefined) query.set("browseraction", action);
    if (id !== undefined) query.set("id", id);
    return new Promise((resolve, reject) => {
      const { hostname, port, pathname } = this.endpoint;
      const outgoing = request(
        {
          agent: this.#agent,
          hostname,
          port,
          path: `${pathname}?${query.toString()}`,
          headers: { "user-agent": userAgent, ...(site === undefined ? {} : { host: site }) },
        },
        (incoming) => {
          let body = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (chunk: string) => (body += chunk));
          incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body }));
          incoming.on("error", reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
