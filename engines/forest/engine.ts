/** AWS's own Random Cut Forest for Java, from Maven Central: the library that the bench measures, driven row by row. */
import { delimiter, join } from "node:path";
import { ROOT } from "../../bin/folders";
import type { Engine } from "../harness/contract";

const PEER = join(ROOT, "bench/forest/java");
/** Where its pom.xml builds to. */
const BUILT = join(ROOT, ".clickstream/bench/forest/java");
/** As its pom.xml says. */
const VERSION = "4.3.0";

export const engine: Engine = {
  name: "forest",
  judges: "our Random Cut Forest, by AWS's library for Java",
  install: async (workshop) => {
    const java = await workshop.run("java", ["--version"]);
    await workshop.run("mvn", ["-q", "-B", "package"], { cwd: PEER });
    const runtime = java.split("\n")[0]?.trim() ?? "java";
    const classPath = [join(BUILT, "classes"), join(BUILT, "lib/*")].join(delimiter);
    return { version: VERSION, settings: { ENGINE_FOREST_CLASS_PATH: classPath, ENGINE_FOREST_RUNTIME: runtime } };
  },
};
