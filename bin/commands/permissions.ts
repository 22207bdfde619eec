/** `clickstream permissions`: who may do what to what, and what of it is used. */
import { Command } from "commander";
import { InputError, RefusedError } from "../exit";

export function permissionsCommand(): Command {
  return new Command("permissions")
    .description("Shows who may do what to what, and what of it the last full run (clickstream demo, npm test) used")
    .option("--stage <name>", "stage whose grants to show", "local")
    .option("--suggest", "shows the smallest policies that would have sufficed for that run, instead")
    .option("--json", "one JSON document for machines")
    .action(async ({ stage, suggest: wantsPolicies, json }: { stage: string; suggest?: boolean; json?: boolean }) => {
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
      const grants = declaredGrants(graph);
      if (!grants.some(({ role }) => run.roles.includes(role))) {
        throw new InputError(
          `the last full run (${run.by}) had no role of stage ${stage}: npm test runs those of every stage`,
        );
      }
      if (wantsPolicies === true) {
        const { renderSuggestion, suggest } = await import("../permissions/suggest");
        const roles = suggest(grants, run);
        return console.log(json === true ? JSON.stringify({ roles }) : roles.map(renderSuggestion).join("\n\n"));
      }
      const roles = reportRoles(grants, run);
      console.log(json === true ? JSON.stringify({ roles }) : roles.map(renderRole).join("\n\n"));
      const faults = faultsOf(roles);
      if (faults.length > 0) throw new RefusedError(faults.join("\n"));
    });
}
