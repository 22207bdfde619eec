/**
 * The Node language host, which comes as a plugin with an installed CLI and not with its Go module: runs a program through
 * the SDK's own entry point. Its methods carry the names of the protocol (pulumirpc.LanguageRuntime).
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as grpc from "@grpc/grpc-js";
import * as protocol from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { runToEnd } from "../harness/child";
import { CACHE } from "../harness/workshop";
import { answer } from "./rpc";

/** What the host runs, wherever the engine believes the program to be. */
export interface Program {
  /** Folder of the program's package.json. */
  readonly root: string;
  /** Entry, relative to the root. */
  readonly entry: string;
  readonly env?: Readonly<Record<string, string>>;
}

const LONGEST_RUN = 5 * 60_000;

export class LanguageHost {
  /** The engine that shook hands last. */
  #engine = "";

  constructor(public program: Program) {}

  get methods(): grpc.UntypedServiceImplementation {
    return {
      handshake: answer((request: protocol.LanguageHandshakeRequest) => {
        this.#engine = request.getEngineAddress();
        return new protocol.LanguageHandshakeResponse();
      }),
      getPluginInfo: answer(() => new PluginInfo().setVersion("1.0.0")),
      // Providers are attached: there is nothing to install.
      getRequiredPackages: answer(() => new protocol.GetRequiredPackagesResponse()),
      getRequiredPlugins: answer(() => new protocol.GetRequiredPluginsResponse()),
      run: answer((request: protocol.RunRequest) => this.#run(request)),
    };
  }

  async #run(request: protocol.RunRequest): Promise<protocol.RunResponse> {
    const { root, entry, env } = this.program;
    const runner = createRequire(join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run");
    const ended = await runToEnd(
      process.execPath,
      [
        runner,
        ...[`--monitor=${request.getMonitorAddress()}`, `--engine=${this.#engine}`],
        ...[`--project=${request.getProject()}`, `--stack=${request.getStack()}`],
        ...[`--organization=${request.getOrganization()}`, `--parallel=${request.getParallel()}`],
        ...[`--root-directory=${root}`, `--pwd=${root}`, ...(request.getDryrun() ? ["--dry-run"] : [])],
        entry,
      ],
      {
        cwd: root,
        milliseconds: LONGEST_RUN,
        env: {
          NODE_COMPILE_CACHE: join(CACHE, "compiled"),
          PULUMI_NODEJS_TYPESCRIPT: "true",
          PULUMI_NODEJS_TRANSPILE_ONLY: "true",
          PULUMI_ERROR_OUTPUT_STRING: "true",
          PULUMI_CONFIG: JSON.stringify(
            Object.fromEntries(request.getConfigMap().entries() as Iterable<[string, string]>),
          ),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
          ...env,
        },
      },
    );
    if (ended.how === "done") return new protocol.RunResponse();
    // Status 32: the program has told the engine why it failed.
    if (ended.how === "failed" && ended.status === "status 32") return new protocol.RunResponse().setBail(true);
    return new protocol.RunResponse().setError(`the program ended: ${JSON.stringify(ended)}`);
  }
}
