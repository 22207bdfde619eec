/**
 * Everything CloudFormation has to say about a change set: all pages, those of nested change sets included, and a second
 * description without property values where the first one is known to leave changes out.
 */
import { ChangeInputError } from "../change-input-error";
import { DROPS_CHANGES } from "./tree";

/** What is asked of CloudFormation. */
export interface ChangeSetSource {
  /** One page of DescribeChangeSet. */
  describe(changeSet: string, options: PageOptions): Promise<object>;
}

export interface PageOptions {
  readonly withValues: boolean;
  readonly token: string | undefined;
}

/** Far more than any stack has; beyond it something goes in circles. */
const MOST_PAGES = 1000;

interface Page {
  readonly NextToken?: string | undefined;
  readonly Status?: string | undefined;
  readonly StatusReason?: string | undefined;
  readonly Changes?: readonly { readonly ResourceChange?: { readonly ChangeSetId?: string | undefined } | undefined }[];
}

/**
 * @param changeSet ARN of the root change set
 * @returns pages as `readChangeSet` takes them
 * @throws ChangeInputError when the pages never end
 */
export async function gatherChangeSet(source: ChangeSetSource, changeSet: string): Promise<readonly object[]> {
  const gathered: object[] = [];
  const waiting = [changeSet];
  const seen = new Set(waiting);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const pages = await describeWhole(source, next, gathered.length);
    gathered.push(...pages);
    for (const child of pages.flatMap(nestedIn).filter((id) => !seen.has(id))) {
      seen.add(child);
      waiting.push(child);
    }
  }
  return gathered;
}

async function describeWhole(source: ChangeSetSource, changeSet: string, before: number): Promise<readonly Page[]> {
  const valued = await describePages(source, changeSet, true, before);
  // Only a description without values tells why a change set failed.
  if (valued.some(({ Status }) => Status === "FAILED")) return describePages(source, changeSet, false, before);
  const drops = valued.some(({ StatusReason }) => StatusReason?.includes(DROPS_CHANGES) === true);
  return drops ? [...valued, ...(await describePages(source, changeSet, false, before))] : valued;
}

async function describePages(
  source: ChangeSetSource,
  changeSet: string,
  withValues: boolean,
  before: number,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    if (before + pages.length >= MOST_PAGES) {
      throw new ChangeInputError(`change set ${changeSet}`, "pages without end", `${MOST_PAGES} pages at most`);
    }
    const page: Page = await source.describe(changeSet, { withValues, token });
    pages.push(page);
    token = page.NextToken === "" ? undefined : page.NextToken;
  } while (token !== undefined);
  return pages;
}

function nestedIn({ Changes }: Page): string[] {
  return (Changes ?? []).flatMap(({ ResourceChange }) => ResourceChange?.ChangeSetId ?? []);
}
