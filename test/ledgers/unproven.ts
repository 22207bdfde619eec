/**
 * Grants that no run has shown to be needed, as the committed text that a reviewer reads: each statement under the reason
 * that the program gives for it. UPDATE_GOLDEN=1 npm test writes it anew.
 */
import type { Unproven } from "./verdict";

export function parseUnproven(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.trim().replace(/ +/g, " "));
}

export function renderUnproven(unproven: readonly Unproven[]): string {
  const byReason = [...Map.groupBy(unproven, ({ reason }) => reason)].sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = byReason.map(([reason, alike]) =>
    [`# ${reason}`, ...alike.map(({ entry }) => renderEntry(entry)).sort(), ""].join("\n"),
  );
  return sections.join("\n");
}

function renderEntry(entry: string): string {
  const [role = "", sid = "", ...narrower] = entry.split(" ");
  return [role.padEnd(15), sid.padEnd(30), ...narrower].join(" ").trimEnd();
}
