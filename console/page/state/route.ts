/** Where the reader is: a page and, in it, what is looked at. It stands in the fragment, so any static server will do. */
import { Cell } from "./cell";

export const PAGES = ["overview", "real-time", "resources", "events", "permissions", "releases"] as const;
export type PageName = (typeof PAGES)[number];

export interface Place {
  readonly page: PageName;
  readonly detail: string | undefined;
}

export const place = new Cell<Place>(readPlace());

export function followAddress(): void {
  addEventListener("hashchange", () => (place.value = readPlace()));
  place.value = readPlace();
}

export function linkTo(page: PageName, detail?: string): string {
  return `#/${page}${detail === undefined ? "" : `/${encodeURIComponent(detail)}`}`;
}

function readPlace(): Place {
  const [, page, detail] = location.hash.split("/");
  const known = PAGES.find((each) => each === page);
  return { page: known ?? "overview", detail: detail === undefined || detail === "" ? undefined : decode(detail) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
