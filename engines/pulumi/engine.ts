/** The real Pulumi CLI: one on the PATH, else built from its Go module into the cache. */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Installed } from "../harness/contract";
import type { Workshop } from "../harness/workshop";

/** The release that go.mod pins. */
const RELEASE = "v3.259.0";
const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export const engine: Engine = {
  name: "pulumi",
  judges: "the local stage's graph, the release guard and the policies, by Pulumi's own engine",
  install,
};

async function install(workshop: Workshop): Promise<Installed> {
  const built = join(workshop.folder, "pulumi");
  const found = await workshop.find(["pulumi", ...(existsSync(built) ? [built] : [])], ["version"]);
  if (found !== undefined) return ready(found.command, found.answer);
  await build(workshop, built);
  return ready(built, RELEASE);
}

function ready(command: string, version: string): Installed {
  return { version, settings: { ENGINE_PULUMI: command, ENGINE_PULUMI_VERSION: version } };
}

/** Its module forbids `go install` from afar, so a module of ours names it as its tool. A first build takes minutes. */
async function build(workshop: Workshop, binary: string): Promise<void> {
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(__dirname, file), join(workshop.folder, file));
  workshop.tell(`building the Pulumi CLI ${RELEASE}, once`);
  const flags = `-s -w -X ${VERSION_VARIABLE}=${RELEASE}`;
  await workshop.run("go", ["build", "-mod=readonly", "-o", binary, "-ldflags", flags, COMMAND], {
    cwd: workshop.folder,
  });
}
