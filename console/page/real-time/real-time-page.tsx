/** What is watched, as it happens: each site's rate and score, window by window, what was raised, and who was told. */
import { useMemo, useState } from "preact/hooks";
import type { RealTime } from "../../model/wire";
import { Empty, When } from "../parts/states";
import { useCell } from "../state/cell";
import { percent } from "../state/figures";
import type { WatchedSites } from "../state/watched";
import { AlertList } from "./alert-list";
import { Mailbox } from "./mailbox";
import { colourOf, latestOf, seriesOf, sitesOf } from "../../model/window-series";
import { WindowChart } from "./window-chart";

/** Minutes that the charts show. */
const SPANS = [5, 15, 60] as const;
/** More lines than this cannot be told apart. */
const MOST_LINES = 8;

export function RealTimePage({ sites, opened }: { readonly sites: WatchedSites; readonly opened: string | undefined }) {
  const watched = useCell(sites.cell);
  return (
    <>
      <h1>Real time</h1>
      <When loaded={watched} what="windows, alerts and mails" again={() => void sites.load()}>
        {(data) => <Watched data={data} opened={opened} />}
      </When>
    </>
  );
}

function Watched({ data, opened }: { readonly data: RealTime; readonly opened: string | undefined }) {
  const [minutes, setMinutes] = useState<number>(15);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const known = useMemo(() => sitesOf(data.windows), [data.windows]);
  const shown = known.filter((site) => !hidden.has(site)).slice(0, MOST_LINES);
  const rates = useMemo(() => seriesOf(data.windows, shown, minutes, "rate"), [data.windows, shown.join(), minutes]);
  const scores = useMemo(() => seriesOf(data.windows, shown, minutes, "score"), [data.windows, shown.join(), minutes]);
  const toggle = (site: string): void => {
    const next = new Set(hidden);
    if (!next.delete(site)) next.add(site);
    setHidden(next);
  };
  return (
    <div class="real-time">
      <div class="charts">
        <section class="card" aria-label="Click-through rate and anomaly score">
          <header class="bar">
            <div class="chips" role="group" aria-label="Sites shown">
              {known.map((site) => (
                <button
                  key={site}
                  type="button"
                  class="chip"
                  aria-pressed={!hidden.has(site)}
                  onClick={() => toggle(site)}
                >
                  <span class={`swatch line-${colourOf(known, site)}`} aria-hidden="true" />
                  {site}
                  <Latest data={data} site={site} />
                </button>
              ))}
            </div>
            <span class="spacer" />
            <div class="segments" role="group" aria-label="Time shown">
              {SPANS.map((span) => (
                <button key={span} type="button" aria-pressed={minutes === span} onClick={() => setMinutes(span)}>
                  {span} min
                </button>
              ))}
            </div>
          </header>
          {known.length === 0 ? (
            <Empty title="No window has closed yet">
              Windows are ten seconds long; the first closes when its time is over.
            </Empty>
          ) : (
            <>
              <h2>Click-through rate</h2>
              <WindowChart
                series={rates}
                known={known}
                unit="percent"
                label="Click-through rate of each site, by window"
              />
              <h2>
                Anomaly score
                {data.cutoff !== null && <span class="soft"> above {data.cutoff} a window is an anomaly</span>}
              </h2>
              <WindowChart
                series={scores}
                known={known}
                unit="score"
                cutoff={data.cutoff}
                label="Anomaly score of each site, by window"
              />
              <p class="soft small">
                A site is scored once it has been seen in twelve windows, and can be alerted on after twenty-four.
              </p>
            </>
          )}
        </section>
        <WindowTable data={data} />
      </div>
      <div class="tidings">
        <AlertList alerts={data.alerts} cutoff={data.cutoff} />
        <Mailbox letters={data.letters} opened={opened} />
      </div>
    </div>
  );
}

function Latest({ data, site }: { readonly data: RealTime; readonly site: string }) {
  const latest = latestOf(data.windows, site);
  return <span class="chip-figure">{latest?.rate === null || latest === undefined ? "–" : percent(latest.rate)}</span>;
}

function WindowTable({ data }: { readonly data: RealTime }) {
  const last = data.windows.slice(-30).reverse();
  return (
    <details class="card fold">
      <summary>The last windows as a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label="Last windows">
        <table>
          <thead>
            <tr>
              <th scope="col">Window</th>
              <th scope="col">Site</th>
              <th scope="col" class="number">
                Impressions
              </th>
              <th scope="col" class="number">
                Clicks
              </th>
              <th scope="col" class="number">
                CTR
              </th>
              <th scope="col" class="number">
                Score
              </th>
            </tr>
          </thead>
          <tbody>
            {last.map(({ site, start, impressions, clicks, rate, score, anomalous }) => (
              <tr key={`${site}${start}`} class={anomalous ? "anomalous" : ""}>
                <td>{new Date(start).toLocaleTimeString("en-GB")}</td>
                <td>{site}</td>
                <td class="number">{impressions}</td>
                <td class="number">{clicks}</td>
                <td class="number">{rate === null ? "–" : percent(rate)}</td>
                <td class="number">
                  {score === null ? "–" : score.toFixed(2)}
                  {anomalous && <span class="pill bad">alert</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
