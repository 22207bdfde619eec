/** Findings for people: grouped by resource, each with its line, what is wrong, and how to mend it. */
import type { JudgedFinding, Judgement } from "./judged";

export function renderJudgement({ findings, waived }: Judgement): string {
  const groups = groupBy([...findings, ...waived], ({ resource }) => resource);
  const rendered = [...groups].map(([resource, found]) =>
    [titleOf(resource, found[0]), ...found.flatMap(renderFinding)].join("\n"),
  );
  return [...rendered, summaryOf({ findings, waived })].join("\n\n");
}

export function summaryOf({ findings, waived }: Judgement): string {
  const resources = new Set(findings.map(({ resource }) => resource)).size;
  const exceptions = waived.length === 0 ? "" : `, ${waived.length} waived`;
  if (findings.length === 0) return `no findings${exceptions}`;
  return `${count(findings.length, "finding")} at ${count(resources, "resource")}${exceptions}`;
}

/** `Bucket raw (infra/store/lake-bucket.ts:42)`. */
function titleOf(resource: string, first: JudgedFinding | undefined): string {
  const [, , chain = "", name] = resource.split("::");
  const title = name === undefined ? resource : `${chain.split(":").at(-1) ?? chain} ${name}`;
  return first?.source === undefined ? title : `${title} (${first.source})`;
}

function renderFinding(finding: JudgedFinding & { readonly waiver?: string }): string[] {
  const { severity, level, rule, statement, message, fix, url, waiver } = finding;
  const mark = waiver === undefined ? severity : "waived";
  const place = statement === null ? "" : `statement ${statement}: `;
  return [
    `  ${mark.padEnd(9)}${rule}${level === "advisory" && waiver === undefined ? " (advisory)" : ""}`,
    `           ${place}${message}`,
    ...(waiver === undefined ? [`           fix: ${fix}`] : [`           ${waiver}`]),
    ...(url === undefined || waiver !== undefined ? [] : [`           see: ${url}`]),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
