/**
 * Evaluates a whole Pulumi program in a child process of its own, through the very entry point that the Pulumi CLI's
 * language host spawns, with this stage's monitor in the engine's place.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineProtocol from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ProgramError, StageError } from "../diagnostics";
import type { Graph } from "../graph/graph";
import { ResourceMonitor, type MonitorSettings } from "./monitor";

export interface ProgramSettings extends MonitorSettings {
  /** Entry file, relative to `root`. */
  readonly entry: string;
  /** Configuration with its namespace: `{"clickstream:kept": "true"}`. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Folder in which Node keeps compiled code from one evaluation to the next. @default - none is kept */
  readonly compileCache?: string;
  /** Receives what the program logs. */
  readonly onLog?: (severity: "debug" | "info" | "warning" | "error", message: string) => void;
}

/** Seconds a program may take before it is ended. */
const LONGEST_EVALUATION = 120;

/**
 * @throws ProgramError with every problem of the program, each with file and line
 * @throws StageError when the program fails by itself, with what it logged
 */
export async function evaluateProgram(settings: ProgramSettings): Promise<Graph> {
  const monitor = new ResourceMonitor(settings);
  const errors: string[] = [];
  const server = new grpc.Server({ "grpc.max_receive_message_length": 2 ** 28 });
  server.addService(ResourceMonitorService, monitor.methods);
  server.addService(EngineService, engineMethods(settings, errors));
  const port = await bind(server);
  try {
    const failure = await runChild(settings, port);
    if (monitor.problems.length > 0) throw new ProgramError(monitor.problems);
    if (failure !== undefined) throw new StageError([...errors, failure].join("\n"));
    return monitor.graph;
  } finally {
    server.forceShutdown();
  }
}

function bind(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

/** The part of the engine that a program talks to: its log and the identity of its root. */
function engineMethods(settings: ProgramSettings, errors: string[]): grpc.UntypedServiceImplementation {
  let root = "";
  const log: grpc.handleUnaryCall<engineProtocol.LogRequest, Empty> = ({ request }, callback) => {
    const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()] ?? "error";
    if (severity === "error") errors.push(request.getMessage());
    settings.onLog?.(severity, request.getMessage());
    callback(null, new Empty());
  };
  const getRootResource: grpc.handleUnaryCall<unknown, engineProtocol.GetRootResourceResponse> = (_, callback) =>
    callback(null, new engineProtocol.GetRootResourceResponse().setUrn(root));
  const setRootResource: grpc.handleUnaryCall<
    engineProtocol.SetRootResourceRequest,
    engineProtocol.SetRootResourceResponse
  > = ({ request }, callback) => {
    root = request.getUrn();
    callback(null, new engineProtocol.SetRootResourceResponse());
  };
  return { log, getRootResource, setRootResource };
}

/** Runs the program to its end; answers why it failed, or nothing. */
function runChild(settings: ProgramSettings, port: number): Promise<string | undefined> {
  const { root, entry, project, stack, config, secretKeys, compileCache } = settings;
  // The program's own copy of the SDK runs it.
  const runner = createRequire(join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      // The SDK takes a stack trace with every promise: shorter ones make it a fifth faster, and so does collecting less often.
      ...["--stack-trace-limit=3", "--max-semi-space-size=64"],
      runner,
      ...[`--monitor=${address}`, `--engine=${address}`, `--project=${project}`, `--stack=${stack}`],
      ...["--organization=organization", `--root-directory=${root}`, "--parallel=64", "--dry-run", `--pwd=${root}`],
      entry,
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
        PULUMI_NODEJS_TYPESCRIPT: "true",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        PULUMI_ERROR_OUTPUT_STRING: "true",
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
      },
    },
  );
  const output: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => settings.onLog?.("info", chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const deadline = setTimeout(() => child.kill("SIGKILL"), LONGEST_EVALUATION * 1000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(deadline);
      if (code === 0) resolve(undefined);
      // Exit status 32: the program has logged why it failed.
      else if (code === 32) resolve(output.join("").trim() || "the program failed");
      else resolve(`the program ended with ${signal ?? `status ${code}`}: ${output.join("").trim()}`);
    });
  });
}
