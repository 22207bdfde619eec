/** The frame around every page: where one is, whether the line to the stage stands, and what has just been raised. */
import { useEffect, useRef, useState } from "preact/hooks";
import { EventsPage } from "./events/events-page";
import { OverviewPage } from "./overview/overview-page";
import type { Traffic } from "./overview/traffic";
import { AlertNotice } from "./parts/alert-notice";
import { ThemeSwitch } from "./parts/theme-switch";
import { PermissionsPage } from "./permissions/permissions-page";
import { RealTimePage } from "./real-time/real-time-page";
import { ReleasesPage } from "./releases/releases-page";
import { ResourcesPage } from "./resources/resources-page";
import { useCell } from "./state/cell";
import type { Line, Live } from "./state/live";
import { linkTo, PAGES, place, type PageName } from "./state/route";
import type { WatchedSites } from "./state/watched";

const TITLES: Readonly<Record<PageName, string>> = {
  overview: "Overview",
  "real-time": "Real time",
  resources: "Resources",
  events: "Events",
  permissions: "Permissions",
  releases: "Releases",
};

interface Props {
  readonly live: Live;
  readonly traffic: Traffic;
  readonly sites: WatchedSites;
}

export function App({ live, traffic, sites }: Props) {
  const { page, detail } = useCell(place);
  const line = useCell(live.line);
  const main = useRef<HTMLElement>(null);
  const [arrived, setArrived] = useState(page);
  useEffect(() => {
    document.title = `${TITLES[page]} · Clickstream`;
    // On a narrow screen the row of pages is wider than it shows.
    document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    if (page === arrived) return;
    setArrived(page);
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [page]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href={linkTo("overview")}>
          <img src="console/icon.svg" alt="" width="26" height="26" />
          <span>Clickstream</span>
        </a>
        <nav aria-label="Pages">
          {PAGES.map((name) => (
            <a key={name} href={linkTo(name)} aria-current={name === page ? "page" : undefined}>
              {TITLES[name]}
            </a>
          ))}
        </nav>
        <LineState line={line} />
        <ThemeSwitch />
      </header>
      {line === "reconnecting" && (
        <p class="lost" role="status">
          The stage does not answer. What you see is how it was; it goes on by itself as soon as the stage is back.
        </p>
      )}
      <main id="main" ref={main} tabIndex={-1} aria-label={TITLES[page]}>
        <Page page={page} detail={detail} live={live} traffic={traffic} sites={sites} />
      </main>
      <AlertNotice sites={sites} quiet={page === "real-time"} />
    </>
  );
}

function Page({ page, detail, live, traffic, sites }: Props & { page: PageName; detail: string | undefined }) {
  switch (page) {
    case "overview":
      return <OverviewPage live={live} traffic={traffic} sites={sites} selected={detail} />;
    case "real-time":
      return <RealTimePage sites={sites} opened={detail} />;
    case "resources":
      return <ResourcesPage selected={detail} />;
    case "events":
      return <EventsPage station={detail} />;
    case "permissions":
      return <PermissionsPage selected={detail} />;
    case "releases":
      return <ReleasesPage />;
  }
}

const LINES: Readonly<Record<Line, string>> = { connecting: "Connecting", open: "Live", reconnecting: "Reconnecting" };

function LineState({ line }: { readonly line: Line }) {
  return (
    <span class={`line-state ${line}`} role="status">
      <span class="lamp" aria-hidden="true" />
      {LINES[line]}
    </span>
  );
}
