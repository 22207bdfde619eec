/**
 * The console of a running stage: its page and what the page asks for, served on the stage's own port. It looks at the
 * stage as its operator does, through AWS operations; it changes nothing but by a replay, which needs the token.
 */
import type { Reply, Request } from "../../local/endpoint/http";
import type { Graph } from "../../local/graph/graph";
import { drawJourney, type Journey } from "../model/journey";
import { describeResource, growTree } from "../model/resource-tree";
import { describeAccess } from "../model/role-access";
import { newToken, refuseStranger, refuseWithoutToken } from "./door";
import { Feed, type FeedOptions } from "./feed";
import { operatorOf, type ConsoleStage, type Operator } from "./operator";
import { loadPage, type PageFiles } from "./page-files";
import { listRejections, replay } from "./rejections";
import { describeReleases, type ReleaseStage } from "./releases";
import { json, SECURITY_HEADERS } from "./reply";
import { Pulse } from "./pulse";
import { readSamples } from "./station-samples";
import { Watch } from "./watch";

export interface ConsoleOptions {
  /** Folder that keeps the built page between runs. */
  readonly cache: string;
  readonly feed?: FeedOptions;
  /** Receives what a person should know: why the page cannot be built. */
  readonly say: (line: string) => void;
}

const API = "/console/api/";

type Answer = (request: Request) => unknown;

export class Console {
  readonly #token = newToken();
  readonly #feed: Feed;
  readonly #watch: Watch;
  readonly #pulse: Pulse;
  readonly #call: Operator;
  #findRelease: (() => ReleaseStage | undefined) | undefined;
  #page: Promise<PageFiles> | undefined;
  #drawn: { readonly graph: Graph; readonly journey: Journey } | undefined;

  /** Serves the console of a stage from now on. */
  static mount(stage: ConsoleStage, options: ConsoleOptions): Console {
    const mounted = new Console(stage, options);
    stage.serveWeb((request) => mounted.answer(request));
    return mounted;
  }

  private constructor(
    private readonly stage: ConsoleStage,
    private readonly options: ConsoleOptions,
  ) {
    this.#call = operatorOf(stage);
    this.#feed = new Feed(options.feed);
    this.#watch = new Watch(stage, this.#feed);
    this.#pulse = new Pulse(stage, this.#feed, () => this.#journey(), options.say);
  }

  /** Where a person opens it; the token in the fragment is never sent by itself. */
  get url(): string {
    return `${this.stage.url}/#token=${this.#token}`;
  }

  /** Builds the page before anybody asks for it. */
  warm(): Promise<void> {
    return this.#files().then(
      () => undefined,
      (error: unknown) => this.options.say(`the console cannot be built: ${String(error)}`),
    );
  }

  /** Shows releases too, from the stage that they run in; it may come later. */
  showReleases(find: () => ReleaseStage | undefined): void {
    this.#findRelease = find;
  }

  close(): void {
    this.#pulse.close();
    this.#watch.close();
    this.#feed.close();
  }

  /** Answers what is the console's; nothing to any other request. */
  async answer(request: Request): Promise<Reply | undefined> {
    const { path, method } = request;
    if (path !== "/" && path !== "/index.html" && !path.startsWith("/console/")) return undefined;
    const refused = refuseStranger(request);
    if (refused !== undefined) return refused;
    if (path === `${API}replay`) return method === "POST" ? this.#replay(request) : wrongMethod("POST");
    if (method !== "GET" && method !== "HEAD") return wrongMethod("GET, HEAD");
    if (path === `${API}live`) return this.#live(request);
    if (path.startsWith(API)) return this.#look(path.slice(API.length), request);
    return this.#file(path === "/" ? "index.html" : path.slice(1));
  }

  readonly #looks: Readonly<Record<string, Answer>> = {
    journey: () => this.#journey(),
    "real-time": () => this.#watch.realTime(),
    resources: () => growTree(this.stage.graph),
    resource: ({ query }) => describeResource(this.stage.graph, query.get("urn") ?? ""),
    samples: ({ query }) => readSamples(this.stage, query.get("station") ?? ""),
    rejections: () => listRejections(this.stage.graph, this.#call),
    permissions: () => describeAccess(this.stage.graph, this.stage.permissions),
    releases: () => describeReleases(this.#findRelease),
  };

  async #look(name: string, request: Request): Promise<Reply> {
    const look = Object.hasOwn(this.#looks, name) ? this.#looks[name] : undefined;
    if (look === undefined) return json({ error: `got ${name}, allowed ${Object.keys(this.#looks).join(", ")}` }, 404);
    try {
      const found = await look(request);
      return found === undefined ? json({ error: `${name}: there is none of that name` }, 404) : json(found);
    } catch (error) {
      this.options.say(`console, ${name}: ${String(error)}`);
      return json({ error: error instanceof Error ? error.message : String(error) }, 500);
    }
  }

  #live({ headers, query }: Request): Reply {
    const reader = this.#feed.read(headers["last-event-id"] ?? query.get("after") ?? undefined);
    if (reader === undefined) {
      const reply = json({ error: "as many pages are open as may be: close one" }, 503);
      return { ...reply, headers: { ...reply.headers, "retry-after": "5" } };
    }
    this.#pulse.quicken();
    const type = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
    return { status: 200, headers: { ...SECURITY_HEADERS, ...type }, body: "", stream: reader };
  }

  async #replay(request: Request): Promise<Reply> {
    const refused = refuseWithoutToken(request, this.#token);
    if (refused !== undefined) return refused;
    const id = readReplay(request.body);
    if (id === undefined) return json({ error: 'body: allowed {"id": "the id of a rejected record"}' }, 400);
    const result = await replay(this.stage.graph, this.#call, id, this.stage.clock.now());
    return result.outcome === "replayed" ? json(result) : json({ error: result.reason }, result.status);
  }

  async #file(path: string): Promise<Reply> {
    let file;
    try {
      file = (await this.#files()).get(path);
    } catch (error) {
      return json({ error: `the page cannot be built: ${String(error)}` }, 500);
    }
    if (file === undefined) return json({ error: `nothing is served at ${path}` }, 404);
    // Assets are named by their content; the document names them.
    const kept = /-[A-Z0-9]{8}\./.test(path) ? "public, max-age=31536000, immutable" : "no-cache";
    return {
      status: 200,
      headers: { ...SECURITY_HEADERS, "content-type": file.type, "cache-control": kept },
      body: file.content,
    };
  }

  #files(): Promise<PageFiles> {
    this.#page ??= loadPage(this.options.cache).catch((error: unknown) => {
      this.#page = undefined;
      throw error;
    });
    return this.#page;
  }

  #journey(): Journey {
    const { graph } = this.stage;
    if (this.#drawn?.graph !== graph) this.#drawn = { graph, journey: drawJourney(graph) };
    return this.#drawn.journey;
  }
}

function readReplay(body: Buffer): string | undefined {
  try {
    const { id } = JSON.parse(body.toString("utf8")) as { readonly id?: unknown };
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

function wrongMethod(allowed: string): Reply {
  const reply = json({ error: `allowed: ${allowed}` }, 405);
  return { ...reply, headers: { ...reply.headers, allow: allowed } };
}
