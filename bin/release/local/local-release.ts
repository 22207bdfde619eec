/**
 * Releases by `git push` on this machine: the stack `release` runs as a stage of its own beside the platform's, and deploys
 * to it by the same machine, builds and guard as on AWS. What is refused leaves the platform untouched, and the push too.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SystemClock } from "../../../local/clock";
import type { Graph } from "../../../local/graph/graph";
import { LocalStage } from "../../../local/stage";
import { ROOT } from "../../folders";
import { factsOf, loadGraph } from "../../project";
import { Control, type Answer, type Asked } from "./control";
import { PlatformProgram, type Target } from "./platform-program";
import { Programs } from "./programs";
import { BRANCH, openRepository } from "./repository";
import { writeTools } from "./tools";

export interface LocalReleaseOptions {
  /** The stage that is released to. */
  readonly platform: LocalStage;
  /** Holds repository, release stage and programs. */
  readonly folder: string;
  readonly region: string;
  readonly say: (line: string) => void;
}

/** Lines of builds that are shown when a release fails. */
const LAST_LINES = 30;

export class LocalRelease {
  /** What `git remote add local` takes. */
  readonly repository: string;
  readonly #control: Control;
  readonly #tools: string;
  /** Begins with the first push: who never pushes does not pay for it. */
  #stage: Promise<LocalStage> | undefined;
  #begun: LocalStage | undefined;
  readonly #built: string[] = [];
  #pushing: Promise<unknown> = Promise.resolve();

  static async open(options: LocalReleaseOptions): Promise<LocalRelease> {
    const { folder, platform } = options;
    await mkdir(folder, { recursive: true });
    const contact = join(folder, "contact.json");
    const tools = join(folder, "tools");
    await writeTools(tools, contact);
    const program = new PlatformProgram(platform, new Programs(join(folder, "programs"), join(ROOT, "node_modules")));
    const targetOf = ({ body }: Asked): Target => JSON.parse(body.toString("utf8")) as Target;
    const opened: { release?: LocalRelease } = {};
    const control = await Control.open(contact, {
      "/push": (asked, answer) => opened.release?.push(asked, answer) ?? Promise.resolve(1),
      "/preview": (asked, answer) => program.preview(targetOf(asked), answer),
      "/up": (asked, answer) => program.up(targetOf(asked), answer),
    });
    const repository = join(folder, "repository.git");
    await openRepository(repository, contact);
    return (opened.release = new LocalRelease(options, repository, control, tools));
  }

  private constructor(
    private readonly options: LocalReleaseOptions,
    repository: string,
    control: Control,
    tools: string,
  ) {
    this.repository = repository;
    this.#control = control;
    this.#tools = tools;
  }

  /** Where releases run, once a first push has begun it: for whoever shows them. */
  get stage(): LocalStage | undefined {
    return this.#begun;
  }

  /** Ends it, and with it what is under way. */
  async close(): Promise<void> {
    await this.#control.close();
    const stage = await this.#stage?.catch(() => undefined);
    await stage?.close();
    await this.#pushing;
  }

  /** One push after the other. */
  push(asked: Asked, answer: Answer): Promise<number> {
    const turn = this.#pushing.then(() => this.#release(asked, answer));
    this.#pushing = turn.catch(() => undefined);
    return turn;
  }

  async #release({ headers, body }: Asked, { say }: Answer): Promise<number> {
    const commit = String(headers["x-commit"]);
    say(`releasing ${commit.slice(0, 12)} to the stage on this machine`);
    const stage = await this.#running();
    this.#built.length = 0;
    // Only who pushes needs clients of AWS.
    const { releaseCommit } = await import("./deployment");
    const status = await releaseCommit(stage, { commit, branch: BRANCH, artifact: body }, say);
    if (status !== 0) this.#built.forEach((line) => say(`  | ${line}`));
    return status;
  }

  /** A stage that could not be opened is tried again at the next push. */
  async #running(): Promise<LocalStage> {
    this.#stage ??= this.#open(this.#tools);
    try {
      return (this.#begun = await this.#stage);
    } catch (error) {
      this.#stage = undefined;
      throw error;
    }
  }

  async #open(buildTools: string): Promise<LocalStage> {
    const { folder, region, say } = this.options;
    const graph = await this.#graph();
    return LocalStage.open(graph, {
      facts: factsOf(region),
      clock: new SystemClock((error) => say(`the release stage lost an error: ${String(error)}`)),
      folder: join(folder, "stage"),
      port: 0,
      say,
      buildTools,
      onLog: (logGroup, line) => {
        if (!/^(preview|apply|build)-/.test(logGroup)) return;
        this.#built.push(line.trimEnd());
        if (this.#built.length > LAST_LINES) this.#built.shift();
      },
    });
  }

  /** The committed release stack, with this machine as its source and its only stage. */
  #graph(): Promise<Graph> {
    const settings = {
      source: { kind: "codecommit", repository: "local", branch: BRANCH },
      stages: [{ name: this.options.platform.graph.stack, deployments: [{ engine: "pulumi" }] }],
      // Whoever pushes here has checked it here.
      checks: [],
    };
    const changes = { "clickstream:release": JSON.stringify(settings), "clickstream:kept": "false" };
    return loadGraph("release", ROOT, changes);
  }
}
