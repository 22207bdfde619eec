/** `clickstream permissions`: who may do what to what, and what of it is used. */
import { Command } from "commander";
import { RefusedError } from "../exit";

export function permissionsCommand(): Command {
  return new Command("permissions")
    .description("Shows who may do what to what, and what of it the last full run (clickstream demo) used")
    .option("--stage <name>", "stage whose grants to show", "local")
    .option("--json", "one JSON document for machines")
    .action(async ({ stage, json }: { stage: string; json?: boolean }) => {
      const [{ loadStage }, { readRun }, { declaredGrants }, { faultsOf, renderRole, reportRoles }] = await Promise.all(
        [
          import("../project"),
          import("../permissions/recorded"),
          import("../permissions/matrix"),
          import("../permissions/report"),
        ],
      );
      const run = await readRun();
      const { graph } = await loadStage(stage);
      const roles = reportRoles(declaredGrants(graph), run);
      console.log(json === true ? JSON.stringify({ roles }) : roles.map(renderRole).join("\n\n"));
      const faults = faultsOf(roles);
      if (faults.length > 0) throw new RefusedError(faults.join("\n"));
    });
}
