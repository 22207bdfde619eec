/** A comparison as a comment on a pull request: what changes, the verdict, its reasons, and what may be done that could not. */
import type { StageComparison } from "./compare";

/** By which the comment is found again, and written anew instead of beside. */
export const MARKER = "<!-- clickstream: what this changes -->";

const MOST_ROWS = 40;

export function renderComparisons(comparisons: readonly StageComparison[]): string {
  return [MARKER, "## What this changes", "", ...overview(comparisons), ...comparisons.flatMap(detailsOf)].join("\n");
}

function overview(comparisons: readonly StageComparison[]): string[] {
  return table(
    ["stage", "verdict", "changes", "findings", "new permissions", "code and grants"],
    comparisons.map(({ stage, verdict, changes, findings, permissions, disagreements }) => [
      stage,
      verdict === "safe" ? "safe" : "**refused**",
      countKinds(changes.map(({ kind }) => kind)),
      String(findings.length),
      String(permissions.length),
      disagreements.length === 0 ? "agree" : `**${disagreements.length} disagree**`,
    ]),
  );
}

function detailsOf({ stage, changes, findings, permissions, disagreements }: StageComparison): string[] {
  const parts = [
    section(
      `${stage}: findings`,
      ["resource", "finding", "reason", "fix"],
      findings.map(({ name, change, reason, fix }) => [name, change, reason, fix]),
    ),
    section(
      `${stage}: code and grants that disagree`,
      ["disagreement", "fix", "source"],
      disagreements.map(({ message, fix, source = "" }) => [message, fix, source]),
    ),
    section(
      `${stage}: changes`,
      ["", "resource", "properties"],
      changes.map(({ kind, resource, properties }) => [kind, resource, properties.join(", ")]),
    ),
    section(
      `${stage}: permissions that are new`,
      ["principal", "action", "resource"],
      permissions.map(({ principal, action, resource }) => [principal, code(action), code(resource)]),
    ),
  ];
  return parts.flat();
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_ROWS);
  const rest = rows.length > shown.length ? ["", `and ${rows.length - shown.length} more`] : [];
  return [
    "",
    `<details><summary>${title} (${rows.length})</summary>`,
    "",
    ...table(head, shown),
    ...rest,
    "",
    "</details>",
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)];
}

/** Text of a change is written by whoever proposes it: it must not end a cell, nor become markup. */
function escaped(cell: string): string {
  return cell
    .replace(/[\r\n]+/g, " ")
    .replace(/\|/g, "\\|")
    .replace(/</g, "&lt;")
    .replace(/@/g, "&#64;");
}

function code(text: string): string {
  return `\`${text.replace(/`/g, "'")}\``;
}

function countKinds(kinds: readonly string[]): string {
  if (kinds.length === 0) return "none";
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}
