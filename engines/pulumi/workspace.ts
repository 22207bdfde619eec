/**
 * A project for the real CLI, with nothing outside a temporary folder: its home, its state, copies of the stages' files.
 * Provider and language host are served from this process, and the CLI attaches to them.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { AccountFacts } from "../../local/services/model";
import { engineSetting } from "../harness/contract";
import { runToEnd } from "../harness/child";
import { LanguageHost, type Program } from "./language-host";
import { Cloud } from "./provider/cloud";
import { ModelProvider } from "./provider/provider";
import { serve } from "./rpc";

export const FACTS: AccountFacts = { account: "000000000000", region: "eu-west-1", partition: "aws" };

/** Files of a project by name, as text. */
export type ProjectFiles = Readonly<Record<string, string>>;

export interface CommandResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A resource as `pulumi stack export` shows it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly custom?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const LONGEST_COMMAND = 8 * 60_000;

export class Workspace {
  readonly cloud: Cloud;

  static async open(files: ProjectFiles, program: Program): Promise<Workspace> {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-engine-"));
    for (const name of ["project", "home", "state"]) mkdirSync(join(folder, name));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "project", name), text);
    const cloud = new Cloud();
    const host = new LanguageHost(program);
    const provider = await serve(ResourceProviderService, new ModelProvider(FACTS, cloud).methods);
    const language = await serve(LanguageRuntimeService, host.methods);
    return new Workspace(folder, cloud, host, { provider: provider.port, language: language.port }, () => {
      provider.close();
      language.close();
      rmSync(folder, { recursive: true, force: true });
    });
  }

  private constructor(
    private readonly folder: string,
    cloud: Cloud,
    private readonly host: LanguageHost,
    private readonly ports: { readonly provider: number; readonly language: number },
    readonly close: () => void,
  ) {
    this.cloud = cloud;
  }

  /** Changes what the program finds in its environment from now on. */
  setProgram(program: Program): void {
    this.host.program = program;
  }

  /** A file of the project, or one that a command is to write. */
  path(name: string): string {
    return join(this.folder, "project", name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  copy(from: string, name: string): void {
    copyFileSync(from, this.path(name));
  }

  /** Runs the CLI; a command that fails is a result, not an error. */
  async pulumi(given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const { provider, language } = this.ports;
    const ended = await runToEnd(engineSetting("ENGINE_PULUMI"), [...given, "--non-interactive"], {
      cwd: join(this.folder, "project"),
      milliseconds: LONGEST_COMMAND,
      env: {
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "of no secret",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${provider},awsx:${provider}`,
        PULUMI_DEBUG_LANGUAGES: `nodejs:${language}`,
        ...env,
      },
    });
    if (ended.how === "absent") throw new Error("the Pulumi CLI is gone");
    if (ended.how === "late")
      throw new Error(`pulumi ${given.join(" ")} did not end:\n${ended.stdout}\n${ended.stderr}`);
    return { ok: ended.how === "done", stdout: ended.stdout, stderr: ended.stderr };
  }

  /** Runs the CLI, which has to succeed. @throws Error with everything it printed */
  async must(given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { ok, stdout, stderr } = await this.pulumi(given, env);
    if (!ok) throw new Error(`pulumi ${given.join(" ")} failed:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Everything the stack holds now. */
  async state(stack: string): Promise<readonly StateResource[]> {
    const exported = JSON.parse(await this.must(["stack", "export", "--stack", stack])) as {
      deployment: { resources?: StateResource[] };
    };
    return exported.deployment.resources ?? [];
  }
}
