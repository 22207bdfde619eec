/** The peer: AWS's Random Cut Forest library for Java, fetched from Maven Central and driven by java/. */
import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { FOLDER } from "./workload";

/** How to start the peer. */
export interface Peer {
  readonly command: string;
  readonly prefix: readonly string[];
  /** Its runtime. */
  readonly version: string;
}

/** Builds the peer; undefined, with the reason on standard error, where it cannot be built. */
export function buildPeer(): Peer | undefined {
  for (const tool of ["java", "mvn"])
    if (spawnSync(tool, ["-version"]).status !== 0) return absent(`${tool} is not on this machine`);
  const build = spawnSync("mvn", ["-q", "-B", "package"], { cwd: resolve(__dirname, "java"), encoding: "utf8" });
  if (build.status !== 0) return absent(`mvn package failed:\n${build.stdout}${build.stderr}`);
  const target = resolve(FOLDER, "java"); // as pom.xml says
  const classPath = [resolve(target, "classes"), resolve(target, "lib/*")].join(delimiter);
  const version = spawnSync("java", ["-version"], { encoding: "utf8" }).stderr.split("\n")[0]!.trim();
  return { command: "java", prefix: ["-cp", classPath, "bench.ForestRate"], version };
}

function absent(reason: string): undefined {
  process.stderr.write(`The Java peer is not measured here: ${reason}\n`);
}
